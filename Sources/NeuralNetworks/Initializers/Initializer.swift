import Tensors

/// Makes a parameter's first value.
public struct Initializer: Configurable {
  public var configuration: Configuration
  private let body: (Shape, DType) throws -> Tensor

  public init(name: String = "initializer", _ body: @escaping (Shape, DType) throws -> Tensor) {
    configuration = Configuration(name)
    self.body = body
  }

  /// A tensor of that shape.
  /// - Throws: a shape error where the initializer cannot make such a shape, or a function made another.
  public func callAsFunction(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    let value = try body(shape, dtype)
    guard value.shape == shape else {
      throw TensorError(
        .shape, "\(configuration.sourceText) was asked for shape \(shape.shapeText) and gave \(value.shape.shapeText)")
    }
    return value.dtype == dtype ? value : try value.cast(to: dtype)
  }

  nonisolated(unsafe) static let zeros = Catalogue.initializer("zeros_init")
  nonisolated(unsafe) static let ones = Catalogue.initializer("ones_init")
  nonisolated(unsafe) static let glorotUniform = Catalogue.initializer("glorot_uniform")
}

extension Catalogue {
  /// An initializer with its defaults; zeros for a name that the catalogue does not have.
  static func initializer(_ name: String) -> Initializer {
    (try? initializers.first { $0.name == name }?.make()) ?? Initializer(name: name) { try Tensor.zeros($0, $1) }
  }
}

/// The number of inputs and outputs of one unit, as the scale of a random kernel wants them.
///
/// Rank 2 is (in, out); above it, the last two axes are (in, out) and the axes before are the receptive field.
public func fans(of shape: Shape) -> (input: Double, output: Double) {
  switch shape.count {
  case 0: return (1, 1)
  case 1: return (Double(shape[0]), Double(shape[0]))
  default:
    let field = shape.dropLast(2).reduce(1.0) { $0 * Double($1) }
    return (field * Double(shape[shape.count - 2]), field * Double(shape[shape.count - 1]))
  }
}
