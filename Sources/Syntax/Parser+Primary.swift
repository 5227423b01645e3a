import Diagnostics

extension Parser {
  /// primary = number | string | "true" | "false" | "none" | name | tensor | list | record | if | try | "(" expr ")"
  mutating func primary() throws -> Expression {
    let token = current
    switch kind {
    case .name:
      if beginsLambda {
        report(.lambdaNeedsParentheses, at: token.span)
        return try lambda()
      }
      advance()
      return Expression(.name(source.text(token.span)), span: token.span)
    case .number:
      let value = number(token)
      advance()
      return Expression(.number(value), span: token.span)
    case .trueKeyword, .falseKeyword:
      advance()
      return Expression(.bool(token.kind == .trueKeyword), span: token.span)
    case .noneKeyword:
      advance()
      return Expression(.none, span: token.span)
    case .stringStart: return try string()
    case .leftParenthesis:
      if beginsLambda {
        report(.lambdaNeedsParentheses, at: token.span)
        return try lambda()
      }
      return try parenthesesOrList()
    case .leftBracket: return try tensor()
    case .leftBrace: return try record()
    case .ifKeyword: return try conditional()
    case .tryKeyword: return try attempt()
    case .notKeyword:
      report(.operatorNeedsParentheses("not", hint: "write `(not …)`"), at: token.span)
      advance()
      return try nested { try $0.unary() }
    case .fnKeyword where kind(ahead: 1) == .leftParenthesis: return try anonymousFunction()
    default:
      let after: String? =
        if index > 0, tokens[index - 1].kind.takesOperand { tokens[index - 1].kind.rawValue } else { nil }
      throw fail(.valueMissing(after: after, found: description(of: token), hint: hintForMissingValue()))
    }
  }

  /// The value of a number token.
  private mutating func number(_ token: Token) -> Double {
    let bytes = source.bytes[Int(token.start)..<Int(token.end)]
    if bytes.count <= 15, bytes.allSatisfy(isDigit) {
      return Double(bytes.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) })
    }
    let text = String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    let value: Double
    if text.hasPrefix("0x") || text.hasPrefix("0X") {
      value = text.dropFirst(2).reduce(0) { $0 * 16 + Double($1.hexDigitValue ?? 0) }
    } else {
      value = Double(text.hasPrefix(".") ? "0" + text : text) ?? .infinity
    }
    if !value.isFinite { report(.numberTooLarge(shortened(text)), at: token.span) }
    return value
  }

  // MARK: Brackets

  /// Parses what stands in brackets, from the opening one; line ends are free in them.
  mutating func bracketed<Result>(_ rule: (inout Parser, Int) throws -> Result) throws -> Result {
    let wasFree = newlinesAreFree
    let open = index
    openBrackets.append(open)
    newlinesAreFree = true
    advance()
    let result = try rule(&self, open)
    openBrackets.removeLast()
    newlinesAreFree = wasFree
    return result
  }

  /// The closing bracket; where something else stands, says what was expected, or which bracket is unclosed.
  mutating func closing(_ open: Int, _ closer: TokenKind, expected: String) throws {
    if take(closer) != nil { return }
    let opening = tokens[open]
    let isOuterCloser = openBrackets.contains { Int(tokens[$0].partner) == index }
    switch kind {
    case .endOfFile:
      throw fail(.unclosed(opening.kind, because: "a `\(closer.rawValue)` is missing"), at: opening.span)
    case _ where isOuterCloser || (current.isFirstOnLine && kind.beginsStatement):
      let line = source.position(of: current.start).line
      let place = line == source.position(of: opening.start).line ? "" : " before line \(line)"
      throw fail(.unclosed(opening.kind, because: "a `\(closer.rawValue)` is missing\(place)"), at: opening.span)
    case .rightParenthesis, .rightBracket, .rightBrace:
      throw fail(.wrongCloser(kind, open: opening.kind, openedAt: source.position(of: opening.start)))
    case .assign:
      throw fail(.assignmentAsValue(hint: "to compare, write `==`"))
    case .forKeyword:
      throw fail(.expected(expected, found: "`for`", hint: "there are no comprehensions: write `xs |> map(x -> …)`"))
    default:
      let hint = kind.beginsExpression ? "elements are separated by commas" : nil
      throw fail(.expected(expected, found: description(of: current), hint: hint))
    }
  }

  /// list = "(" ")" | "(" expr "," [ expr { "," expr } [","] ] ")", or an expression in parentheses
  private mutating func parenthesesOrList() throws -> Expression {
    let start = current
    let content: Expression.Kind = try bracketed { parser, open in
      if parser.take(.rightParenthesis) != nil { return .list([]) }
      let first = try parser.expression()
      if parser.kind != .comma {
        try parser.closing(open, .rightParenthesis, expected: "`,` or `)`")
        return .parenthesized(first)
      }
      var elements = [first]
      while parser.take(.comma) != nil, parser.kind != .rightParenthesis { elements.append(try parser.expression()) }
      try parser.closing(open, .rightParenthesis, expected: "`,` or `)`")
      return .list(elements)
    }
    return try node(content, span(from: start))
  }

  /// tensor = "[" [ row { ";" row } [";"] ] "]"       row = expr { "," expr } [","]
  private mutating func tensor() throws -> Expression {
    let start = current
    let content: Expression.Kind = try bracketed { parser, open in
      var rows: [[Expression]] = []
      var hasSemicolons = false
      while parser.kind != .rightBracket {
        var row = [try parser.expression()]
        while parser.take(.comma) != nil, parser.kind != .rightBracket, parser.kind != .semicolon {
          row.append(try parser.expression())
        }
        rows.append(row)
        if parser.take(.semicolon) == nil { break }
        hasSemicolons = true
      }
      try parser.closing(open, .rightBracket, expected: "`,`, `;` or `]`")
      return .tensor(rows: rows, hasSemicolons: hasSemicolons)
    }
    return try node(content, span(from: start))
  }

  /// True where the `{` here opens a record: a field or `}` follows.
  var beginsRecord: Bool {
    let next = kind(ahead: 1)
    if next == .rightBrace { return true }
    if next == .name || next.isKeyword { return kind(ahead: 2) == .colon }
    guard next == .stringStart else { return false }
    return kind(ahead: 2) == .stringEnd
      ? kind(ahead: 3) == .colon : kind(ahead: 3) == .stringEnd && kind(ahead: 4) == .colon
  }

  /// record = "{" [ field { "," field } [","] ] "}"   field = ( name | string ) ":" expr
  private mutating func record() throws -> Expression {
    let start = current
    let next = kind(ahead: 1)
    guard beginsRecord || (next == .name && kind(ahead: 2) == .comma) || next == .ellipsis else {
      throw fail(.blockAsValue)
    }
    let fields: [RecordField] = try bracketed { parser, open in
      var fields: [RecordField] = []
      var names: Set<String> = []
      while parser.kind != .rightBrace {
        let name = try parser.fieldName()
        if !names.insert(name.name).inserted {
          parser.report(.repeatedField(name.name), at: name.span)
        }
        if parser.kind != .colon {
          let hint = parser.kind == .comma || parser.kind == .rightBrace ? "write `\(name.name): \(name.name)`" : nil
          throw parser.fail(
            .expected("`:` after the field's name", found: parser.description(of: parser.current), hint: hint))
        }
        parser.advance()
        fields.append(RecordField(name: name, value: try parser.expression()))
        if parser.take(.comma) == nil { break }
      }
      if parser.kind == .name || parser.kind == .stringStart {
        throw parser.fail(
          .expected("`,` or `}`", found: parser.description(of: parser.current), hint: "fields are separated by commas")
        )
      }
      try parser.closing(open, .rightBrace, expected: "`,` or `}`")
      return fields
    }
    return try node(.record(fields), span(from: start))
  }

  private mutating func fieldName() throws -> Identifier {
    if kind == .stringStart {
      let start = current
      return Identifier(try plainString(), span(from: start))
    }
    return try identifier("a field's name")
  }

  // MARK: if and try

  /// if = "if" expr block [ "else" ( if | block ) ]
  private mutating func conditional() throws -> Expression {
    try nested { parser in
      let start = parser.current
      parser.advance()
      let condition = try parser.condition()
      let then = try parser.block(of: "`if`")
      var otherwise: Expression.ElseBranch?
      if parser.take(.elseKeyword) != nil {
        if parser.kind == .ifKeyword {
          otherwise = .conditional(try parser.conditional())
        } else {
          otherwise = .block(try parser.block(of: "`else`"))
        }
      } else if parser.kind == .name, Self.elseIfWords.contains(parser.source.text(parser.current.span)) {
        parser.report(
          .foreignKeyword(parser.source.text(parser.current.span), hint: "write `else if`"), at: parser.current.span)
        otherwise = .conditional(try parser.conditional())
      }
      return try parser.node(
        .conditional(condition: condition, then: then, otherwise: otherwise), parser.span(from: start))
    }
  }

  /// try = "try" block "catch" name block
  private mutating func attempt() throws -> Expression {
    try nested { parser in
      let start = parser.current
      parser.advance()
      let body = try parser.block(of: "`try`")
      let form = "write `try { … } catch e { … }`"
      guard parser.take(.catchKeyword) != nil else {
        throw parser.fail(.expected("`catch`", found: parser.description(of: parser.current), hint: form))
      }
      guard parser.kind == .name || parser.kind.isKeyword else {
        throw parser.fail(.expected("a name for the error", found: parser.description(of: parser.current), hint: form))
      }
      let error = try parser.identifier("a name for the error")
      let handler = try parser.block(of: "`catch`")
      return try parser.node(.attempt(body, error: error, handler: handler), parser.span(from: start))
    }
  }
}

extension TokenKind {
  /// True for operators: a value follows them.
  var takesOperand: Bool {
    switch self {
    case .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .powerAssign, .matrixMultiplyAssign,
      .plus,
      .minus, .star, .slash, .doubleSlash, .percent, .at, .caret, .equal, .notEqual, .less, .lessEqual, .greater,
      .greaterEqual, .pipe, .compose, .arrow, .andKeyword, .orKeyword, .notKeyword, .inKeyword, .comma:
      true
    default: false
    }
  }
}
