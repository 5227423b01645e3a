/// The names that a cell of a notebook gives and takes: how cells depend on each other.
public struct CellNames: Sendable {
  /// What the cell declares or changes at the top level.
  public private(set) var changed: Set<String> = []
  /// Every name that occurs in the cell as a value; more than it depends on, never less.
  public private(set) var used: Set<String> = []

  public init(_ tree: SyntaxTree) {
    for statement in tree.statements { note(statement, isTopLevel: true) }
  }

  private mutating func note(_ statement: Statement, isTopLevel: Bool) {
    switch statement.kind {
    case .binding(_, let pattern, let value):
      if isTopLevel { changed.formUnion(pattern.names.map(\.name)) }
      note(value)
    case .assignment(let place, _, _, let value):
      if let name = place.baseName { changed.insert(name) }
      note(place)
      note(value)
    case .function(let function):
      if isTopLevel, let name = function.name { changed.insert(name.name) }
      note(function)
    case .forLoop(_, let sequence, let body):
      note(sequence)
      note(body)
    case .whileLoop(let condition, let body):
      note(condition)
      note(body)
    case .returning(let value): value.map { note($0) }
    case .importing(let target, let alias):
      if let name = Checker.importedName(target, alias) { changed.insert(name.name) }
    case .expression(let expression):
      // `xs.push(4)` changes `xs`.
      if case .call(let callee, _) = expression.kind, case .member(let base, _) = callee.kind, let name = base.baseName
      {
        changed.insert(name)
      }
      note(expression)
    case .breaking, .continuing, .invalid: break
    }
  }

  private mutating func note(_ block: Block) {
    for statement in block.statements { note(statement, isTopLevel: false) }
  }

  private mutating func note(_ function: FunctionNode) {
    for parameter in function.parameters { parameter.defaultValue.map { note($0) } }
    switch function.body {
    case .expression(let body): note(body)
    case .block(let body): note(body)
    }
  }

  private mutating func note(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): used.insert(name)
    case .number, .bool, .none, .invalid: break
    case .string(let parts):
      for case .interpolation(let value, _, _) in parts { note(value) }
    case .tensor(let rows, _): rows.joined().forEach { note($0) }
    case .list(let elements): elements.forEach { note($0) }
    case .record(let fields): fields.forEach { note($0.value) }
    case .unary(_, let operand), .parenthesized(let operand): note(operand)
    case .binary(_, let left, let right, _):
      note(left)
      note(right)
    case .call(let callee, let arguments):
      note(callee)
      arguments.forEach { note($0.value) }
    case .index(let base, let parts):
      note(base)
      for part in parts {
        switch part {
        case .position(let value): note(value)
        case .slice(let start, let stop, let step, _): [start, stop, step].forEach { $0.map { note($0) } }
        case .ellipsis, .newAxis: break
        }
      }
    case .member(let base, let member):
      note(base)
      // `x.f(a)` may be `f(x, a)`.
      used.insert(member.name)
    case .lambda(let function): note(function)
    case .conditional(let condition, let then, let otherwise):
      note(condition)
      note(then)
      switch otherwise {
      case .block(let other): note(other)
      case .conditional(let other): note(other)
      case nil: break
      }
    case .attempt(let body, _, let handler):
      note(body)
      note(handler)
    }
  }
}

extension Expression {
  /// The name that a place begins with: `w` of `w[0].x`.
  var baseName: String? {
    var base = self
    while true {
      switch base.kind {
      case .name(let name): return name
      case .member(let inner, _), .index(let inner, _), .parenthesized(let inner): base = inner
      default: return nil
      }
    }
  }
}
