import Diagnostics

/// Finds mistakes in a program without running it: unknown names, arguments that do not fit a known function,
/// assignments to what cannot be assigned, code that is never reached, results that are dropped.
///
/// It reports only what is certain. What depends on values is left to the run.
public struct Checker {
  /// Checks the cells of a notebook (or the one text of a script) in order; they share their top level.
  public static func check(_ cells: [SyntaxTree], known: KnownNames) -> [Diagnostic] {
    var checker = Checker(known: known)
    for cell in cells { checker.declareLater(cell) }
    for cell in cells {
      checker.source = cell.source
      checker.statements(cell.statements, isTopLevel: true)
    }
    return checker.diagnostics
  }

  /// What a name stands for.
  struct Symbol {
    enum Kind { case constant, variable, parameter, function, module(String?), loopVariable }
    var kind: Kind
    var function: KnownFunction?
  }

  /// The names of one block.
  struct Scope {
    var symbols: [String: Symbol] = [:]
    /// Functions that are declared further down in this block.
    var later: [String: Symbol] = [:]
  }

  let known: KnownNames
  var source = SourceFile(name: "", text: "")
  var diagnostics: [Diagnostic] = []
  var scopes: [Scope] = [Scope()]
  /// Every name that the top level declares anywhere, how often, and first on which line.
  var topLevel: [String: (count: Int, line: Int)] = [:]
  var functionDepth = 0

  private init(known: KnownNames) { self.known = known }

  // MARK: Names

  private mutating func declareLater(_ cell: SyntaxTree) {
    func add(_ name: Identifier) {
      let line = cell.source.position(of: name.span.start).line
      topLevel[name.name] = ((topLevel[name.name]?.count ?? 0) + 1, topLevel[name.name]?.line ?? line)
    }
    for statement in cell.statements {
      switch statement.kind {
      case .binding(_, let pattern, _): pattern.names.forEach(add)
      case .function(let function):
        if let name = function.name {
          add(name)
          scopes[0].later[name.name] = Symbol(kind: .function, function: KnownFunction(function, name: name.name))
        }
      case .importing(let target, let alias): Self.importedName(target, alias).map { add($0) }
      default: break
      }
    }
  }

  static func importedName(_ target: Statement.ImportTarget, _ alias: Identifier?) -> Identifier? {
    if let alias { return alias }
    switch target {
    case .module(let name): return name
    case .file(let path, let span):
      let file = path.split(separator: "/").last.map(String.init) ?? path
      return Identifier(file.hasSuffix(".glia") ? String(file.dropLast(5)) : file, span)
    }
  }

  mutating func declare(_ name: Identifier, _ symbol: Symbol) {
    guard name.name != "_" else { return }
    scopes[scopes.count - 1].symbols[name.name] = symbol
  }

  mutating func declare(_ pattern: Pattern, _ kind: Symbol.Kind) {
    for name in pattern.names { declare(name, Symbol(kind: kind, function: nil)) }
  }

  enum Meaning {
    case symbol(Symbol)
    case builtin(KnownFunction?)
    /// Declared at the top level further down: fine inside a function, too early outside.
    case later(line: Int)
    case unknown
  }

  func meaning(of name: String) -> Meaning {
    for (depth, scope) in scopes.enumerated().reversed() {
      guard var symbol = scope.symbols[name] ?? scope.later[name] else { continue }
      // Declared more than once: which one a function sees is a matter of time.
      if depth == 0, topLevel[name]?.count ?? 0 > 1, functionDepth > 0 { symbol.function = nil }
      return .symbol(symbol)
    }
    let builtin = known.builtins[name]
    if let builtin, functionDepth == 0 || topLevel[name] == nil { return .builtin(builtin) }
    if let later = topLevel[name] { return .later(line: later.line) }
    return .unknown
  }

  var visibleNames: [String] {
    scopes.reversed().flatMap { $0.symbols.keys.sorted() + $0.later.keys.sorted() } + topLevel.keys.sorted()
      + known.builtins.keys.sorted()
  }

  // MARK: Reports

  mutating func report(
    _ kind: ErrorKind, _ message: String, at span: Span, hint: String? = nil, severity: Severity = .error
  ) {
    diagnostics.append(
      Diagnostic(
        kind, message, at: Location(source: source, span: span), hints: hint.map { [$0] } ?? [], severity: severity))
  }
}

extension Pattern {
  /// The names that a pattern binds.
  public var names: [Identifier] {
    switch self {
    case .name(let name): [name]
    case .list(let parts, _): parts.flatMap(\.names)
    }
  }
}
