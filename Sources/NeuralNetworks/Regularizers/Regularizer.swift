import Tensors

/// A penalty on a tensor, added to the loss.
public struct Regularizer: Configurable {
  public var configuration: Configuration
  private let body: (Tensor) throws -> Tensor

  public init(name: String = "regularizer", _ body: @escaping (Tensor) throws -> Tensor) {
    configuration = Configuration(name)
    self.body = body
  }

  /// The penalty, a 0-d tensor.
  public func callAsFunction(_ x: Tensor) throws -> Tensor { try body(x) }
}

extension Catalogue {
  /// `l1`, `l2` and both.
  nonisolated(unsafe) public static let regularizers: [Descriptor<Regularizer>] = {
    let share = { (name: String) in ParameterDescription(name, .number(.notNegative), default: .number(0.01)) }
    return [
      Descriptor(
        "l1", .regularizers, [share("factor")],
        Documentation(
          "Penalises the sum of absolute values, which makes many weights exactly 0.", formula: "factor·Σ|w|",
          source: "Tibshirani, 1996", example: "l1(0.1)([1, -2])  # 0.3")
      ) { arguments in
        let factor = try arguments.number("factor")
        return Regularizer { x in try x.abs().sum() * factor }
      },
      Descriptor(
        "l2", .regularizers, [share("factor")],
        Documentation(
          "Penalises the sum of squares, which keeps weights small; without a half.", formula: "factor·Σw²",
          source: "Hoerl and Kennard, 1970", example: "l2(0.1)([1, -2])  # 0.5")
      ) { arguments in
        let factor = try arguments.number("factor")
        return Regularizer { x in try x.square().sum() * factor }
      },
      Descriptor(
        "l1_l2", .regularizers, [share("l1"), share("l2")],
        Documentation(
          "Both penalties: the elastic net.", formula: "l1·Σ|w| + l2·Σw²", source: "Zou and Hastie, 2005",
          example: "l1_l2(0.1, 0.1)([1, -2])  # 0.8")
      ) { arguments in
        let (first, second) = (try arguments.number("l1"), try arguments.number("l2"))
        return Regularizer { x in try x.abs().sum() * first + x.square().sum() * second }
      },
    ]
  }()
}
