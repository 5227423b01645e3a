import Diagnostics

/// How tightly binary operators bind; the numbers order the rules of the grammar.
private enum Precedence {
  static let pipe = 1
  static let compose = 2
  static let or = 3
  static let and = 4
  static let not = 5
  static let comparison = 6
  static let addition = 7
  static let multiplication = 8

  static func of(_ kind: TokenKind) -> (BinaryOperator, Int)? {
    switch kind {
    case .pipe: (.pipe, pipe)
    case .compose: (.compose, compose)
    case .orKeyword: (.or, or)
    case .andKeyword: (.and, and)
    case .equal: (.equal, comparison)
    case .notEqual: (.notEqual, comparison)
    case .less: (.less, comparison)
    case .lessEqual: (.lessEqual, comparison)
    case .greater: (.greater, comparison)
    case .greaterEqual: (.greaterEqual, comparison)
    case .inKeyword: (.contains, comparison)
    case .plus: (.add, addition)
    case .minus: (.subtract, addition)
    case .star: (.multiply, multiplication)
    case .slash: (.divide, multiplication)
    case .doubleSlash: (.floorDivide, multiplication)
    case .percent: (.modulo, multiplication)
    case .at: (.matrixMultiply, multiplication)
    default: nil
    }
  }
}

extension Parser {
  /// expr = lambda | pipe
  mutating func expression() throws -> Expression {
    try nested { parser in
      parser.beginsLambda ? try parser.lambda() : try parser.binary(Precedence.pipe)
    }
  }

  /// The condition of `if` or `while`; `=` in it is taken for `==`.
  mutating func condition() throws -> Expression {
    let left = try expression()
    guard kind == .assign, isOnSameLine else { return left }
    let operatorSpan = current.span
    report(.assignmentAsValue(hint: "to compare, write `==`"), at: operatorSpan)
    advance()
    let right = try expression()
    return try node(.binary(.equal, left, right, operatorSpan: operatorSpan), left.span.union(right.span))
  }

  /// The rules from `pipe` to `mul`, by precedence climbing.
  private mutating func binary(_ minimum: Int) throws -> Expression {
    let start = current
    var left = kind == .notKeyword ? try negation(minimum) : try unary()
    while let (operation, precedence) = Precedence.of(kind), precedence >= minimum,
      isOnSameLine || kind.continuesLine
    {
      let operatorSpan = current.span
      advance()
      let right = try binary(precedence + 1)
      if precedence == Precedence.comparison, let (next, nextPrecedence) = Precedence.of(kind),
        nextPrecedence == Precedence.comparison, isOnSameLine
      {
        let nextSpan = current.span
        advance()
        let third = try binary(precedence + 1)
        report(.chainedComparison(hint: splitHint(left, operation, right, next, third)), at: nextSpan)
      }
      left = try node(.binary(operation, left, right, operatorSpan: operatorSpan), span(from: start))
    }
    return left
  }

  private func splitHint(
    _ a: Expression, _ first: BinaryOperator, _ b: Expression, _ second: BinaryOperator, _ c: Expression
  ) -> String {
    let (x, y, z) = (source.text(a.span), source.text(b.span), source.text(c.span))
    guard x.utf8.count + y.utf8.count + z.utf8.count < 80, !(x + y + z).contains("\n") else {
      return "write `a < b and b < c`"
    }
    return "write `\(x) \(first.rawValue) \(y) and \(y) \(second.rawValue) \(z)`"
  }

  /// not = [ "not" ] compare
  private mutating func negation(_ minimum: Int) throws -> Expression {
    let start = current
    if minimum > Precedence.not {
      report(.operatorNeedsParentheses("not", hint: "write `(not …)`"), at: start.span)
    }
    advance()
    let operand = try nested { try $0.binary(Precedence.comparison, allowingNot: true) }
    return try node(.unary(.not, operand), span(from: start))
  }

  private mutating func binary(_ minimum: Int, allowingNot: Bool) throws -> Expression {
    kind == .notKeyword ? try negation(Precedence.not) : try binary(minimum)
  }

  /// unary = "-" unary | power
  mutating func unary() throws -> Expression {
    guard kind == .minus else { return try power() }
    let start = current
    advance()
    let operand = try nested { try $0.unary() }
    return try node(.unary(.negate, operand), span(from: start))
  }

  /// power = postfix [ "^" unary ]
  private mutating func power() throws -> Expression {
    let base = try postfix()
    guard kind == .caret, isOnSameLine else { return base }
    let operatorSpan = current.span
    advance()
    let exponent = try nested { try $0.unary() }
    return try node(.binary(.power, base, exponent, operatorSpan: operatorSpan), base.span.union(exponent.span))
  }

  /// postfix = primary { "(" args ")" | "[" index "]" | "." name }
  private mutating func postfix() throws -> Expression {
    let start = current
    var expression = try primary()
    while true {
      switch kind {
      case .leftParenthesis where isOnSameLine:
        let arguments = try arguments()
        expression = try node(.call(expression, arguments), span(from: start))
      case .leftBracket where isOnSameLine:
        let parts = try indexParts()
        expression = try node(.index(expression, parts), span(from: start))
      case .dot where isOnSameLine || kind(ahead: 1) == .name:
        advance()
        if case .number = expression.kind, kind != .name {
          throw fail(
            .expected(
              "a member's name", found: description(of: current),
              hint: "a number ends in a digit: `\(source.text(expression.span))` or `\(source.text(expression.span)).0`"
            ))
        }
        let name = try identifier("a member's name")
        expression = try node(.member(expression, name), span(from: start))
      default:
        return expression
      }
    }
  }

  /// args = [ arg { "," arg } [","] ]   arg = expr | name ":" expr | "..." expr
  private mutating func arguments() throws -> [Argument] {
    try bracketed { parser, open in
      var arguments: [Argument] = []
      var hasNamed = false
      while parser.kind != .rightParenthesis {
        let argument = try parser.argument()
        if case .named = argument.form {
          hasNamed = true
        } else if hasNamed {
          parser.report(.positionalAfterNamed, at: argument.value.span)
        }
        arguments.append(argument)
        if parser.take(.comma) == nil { break }
      }
      try parser.closing(open, .rightParenthesis, expected: "`,` or `)`")
      return arguments
    }
  }

  private mutating func argument() throws -> Argument {
    if take(.ellipsis) != nil { return Argument(form: .spread, value: try expression()) }
    let next = kind(ahead: 1)
    if kind == .name || kind.isKeyword, next == .colon || (next == .assign && kind == .name) {
      let name = try identifier("a name")
      if next == .assign {
        report(
          .assignmentAsValue(hint: "an argument is named with `:`, as in `\(name.name): …`; to compare, write `==`"),
          at: current.span)
      }
      advance()
      return Argument(form: .named(name), value: try expression())
    }
    return Argument(form: .positional, value: try expression())
  }

  /// index = slice { "," slice }
  private mutating func indexParts() throws -> [IndexPart] {
    try bracketed { parser, open in
      if parser.kind == .rightBracket { throw parser.fail(.emptyIndex) }
      var parts: [IndexPart] = []
      repeat {
        if parser.kind == .rightBracket { break }
        parts.append(try parser.indexPart())
      } while parser.take(.comma) != nil
      try parser.closing(open, .rightBracket, expected: "`,` or `]`")
      return parts
    }
  }

  /// slice = expr | [expr] ":" [expr] [ ":" [expr] ] | "..." | "none"
  private mutating func indexPart() throws -> IndexPart {
    let start = current
    if take(.ellipsis) != nil { return .ellipsis(start.span) }
    if kind == .noneKeyword, kind(ahead: 1) == .comma || kind(ahead: 1) == .rightBracket {
      advance()
      return .newAxis(start.span)
    }
    var first: Expression?
    if kind != .colon {
      let expression = try expression()
      guard kind == .colon else { return .position(expression) }
      first = expression
    }
    advance()
    let second = endsSlicePart ? nil : try expression()
    var third: Expression?
    if take(.colon) != nil, !endsSlicePart { third = try expression() }
    return .slice(start: first, stop: second, step: third, span(from: start))
  }

  private var endsSlicePart: Bool { kind == .colon || kind == .comma || kind == .rightBracket }
}
