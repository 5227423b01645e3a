import Tensors

/// A tensor that a layer owns: a weight, which learning changes, or a state, which calls change.
///
/// Its value is replaced, never changed in place, so that whoever holds an earlier value keeps it. While a gradient is
/// taken or a step is traced, a stand-in takes its place; see `withStandIns`.
public final class Parameter {
  public enum Role: Sendable {
    case weight
    /// Running means and the like: saved, counted, never differentiated.
    case state
  }

  /// `kernel`, `moving_mean`: the last part of its path.
  public let name: String
  public let role: Role
  public let regularizer: Regularizer?
  /// False while its layer is frozen.
  public internal(set) var isUnfrozen = true
  private var stored: Tensor
  private var standIn: Tensor?

  public init(_ name: String, _ value: Tensor, role: Role = .weight, regularizer: Regularizer? = nil) {
    self.name = name
    self.role = role
    self.regularizer = regularizer
    stored = value
  }

  /// The value now: the stand-in's while there is one.
  public var value: Tensor { standIn ?? stored }
  public var shape: Shape { stored.shape }
  public var dtype: DType { stored.dtype }
  public var count: Int { stored.count }
  /// True where gradients are taken and optimizers step.
  public var isTrainable: Bool { role == .weight && isUnfrozen }

  /// Takes a new value of the same shape. A float64 value stays float64; anything else is converted to the own dtype.
  /// - Throws: a shape error that names the parameter and both shapes.
  public func set(_ value: Tensor, path: String? = nil) throws {
    guard value.shape == shape else {
      throw TensorError(
        .shape, "`\(path ?? name)` has shape \(shape.shapeText), and the new value has \(value.shape.shapeText)")
    }
    stored = value.dtype == dtype || value.dtype == .float64 ? value : try value.cast(to: dtype)
  }

  /// Takes what a call computed for a state. Where a stand-in is in place it takes the value, for the tracer to find;
  /// an abstract result of a symbolic call changes nothing.
  func update(_ value: Tensor) {
    if standIn != nil { standIn = value } else if !value.isAbstract { stored = value }
  }

  /// Runs `body` with tensors in the place of the parameters' values: tracked ones for gradients, abstract ones for traces.
  ///
  /// Afterwards the parameters are as before. What calls made of states in the meantime is given back in the order of
  /// `parameters`.
  public static func withStandIns<Result>(
    _ parameters: [Parameter], _ tensors: [Tensor], _ body: () throws -> Result
  ) throws -> (result: Result, values: [Tensor]) {
    let before = parameters.map(\.standIn)
    for (parameter, tensor) in zip(parameters, tensors) { parameter.standIn = tensor }
    defer { for (parameter, standIn) in zip(parameters, before) { parameter.standIn = standIn } }
    let result = try body()
    return (result, parameters.map(\.value))
  }

  /// Puts back a value as it is; for a layer that is built again or restored.
  func restore(_ value: Tensor) { stored = value }
}
