import Diagnostics

/// A top-level variable.
final class GlobalVariable {
  let name: String
  let slot: Int
  /// True for `var`.
  let isVariable: Bool
  unowned let scope: GlobalScope
  /// True where a function mentions it: then it outlives another declaration of its name.
  var isCaptured = false
  /// Where a `let` stands.
  var definition: Location?

  init(name: String, slot: Int, isVariable: Bool, scope: GlobalScope) {
    self.name = name
    self.slot = slot
    self.isVariable = isVariable
    self.scope = scope
  }
}

/// The top-level names of a session or of an imported file.
public final class GlobalScope {
  /// The variables by name, as the declarations that have run left them.
  private(set) var variables: [String: GlobalVariable] = [:]
  /// The names in the order of their first declaration.
  public private(set) var names: [String] = []

  public init() {}

  subscript(name: String) -> GlobalVariable? { variables[name] }

  /// Makes a name mean a variable; gives the variable that it meant before.
  func bind(_ variable: GlobalVariable) -> GlobalVariable? {
    let old = variables.updateValue(variable, forKey: variable.name)
    if old == nil { names.append(variable.name) }
    return old
  }
}
