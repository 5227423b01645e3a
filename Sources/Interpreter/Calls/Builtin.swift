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

/// The arguments of a call as written: positional ones in order, then named ones.
public struct CallArguments {
  public var positional: ContiguousArray<Value>
  public var named: [(name: String, value: Value)]
  public init(positional: ContiguousArray<Value> = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}
