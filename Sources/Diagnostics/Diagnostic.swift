/// What went wrong, in one word: the word in `error[shape]:` and the value of `e.kind`.
public enum ErrorKind: String, Sendable, CaseIterable {
  case syntax, name, type, shape, index, value, io, assertion, interrupt, user
}

public enum Severity: String, Sendable {
  case error, warning
}

/// A place in a source.
public struct Location: Sendable {
  public var source: SourceFile
  public var span: Span

  public init(source: SourceFile, span: Span) {
    self.source = source
    self.span = span
  }
}

/// One entry of a call trace: the function that was running and where it was called.
public struct CallNote: Sendable {
  /// The function's name, or `a function` for a lambda.
  public var function: String
  /// Where the function is defined, and where it was called.
  public var definition: Location?
  public var call: Location?

  public init(function: String, definition: Location?, call: Location?) {
    self.function = function
    self.definition = definition
    self.call = call
  }
}

/// A mistake as the user sees it: kind, message, place, hints, and how execution got there.
public struct Diagnostic: Error, Sendable {
  public var severity: Severity
  public var kind: ErrorKind
  /// One line, lower case, no full stop; names in backticks.
  public var message: String
  public var location: Location?
  /// What to do; shown as `= help: …`.
  public var hints: [String]
  public var calls: [CallNote]

  public init(
    _ kind: ErrorKind, _ message: String, at location: Location? = nil, hints: [String] = [], calls: [CallNote] = [],
    severity: Severity = .error
  ) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.location = location
    self.hints = hints
    self.calls = calls
  }
}
