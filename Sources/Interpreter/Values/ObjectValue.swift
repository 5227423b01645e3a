/// The base of everything that the language knows only by its members, calls and display.
///
/// Subclasses live in `Builtins` (layers, tables, charts, optimizers, runs) and here (errors, modules).
open class ObjectValue {
  public init() {}

  /// What `type(x)` gives: `layer`, `table`, `error`, …
  open var typeName: String { "object" }

  /// The members after a dot, for completion and did-you-mean.
  open var memberNames: [String] { [] }

  /// A member, nil where there is none (the caller then tries a function of that name).
  open func member(_ name: String, _ context: CallContext) throws -> Value? { nil }

  /// Sets a member of a thing with identity (`net.trainable = false`); false where it cannot be set.
  open func setMember(_ name: String, _ value: Value, _ context: CallContext) throws -> Bool { false }

  /// True where `x(…)` works; `call` then takes it.
  open var isCallable: Bool { false }
  open func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    throw RuntimeError(.type, "a \(typeName) cannot be called")
  }

  /// `x[…]`; nil where the thing cannot be indexed.
  open func index(_ parts: [IndexValue], _ context: CallContext) throws -> Value? { nil }

  /// A copy with `x[…] = value` done, for things with value semantics; nil where it is not possible.
  open func settingIndex(_ parts: [IndexValue], to value: Value, _ context: CallContext) throws -> Value? { nil }

  /// `len(x)`; nil where it has none.
  open var count: Int? { nil }

  /// The i-th element for `for`; only asked where `count` is known and `iterator` is nil.
  open func element(at position: Int, _ context: CallContext) throws -> Value? { nil }

  /// What `for` walks where elements come one after another (batches); nil: use `count` and `element`.
  open func makeIterator(_ context: CallContext) throws -> (() throws -> Value?)? { nil }

  /// How `print` and the display show it.
  open func text(_ style: DisplayStyle) -> String { "<\(typeName)>" }

  /// `==`: identity unless said otherwise.
  open func isEqual(to other: ObjectValue) -> Bool { self === other }

  /// Operators beside the language's own (`chart + chart`, `layer >> layer`, arithmetic on symbolic tensors); nil where
  /// it does not apply. Called on the left operand first, then on the right one.
  open func binary(_ operation: ObjectOperator, left: Value, right: Value, _ context: CallContext) throws -> Value? {
    nil
  }
}

/// The operators that an object may answer.
public enum ObjectOperator: String, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "^"
  case matrixMultiply = "@", compose = ">>", less = "<", lessEqual = "<=", greater = ">", greaterEqual = ">="
  case equal = "==", notEqual = "!="
}

/// One part of an evaluated index.
public enum IndexValue {
  case value(Value)
  case slice(start: Int?, stop: Int?, step: Int?)
  case ellipsis
  case newAxis
}

/// How a value is being shown.
public enum DisplayStyle: Sendable {
  /// By `print` and in interpolation.
  case printed
  /// Inside a list or record: strings are quoted.
  case nested
  /// As the value of a cell or a line at the prompt: adds the shape comment.
  case automatic
}
