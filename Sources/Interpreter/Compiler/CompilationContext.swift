import Diagnostics
import Syntax

/// What all functions of one source are compiled with: its top-level names and what is known outside of it.
final class CompilationContext {
  let source: SourceFile
  let scope: GlobalScope
  let prelude: Prelude
  /// Declarations at top level by name: the statement, the variable.
  private var declarations: [String: [(statement: Int, variable: GlobalVariable, isFunction: Bool)]] = [:]
  /// The top-level statement that is being compiled.
  var statement = 0
  private let allocate: (String, Bool) throws -> GlobalVariable

  init(
    source: SourceFile, scope: GlobalScope, prelude: Prelude,
    allocate: @escaping (String, Bool) throws -> GlobalVariable
  ) {
    self.source = source
    self.scope = scope
    self.prelude = prelude
    self.allocate = allocate
  }

  /// Makes the variable that a top-level statement declares.
  func declare(_ name: String, isVariable: Bool, isFunction: Bool, statement: Int) throws {
    declarations[name, default: []].append((statement, try allocate(name, isVariable), isFunction))
  }

  /// The variable that the statement being compiled declares.
  func declared(_ name: String) -> GlobalVariable? {
    declarations[name]?.last { $0.statement == statement }?.variable
  }

  enum Meaning {
    case global(GlobalVariable)
    case builtin(Value)
    case unknown
  }

  /// What a name means at top level: the nearest earlier declaration, a function of the same source that stands later,
  /// a variable of the session, a built-in, or a later variable of the same source.
  func resolve(_ name: String, fromFunction: Bool) -> Meaning {
    let here = declarations[name] ?? []
    let found =
      here.last { $0.statement < statement || $0.isFunction && $0.statement == statement }
      ?? here.first { $0.isFunction }
    if let variable = found?.variable ?? scope[name] {
      if fromFunction { variable.isCaptured = true }
      return .global(variable)
    }
    if let builtin = prelude.value(named: name) { return .builtin(builtin) }
    if let later = here.first?.variable {
      if fromFunction { later.isCaptured = true }
      return .global(later)
    }
    return .unknown
  }
}

/// The names that every program knows: built-in functions and constants.
public struct Prelude {
  private let find: (String) -> Value?
  private let list: () -> [String]

  /// - Parameters:
  ///   - find: the value of a name, nil where there is none; asked once per mention when code is compiled.
  ///   - list: all names, for did-you-mean.
  public init(find: @escaping (String) -> Value?, list: @escaping () -> [String]) {
    self.find = find
    self.list = list
  }

  /// Built-ins from a list: for tests and small hosts.
  public init(_ builtins: [Builtin], constants: [String: Double] = ["pi": .pi, "inf": .infinity, "nan": .nan]) {
    var values: [String: Value] = [:]
    for builtin in builtins { values[builtin.name] = .function(BuiltinFunction(builtin)) }
    for (name, number) in constants { values[name] = .number(number) }
    let names = Array(values.keys)
    self.init(find: { values[$0] }, list: { names })
  }

  public func value(named name: String) -> Value? { find(name) }
  public var names: [String] { list() }
}
