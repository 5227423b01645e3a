/// A function as far as the checker needs to know it: what can be passed to it.
public struct KnownFunction: Sendable {
  public struct Parameter: Sendable {
    public let name: String
    public let isRequired: Bool
    public let isRest: Bool

    public init(name: String, isRequired: Bool, isRest: Bool = false) {
      self.name = name
      self.isRequired = isRequired
      self.isRest = isRest
    }
  }

  public let name: String
  public let parameters: [Parameter]
  /// True where a call does nothing but give its result.
  public let isPure: Bool

  /// The signature as messages show it, `area(width, height = 2)`, where it is known with its defaults.
  public let text: String?

  public init(name: String, parameters: [Parameter], isPure: Bool = false, text: String? = nil) {
    self.name = name
    self.text = text
    self.parameters = parameters
    self.isPure = isPure
  }

  init(_ function: FunctionNode, name: String) {
    self.name = name
    text = nil
    parameters = function.parameters.map {
      Parameter(name: $0.name.name, isRequired: $0.defaultValue == nil && !$0.isRest, isRest: $0.isRest)
    }
    isPure = false
  }

  /// `area(width, height = …)`.
  var signature: String {
    if let text { return text }
    let texts = parameters.map { ($0.isRest ? "..." : "") + $0.name + ($0.isRequired || $0.isRest ? "" : " = …") }
    return "\(name)(\(texts.joined(separator: ", ")))"
  }
}

/// What exists before a program's first line: built-in functions and constants, and the modules that can be imported.
public struct KnownNames: Sendable {
  /// The built-in names; nil for constants and for functions that take anything.
  public var builtins: [String: KnownFunction?]
  /// The members of each module of the standard library.
  public var modules: [String: [String: KnownFunction?]]

  public init(builtins: [String: KnownFunction?], modules: [String: [String: KnownFunction?]] = [:]) {
    self.builtins = builtins
    self.modules = modules
  }
}

extension SyntaxTree {
  /// The top-level names of a module, with the parameters of those that are functions.
  public var knownMembers: [String: KnownFunction?] {
    var members: [String: KnownFunction?] = [:]
    for statement in statements {
      switch statement.kind {
      case .binding(_, let pattern, _): for name in pattern.names { members[name.name] = .some(nil) }
      case .function(let function):
        if let name = function.name { members[name.name] = KnownFunction(function, name: name.name) }
      default: break
      }
    }
    return members
  }
}
