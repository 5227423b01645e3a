/// Anything that `type(x)` calls a function: a closure of the language, a built-in, a composition.
open class FunctionValue {
  // The first two properties are read through `FunctionObject`.
  /// The compiled code of a function of the language, so that a call need not ask for the class.
  final let entry: UnsafePointer<CodeEntry>?
  /// Its captured values, and boxes of captured variables that somebody changes.
  final let captures: ValuePointer?

  public init() {
    entry = nil
    captures = nil
  }

  init(code: Code, captures: ValuePointer) {
    entry = UnsafePointer(code.entry)
    self.captures = captures
  }

  /// The name for messages and display; nil for a lambda.
  open var name: String? { nil }
  /// The parameters, where they are known.
  open var signature: Signature? { nil }
  /// What stands in `##` lines above it, or in its declaration.
  open var documentation: String? { nil }

  /// True where the function's text uses one of these parameters on any path; nil where that is not known.
  open func mentionsParameters(at positions: [Int]) -> Bool? { nil }

  /// `<fn area(width, height)>`.
  open var displayText: String {
    let text = signature?.text ?? "(…)"
    return name.map { "<fn \($0)\(text)>" } ?? "<fn \(text)>"
  }
}

/// A built-in as a value.
public final class BuiltinFunction: FunctionValue {
  public let builtin: Builtin
  public init(_ builtin: Builtin) {
    self.builtin = builtin
    super.init()
  }
  public override var name: String? { builtin.name }
  public override var signature: Signature? { builtin.signature }
  public override var documentation: String? { builtin.documentation }
}

/// A function made by the host at run time: `grad(f)`, `compile(f)`, a fitted transform's method.
public final class HostFunction: FunctionValue {
  public let title: String
  /// Nil passes every argument through unchecked.
  private let parameters: Signature?
  /// What the host made the function from (an activation, a loss); the language never looks inside.
  public let payload: AnyObject?
  public let body: (inout CallArguments, CallContext) throws -> Value
  public init(
    _ title: String, signature: Signature? = nil, payload: AnyObject? = nil,
    body: @escaping (inout CallArguments, CallContext) throws -> Value
  ) {
    self.title = title
    self.parameters = signature
    self.payload = payload
    self.body = body
    super.init()
  }
  public override var name: String? { title }
  public override var signature: Signature? { parameters }
}
