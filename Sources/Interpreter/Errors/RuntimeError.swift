import Diagnostics

/// An error raised at run time; the machine adds the place and the call trace.
public struct RuntimeError: Error {
  public var kind: ErrorKind
  public var message: String
  public var hint: String?
  public init(_ kind: ErrorKind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}
