import Tensors

/// A function applied to each element (softmax: along an axis): called on a tensor, given as `activation:`, or a part of
/// a chain.
public struct Activation: Configurable {
  public var configuration: Configuration
  private let body: (Tensor) throws -> Tensor

  public init(name: String = "activation", _ body: @escaping (Tensor) throws -> Tensor) {
    configuration = Configuration(name)
    self.body = body
  }

  /// An activation that the program wrote itself.
  public init(_ function: TensorFunction) {
    configuration = Configuration("function", settings: [("function", .function(function))])
    body = { x in
      let results = try function.body([x])
      guard results.count == 1 else {
        throw TensorError(
          .type, "an activation gives one tensor, and \(function.name ?? "the function") gave \(results.count)")
      }
      return results[0]
    }
  }

  /// Applies it.
  public func callAsFunction(_ x: Tensor) throws -> Tensor { try body(x) }

  /// The identity, which layers need not compute.
  nonisolated(unsafe) public static let linear = Catalogue.activation("linear")
  public var isLinear: Bool { configuration.name == "linear" }
}

extension Catalogue {
  /// An activation with its defaults; the identity for a name that the catalogue does not have.
  static func activation(_ name: String) -> Activation {
    (try? activations.first { $0.name == name }?.make()) ?? Activation(name: "linear") { $0 }
  }
}
