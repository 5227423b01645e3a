import Diagnostics
import Syntax

/// What a built-in may ask of the machine that runs it.
public protocol CallContext: AnyObject {
  /// Calls a function, layer or other callable value.
  func call(_ function: Value, _ arguments: CallArguments) throws -> Value
  /// An operator of the language on two values, tensors, lists and objects included.
  func apply(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value
  /// What `for` walks: gives one element after another, then nil.
  func makeIterator(_ value: Value) throws -> () throws -> Value?
  /// Where the program called the running built-in; nil where that is not known.
  var callSite: Location? { get }
  /// Writes to the program's standard output.
  func write(_ text: String)
  /// Things the host shares with built-ins (progress, files, artifacts), by type.
  var host: HostServices { get }
}

extension CallContext {
  public var callSite: Location? { nil }

  /// Calls with positional arguments.
  public func call(_ function: Value, _ arguments: Value...) throws -> Value {
    try call(function, CallArguments(positional: ContiguousArray(arguments)))
  }
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
