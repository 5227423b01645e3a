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
  /// What a function of one number does to a plain number, where that needs nothing else: the machine then calls it
  /// without binding arguments.
  public let onNumber: ((Double) -> Double)?

  public init(
    _ name: String, _ signature: String, family: String, documentation: String, example: String,
    onNumber: ((Double) -> Double)? = nil,
    body: @escaping (inout BoundArguments, CallContext) throws -> Value
  ) {
    self.name = name
    self.family = family
    self.signature = Signature(function: name, text: signature)
    self.documentation = documentation
    self.example = example
    self.body = body
    self.onNumber = onNumber
  }
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
