/// A mistake in the use of the engine, in the user's terms; the language turns it into a diagnostic of the same kind.
public struct TensorError: Error, Sendable {
  public enum Kind: String, Sendable { case type, shape, index, value, io, interrupt }

  public var kind: Kind
  /// One line, lower case, no full stop.
  public var message: String
  /// What to do; nil where nothing better is known.
  public var hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

/// Thrown where data of an abstract tensor is asked for: the caller (a tracer) then runs eagerly.
public struct AbstractDataError: Error, Sendable {
  public init() {}
}

extension Array where Element == Int {
  /// A shape as messages show it: `64×784`, or `()` for a single value.
  public var shapeText: String { isEmpty ? "()" : map(String.init).joined(separator: "×") }
}
