import Diagnostics

/// A built-in function as one value: name, parameters, documentation, example, body.
///
/// The signature is written as in the language: `(x, axis = none, keep = false)`; `...shape` gathers the rest. A
/// parameter without a default is required. Defaults are literals: numbers, strings, `true`, `false`, `none`, `()`.
public struct Builtin {
  public let name: String
  public let family: String
  public let signature: Signature
  /// First line: the summary. Then shapes, units, errors, the formula, its source. Plain Markdown.
  public let documentation: String
  /// A program that a test runs; its last line's display is compared with the text after `# ` where given.
  public let example: String
  /// The arguments arrive bound to the parameters: one slot each, defaults filled in; a rest parameter is a list.
  public let body: (inout BoundArguments, CallContext) throws -> Value

  public init(
    _ name: String, _ signature: String, family: String, documentation: String, example: String,
    body: @escaping (inout BoundArguments, CallContext) throws -> Value
  ) {
    self.name = name
    self.family = family
    self.signature = Signature(function: name, text: signature)
    self.documentation = documentation
    self.example = example
    self.body = body
  }
}

/// Parameters of a built-in; parsed from text when first needed, so that four hundred of them cost nothing at start-up.
public final class Signature {
  public struct Parameter {
    public let name: String
    /// Nil: required.
    public let defaultValue: Value?
    /// The default as written.
    public let defaultText: String?
    public let isRest: Bool
  }

  public let function: String
  /// `(x, axis = none)`.
  public let text: String
  public private(set) lazy var parameters: [Parameter] = Signature.parse(text)

  public init(function: String, text: String) {
    self.function = function
    self.text = text
  }

  private static func parse(_ text: String) -> [Parameter] { [] }  // the interpreter's author writes this
}

/// The arguments of a call as written: positional ones in order, then named ones.
public struct CallArguments {
  public var positional: ContiguousArray<Value>
  public var named: [(name: String, value: Value)]
  public init(positional: ContiguousArray<Value> = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}

/// Arguments bound to a built-in's parameters, with typed access that throws the user's error: which argument of which
/// function, what was wanted, what came.
public struct BoundArguments {
  public let signature: Signature
  public var values: ContiguousArray<Value>
  public init(signature: Signature, values: ContiguousArray<Value>) {
    self.signature = signature
    self.values = values
  }
  public subscript(position: Int) -> Value { values[position] }
}

/// What a built-in may ask of the machine that runs it.
public protocol CallContext: AnyObject {
  /// Calls a function, layer or other callable value.
  func call(_ function: Value, _ arguments: CallArguments) throws -> Value
  /// Writes to the program's standard output.
  func write(_ text: String)
  /// Things the host shares with built-ins (progress, files, artifacts), by type.
  var host: HostServices { get }
}

/// What the session provides to built-ins that reach outside.
public protocol HostServices: AnyObject {
  /// The file to read for a path in a program; checks the reading rules.
  func pathForReading(_ path: String) throws -> String
  /// The file to write for a path in a program; checks the writing rules and reports the artifact.
  func pathForWriting(_ path: String) throws -> String
  /// Shows a value as a cell's value is shown (`show(x)`, and a statement's value).
  func display(_ value: Value)
  /// A line of progress, a warning: standard error, never standard output.
  func report(_ text: String, isProgress: Bool)
  /// True where progress lines may be redrawn in place.
  var isInteractive: Bool { get }
}

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
