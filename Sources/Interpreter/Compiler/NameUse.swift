import Syntax

/// Which names a function's own code assigns and which names the functions inside it mention: what decides whether a
/// variable may live in a register or needs a box. By name alone, so a namesake may get a box it does not need.
final class NameUse {
  /// Names that are assigned or changed in place, here or in functions inside.
  private(set) var assigned: Set<String> = []
  /// Names that occur, here or in functions inside.
  private(set) var mentioned: Set<String> = []
  /// The functions directly inside, with their own use.
  private var inner: [ObjectIdentifier: NameUse] = [:]

  init(statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  init(function: FunctionNode) {
    for parameter in function.parameters {
      if let value = parameter.defaultValue { visit(value) }
    }
    switch function.body {
    case .expression(let expression): visit(expression)
    case .block(let block): visit(block)
    }
  }

  /// True where a function inside mentions the name; `except` is left out.
  func isCaptured(_ name: String, except: FunctionNode? = nil) -> Bool {
    let left = except.map(ObjectIdentifier.init)
    return inner.contains { $0.key != left && $0.value.mentioned.contains(name) }
  }

  func use(of node: FunctionNode) -> NameUse {
    inner[ObjectIdentifier(node)] ?? NameUse(function: node)
  }

  private func visit(_ block: Block) {
    for statement in block.statements { visit(statement) }
  }

  private func visit(_ function: FunctionNode) {
    let use = NameUse(function: function)
    inner[ObjectIdentifier(function)] = use
    assigned.formUnion(use.assigned)
    mentioned.formUnion(use.mentioned)
  }

  private func visit(_ statement: Statement) {
    switch statement.kind {
    case .binding(_, _, let value): visit(value)
    case .assignment(let place, _, _, let value):
      if let root = place.rootName { assigned.insert(root) }
      visit(place)
      visit(value)
    case .function(let node): visit(node)
    case .forLoop(_, let sequence, let body):
      visit(sequence)
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .returning(let value):
      if let value { visit(value) }
    case .expression(let expression):
      if let (place, _, _) = expression.mutatingCall, let root = place.rootName { assigned.insert(root) }
      visit(expression)
    case .breaking, .continuing, .importing, .invalid: break
    }
  }

  private func visit(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): mentioned.insert(name)
    case .lambda(let node): visit(node)
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      switch otherwise {
      case .block(let block)?: visit(block)
      case .conditional(let next)?: visit(next)
      case nil: break
      }
    case .attempt(let body, _, let handler):
      visit(body)
      visit(handler)
    default:
      if case .call(let callee, _) = expression.kind, case .member(_, let name) = callee.kind {
        mentioned.insert(name.name)
      }
      for part in expression.parts { visit(part) }
    }
  }
}

extension Expression {
  /// The expressions directly inside, but for blocks and functions.
  var parts: [Expression] {
    switch kind {
    case .number, .bool, .none, .name, .lambda, .conditional, .attempt, .invalid: []
    case .string(let parts):
      parts.compactMap { if case .interpolation(let expression, _, _) = $0 { expression } else { nil } }
    case .tensor(let rows, _): rows.flatMap { $0 }
    case .list(let items): items
    case .record(let fields): fields.map(\.value)
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right, _): [left, right]
    case .call(let callee, let arguments): [callee] + arguments.map(\.value)
    case .index(let base, let parts): [base] + parts.flatMap(\.expressions)
    case .member(let base, _): [base]
    case .parenthesized(let inside): [inside]
    }
  }

  /// The variable at the root of a place: `xs` of `xs[0].name`.
  var rootName: String? {
    var place = self
    while true {
      switch place.kind {
      case .name(let name): return name
      case .member(let base, _), .index(let base, _): place = base
      default: return nil
      }
    }
  }

  /// The names of the functions that change a variable where their call is a whole statement.
  static let mutatingMethods: Set<String> = ["push", "pop", "insert", "remove"]

  /// `place.push(…)`: what may change the place where it is a whole statement.
  var mutatingCall: (place: Expression, method: Identifier, arguments: [Argument])? {
    guard case .call(let callee, let arguments) = kind, case .member(let place, let method) = callee.kind,
      Expression.mutatingMethods.contains(method.name)
    else { return nil }
    return (place, method, arguments)
  }

  /// Without parentheses around it.
  var bare: Expression {
    var expression = self
    while case .parenthesized(let inside) = expression.kind { expression = inside }
    return expression
  }

  /// The number that this is, written out.
  var literalNumber: Double? {
    switch bare.kind {
    case .number(let number): number
    case .unary(.negate, let operand): if case .number(let number) = operand.bare.kind { -number } else { nil }
    default: nil
    }
  }

  /// True where evaluating may run statements of the same function: only then can it change a local variable.
  var holdsBlock: Bool {
    switch kind {
    case .conditional, .attempt: true
    case .lambda: false
    default: parts.contains(where: \.holdsBlock)
    }
  }
}

extension IndexPart {
  var expressions: [Expression] {
    switch self {
    case .position(let expression): [expression]
    case .slice(let start, let stop, let step, _): [start, stop, step].compactMap { $0 }
    case .ellipsis, .newAxis: []
    }
  }
}
