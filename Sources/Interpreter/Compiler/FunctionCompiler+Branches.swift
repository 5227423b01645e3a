import Diagnostics
import Syntax

extension FunctionCompiler {
  /// `if` and `try`; without a target only their effect counts.
  func branches(_ expression: Expression, into target: Int?) throws {
    switch expression.kind {
    case .conditional(let condition, let then, let otherwise):
      try conditional(condition, then, otherwise, into: target, at: expression.span)
    case .attempt(let body, let error, let handler):
      try attempt(body, error, handler, into: target, at: expression.span)
    default:
      if let target { try self.expression(expression, into: target) } else { try discard(expression) }
    }
  }

  /// A chain of `else if` is a loop here, so that its length costs no stack.
  private func conditional(
    _ condition: Expression, _ then: Block, _ otherwise: Expression.ElseBranch?, into target: Int?, at span: Span
  ) throws {
    var condition = condition
    var then = then
    var otherwise = otherwise
    var ends: [Int] = []
    while true {
      let mark = nextRegister
      let skips = try jumps(condition, when: false)
      nextRegister = mark
      try block(then, into: target)
      if otherwise != nil || target != nil { ends.append(emit(.jump, at: then.span)) }
      patch(skips)
      switch otherwise {
      case nil:
        if let target { emit(.loadNone, target, at: span) }
      case .block(let last)?:
        try block(last, into: target)
      case .conditional(let next)?:
        guard case .conditional(let nextCondition, let nextThen, let nextOtherwise) = next.kind else {
          try branches(next, into: target)
          break
        }
        condition = nextCondition
        then = nextThen
        otherwise = nextOtherwise
        continue
      }
      break
    }
    patch(ends)
  }

  private func attempt(_ body: Block, _ error: Identifier, _ handler: Block, into target: Int?, at span: Span) throws {
    let start = here
    try block(body, into: target)
    let end = emit(.jump, at: span)
    beginScope()
    let register = try allocate()
    if error.name != "_" {
      declare(error.name, Local(register: register, isVariable: false, isBoxed: false, noun: "caught error"))
    }
    // Inner handlers were added before this one, so the first that covers a place is the innermost.
    handlers.append(Code.Handler(start: start, end: end, target: here, register: register))
    try block(handler, into: target)
    endScope()
    patch(end)
  }

  // MARK: Conditions

  /// Jumps that are taken where a condition is `when`; otherwise execution falls through.
  func jumps(_ condition: Expression, when: Bool) throws -> [Int] {
    let mark = nextRegister
    defer { nextRegister = mark }
    let bare = condition.bare
    switch bare.kind {
    case .unary(.not, let inner) where inner.isComparison:
      return try jumps(inner, when: !when)
    case .binary(let operation, let left, let right, _):
      switch operation {
      case .and, .or:
        if (operation == .and) == !when {
          return try jumps(left, when: when) + jumps(right, when: when)
        }
        let skips = try jumps(left, when: !when)
        let taken = try jumps(right, when: when)
        patch(skips)
        return taken
      case .less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual:
        return [try comparisonJump(operation, left, right, when: when, at: bare.span)]
      default: break
      }
    default: break
    }
    let register = try operand(condition)
    return [emit(when ? .jumpIfTrue : .jumpIfFalse, register, at: condition.span)]
  }

  private func comparisonJump(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, when: Bool, at span: Span
  ) throws -> Int {
    if let constant = smallNumber(right) {
      return emit(operation.branchWithConstant, try operand(left), constant, when ? 1 : 0, at: span)
    }
    let (a, b) = try operands(left, right)
    return emit(operation.branchWithRegisters, a, b, when ? 1 : 0, at: span)
  }
}

extension Expression {
  /// A comparison gives a bool (or an error where a condition stands), so `not` before it may turn the jump around.
  fileprivate var isComparison: Bool {
    switch bare.kind {
    case .binary(let operation, _, _, _):
      switch operation {
      case .less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual: true
      default: false
      }
    default: false
    }
  }
}

extension BinaryOperator {
  fileprivate var branchWithRegisters: Opcode {
    switch self {
    case .less: .lessRR
    case .lessEqual: .lessEqualRR
    case .greater: .greaterRR
    case .greaterEqual: .greaterEqualRR
    case .equal: .equalRR
    default: .notEqualRR
    }
  }

  fileprivate var branchWithConstant: Opcode {
    switch self {
    case .less: .lessRK
    case .lessEqual: .lessEqualRK
    case .greater: .greaterRK
    case .greaterEqual: .greaterEqualRK
    case .equal: .equalRK
    default: .notEqualRK
    }
  }
}
