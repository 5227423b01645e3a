// The height of the tree below a node. It is known when a node is made, and limited, so that no walk over the tree (nor
// its release) can run out of stack.

extension Expression.Kind {
  /// The height of the highest child, or 0.
  var childHeight: Int32 {
    switch self {
    case .number, .bool, .none, .name, .invalid: 0
    case .string(let parts): parts.reduce(0) { max($0, $1.height) }
    case .tensor(let rows, _): rows.reduce(0) { $1.reduce($0) { max($0, $1.height) } }
    case .list(let elements): elements.reduce(0) { max($0, $1.height) }
    case .record(let fields): fields.reduce(0) { max($0, $1.value.height) }
    case .unary(_, let operand), .parenthesized(let operand), .member(let operand, _): operand.height
    case .binary(_, let left, let right, _): max(left.height, right.height)
    case .call(let function, let arguments): arguments.reduce(function.height) { max($0, $1.value.height) }
    case .index(let base, let parts): parts.reduce(base.height) { max($0, $1.height) }
    case .lambda(let function): function.height
    case .conditional(let condition, let then, let otherwise):
      max(condition.height, then.height, otherwise?.height ?? 0)
    case .attempt(let block, _, let handler): max(block.height, handler.height)
    }
  }
}

extension Statement.Kind {
  var childHeight: Int32 {
    switch self {
    case .breaking, .continuing, .importing, .invalid: 0
    case .binding(_, _, let value), .expression(let value): value.height
    case .assignment(let place, _, _, let value): max(place.height, value.height)
    case .function(let function): function.height
    case .forLoop(_, let sequence, let body), .whileLoop(let sequence, let body): max(sequence.height, body.height)
    case .returning(let value): value?.height ?? 0
    }
  }
}

extension Block {
  var height: Int32 { statements.reduce(0) { max($0, $1.height) } + 1 }
}

extension FunctionNode {
  var height: Int32 {
    let bodyHeight =
      switch body {
      case .expression(let expression): expression.height
      case .block(let block): block.height
      }
    return parameters.reduce(bodyHeight) { max($0, $1.defaultValue?.height ?? 0) }
  }
}

extension Expression.ElseBranch {
  var height: Int32 {
    switch self {
    case .block(let block): block.height
    case .conditional(let expression): expression.height
    }
  }
}

extension StringPart {
  var height: Int32 {
    switch self {
    case .text: 0
    case .interpolation(let expression, _, _): expression.height
    }
  }
}

extension IndexPart {
  var height: Int32 {
    switch self {
    case .position(let expression): expression.height
    case .slice(let start, let stop, let step, _): max(start?.height ?? 0, stop?.height ?? 0, step?.height ?? 0)
    case .ellipsis, .newAxis: 0
    }
  }
}
