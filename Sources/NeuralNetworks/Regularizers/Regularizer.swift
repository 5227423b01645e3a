import Tensors

/// A penalty on a tensor, added to the loss.
public struct Regularizer: Configurable {
  public var configuration: Configuration
  private let body: (Tensor) throws -> Tensor

  public init(name: String = "regularizer", _ body: @escaping (Tensor) throws -> Tensor) {
    configuration = Configuration(name)
    self.body = body
  }

  /// A penalty that the program wrote itself: a function of the weights with one number as its result.
  public init(_ function: TensorFunction) {
    configuration = Configuration("function", settings: [("function", .function(function))])
    body = { x in
      let results = try function.body([x])
      guard results.count == 1, results[0].count == 1 else {
        throw TensorError(
          .shape,
          "a regularizer gives one number, and \(function.name ?? "the function") gave \(results.first.map { ShapeWords.described($0.spec) } ?? "nothing")",
          hint: "take the sum: sum(…)")
      }
      return try results[0].reshape([])
    }
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
