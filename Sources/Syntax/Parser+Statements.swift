import Diagnostics

extension Parser {
  /// program = { statement ( newline | ";" ) }
  mutating func program() -> [Statement] { statements(in: nil) }

  /// The statements up to the end of the text, or of the block whose `{` is given.
  mutating func statements(in brace: Token?) -> [Statement] {
    var statements: [Statement] = []
    while !hasGivenUp {
      while take(.semicolon) != nil {}
      if kind == .endOfFile { break }
      if kind == .rightBrace, brace != nil { break }
      let start = current
      let before = index
      statementStart = index
      let brackets = openBrackets.count
      do {
        statements.append(try nested { try $0.statement() })
      } catch {
        recover(from: before, brackets: brackets)
        statements.append(Statement(.invalid, span: span(from: start)))
      }
      if index == before { advance() }
    }
    return statements
  }

  /// Goes to the start of the next statement, past the brackets that the failed one has opened.
  private mutating func recover(from first: Int, brackets: Int) {
    newlinesAreFree = false
    let start = tokens[first].kind
    if openBrackets.count > brackets {
      let partner = Int(tokens[openBrackets[brackets]].partner)
      if partner >= index { index = partner }
      if partner == index { advance() }
      openBrackets.removeSubrange(brackets...)
    }
    if index == first {
      if current.partner > index { index = Int(current.partner) }
      advance()
    }
    let hasHeader = start == .forKeyword || start == .whileKeyword || start == .ifKeyword || start == .fnKeyword
    while kind != .endOfFile {
      if current.isFirstOnLine, !kind.continuesLine, kind != .dot { return }
      if kind == .rightBrace || (kind == .semicolon && !hasHeader) { return }
      if current.partner > index { index = Int(current.partner) }
      advance()
    }
  }

  mutating func statement() throws -> Statement {
    let start = current
    let content = try statementKind()
    let span = span(from: start)
    return Statement(content, span: span, endsWithSemicolon: try endOfStatement(content))
  }

  /// `;`, the end of a line, of a block or of the text. Gives true for `;`.
  private mutating func endOfStatement(_ content: Statement.Kind) throws -> Bool {
    if take(.semicolon) != nil { return true }
    if kind == .endOfFile || kind == .rightBrace || current.isFirstOnLine { return false }
    if kind == .rightParenthesis || kind == .rightBracket { throw fail(.nothingToClose(kind)) }
    let failure = fail(.twoStatements(next: description(of: current), hint: hintForTwoStatements(content)))
    guard kind.beginsStatement || kind.beginsExpression else { throw failure }
    if case .expression = content, !kind.beginsStatement { throw failure }
    return false
  }

  private mutating func statementKind() throws -> Statement.Kind {
    switch kind {
    case .letKeyword, .varKeyword: return try binding()
    case .fnKeyword: return .function(try functionDeclaration())
    case .forKeyword: return try forLoop()
    case .whileKeyword:
      advance()
      let condition = try condition()
      return .whileLoop(condition, try loopBody("while"))
    case .returnKeyword:
      let token = current
      advance()
      if functionDepth == 0 { report(.outside("return", of: "a function"), at: token.span) }
      if kind == .semicolon || kind == .rightBrace || kind == .endOfFile || current.isFirstOnLine {
        return .returning(nil)
      }
      return .returning(try expression())
    case .breakKeyword, .continueKeyword:
      let token = current
      advance()
      if loopDepth == 0 { report(.outside(token.kind.rawValue, of: "a loop"), at: token.span) }
      return token.kind == .breakKeyword ? .breaking : .continuing
    case .importKeyword: return try importStatement()
    case .elseKeyword: throw fail(.withoutOpening("else", opening: "if"))
    case .catchKeyword: throw fail(.withoutOpening("catch", opening: "try"))
    case .rightParenthesis, .rightBracket, .rightBrace: throw fail(.nothingToClose(kind))
    case .name:
      if let statement = try foreignStatement() { return statement }
    default: break
    }
    return try expressionOrAssignment()
  }

  // MARK: let and var

  private mutating func binding() throws -> Statement.Kind {
    let isVariable = kind == .varKeyword
    let word = current.kind.rawValue
    advance()
    if kind == .name, self.kind(ahead: 1) == .name, source.text(current.span) == "mut" {
      throw fail(.foreignKeyword("mut", hint: "a variable that changes is declared with `var`"))
    }
    let pattern = try pattern()
    if kind != .assign {
      throw fail(.expected("`=` and a value", found: description(of: current), hint: hintForBinding(word, pattern)))
    }
    advance()
    let value = try expression()
    if kind == .assign, isOnSameLine {
      throw fail(.assignmentAsValue(hint: "bind one name at a time"))
    }
    if kind == .comma { throw fail(.twoStatements(next: "`,`", hint: "a list is written `(a, b)`")) }
    return .binding(isVariable: isVariable, pattern, value)
  }

  private func hintForBinding(_ word: String, _ pattern: Pattern) -> String? {
    guard !current.isFirstOnLine else { return nil }
    let name = source.text(pattern.span)
    switch kind {
    case .colon: return "Glia has no type annotations: write `\(word) \(name) = …`"
    case .equal: return "`==` compares; `=` binds"
    case .comma: return "several names stand in parentheses: `\(word) (a, b) = …`"
    case .leftParenthesis: return "functions are declared with `fn \(name)(x) = …`"
    case .dot, .leftBracket: return "a part of a value is assigned without `\(word)`"
    case .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .powerAssign, .matrixMultiplyAssign:
      return "change a variable without `\(word)`: `\(name) \(kind.rawValue) …`"
    default: return nil
    }
  }

  /// pattern = name | "(" pattern { "," pattern } [","] ")"
  mutating func pattern() throws -> Pattern {
    guard kind == .leftParenthesis else { return .name(try identifier("a name")) }
    return try nested { parser in
      let start = parser.current
      return try parser.bracketed { parser, open in
        var parts: [Pattern] = []
        repeat {
          if parser.kind == .rightParenthesis, !parts.isEmpty { break }
          parts.append(try parser.pattern())
        } while parser.take(.comma) != nil
        try parser.closing(open, .rightParenthesis, expected: "`,` or `)`")
        return .list(parts, parser.span(from: start))
      }
    }
  }

  /// A name that is being given; a keyword is refused with a suggestion.
  mutating func identifier(_ what: String) throws -> Identifier {
    if kind == .name {
      let identifier = Identifier(source.text(current.span), current.span)
      advance()
      return identifier
    }
    if kind.isKeyword, isOnSameLine { throw fail(.keywordAsName(kind.rawValue)) }
    throw fail(.expected(what, found: description(of: current), hint: nil))
  }

  // MARK: Loops and imports

  private mutating func forLoop() throws -> Statement.Kind {
    advance()
    let pattern = try pattern()
    if kind != .inKeyword {
      let hint =
        switch kind {
        case .comma: "several names stand in parentheses: `for (i, x) in enumerate(xs) { … }`"
        default: "a loop is written `for i in range(10) { … }`"
        }
      throw fail(.expected("`in`", found: description(of: current), hint: hint))
    }
    advance()
    let sequence = try expression()
    return .forLoop(pattern, sequence, try loopBody("for"))
  }

  private mutating func loopBody(_ word: String) throws -> Block {
    loopDepth += 1
    defer { loopDepth -= 1 }
    return try block(of: "`\(word)`")
  }

  private mutating func importStatement() throws -> Statement.Kind {
    advance()
    let target: Statement.ImportTarget
    if kind == .stringStart {
      let start = current
      target = .file(try plainString(), span(from: start))
    } else {
      target = .module(try identifier("the name of a module, or a file in quotes"))
    }
    var alias: Identifier?
    if kind == .asKeyword, isOnSameLine {
      advance()
      alias = try identifier("a name")
    }
    return .importing(target, alias: alias)
  }

  // MARK: Blocks

  /// block = "{" { statement } "}"
  mutating func block(of what: String) throws -> Block {
    guard kind == .leftBrace else {
      let isForeign = kind == .colon || kind == .name || current.isFirstOnLine
      let hint = isForeign ? "a body stands in braces: `{ … }`" : nil
      throw fail(.expected("`{` and the body of \(what)", found: description(of: current), hint: hint))
    }
    return try nested { parser in
      let start = parser.current
      let wasFree = parser.newlinesAreFree
      parser.openBrackets.append(parser.index)
      parser.newlinesAreFree = false
      parser.advance()
      let statements = parser.statements(in: start)
      guard parser.kind == .rightBrace else {
        throw parser.fail(.unclosed(.leftBrace, because: "a `}` is missing"), at: start.span)
      }
      parser.advance()
      parser.openBrackets.removeLast()
      parser.newlinesAreFree = wasFree
      return Block(statements: statements, span: parser.span(from: start))
    }
  }

  // MARK: Assignments and expressions

  private mutating func expressionOrAssignment() throws -> Statement.Kind {
    let target = try expression()
    guard isOnSameLine, let operation = Self.assignments[kind] else {
      if kind == .colon, self.kind(ahead: 1) == .assign, case .name(let name) = target.kind {
        throw fail(.foreignOperator(":=", meant: "`let \(name) = …`, or `\(name) = …` to change a variable"))
      }
      return .expression(target)
    }
    let operatorSpan = current.span
    if let (what, hint) = refusal(ofPlace: target) {
      report(.cannotAssign(what, hint: hint), at: target.span)
    }
    advance()
    let value = try expression()
    if kind == .assign, isOnSameLine { throw fail(.assignmentAsValue(hint: "assign to one name at a time")) }
    return .assignment(place: target, operator: operation, operatorSpan: operatorSpan, value: value)
  }

  /// The assignment operators, with the operation that each applies.
  private static let assignments: [TokenKind: BinaryOperator?] = [
    .assign: nil, .addAssign: .add, .subtractAssign: .subtract, .multiplyAssign: .multiply,
    .divideAssign: .divide, .powerAssign: .power, .matrixMultiplyAssign: .matrixMultiply,
  ]

  /// Nil where the expression is a place: a name with any members and indexes.
  private func refusal(ofPlace place: Expression) -> (String, hint: String?)? {
    var base = place
    while true {
      switch base.kind {
      case .name: return nil
      case .member(let inner, _), .index(let inner, _): base = inner
      case .call(let function, _):
        if base === place, case .name(let name) = function.kind {
          return ("the result of a call", "a function is declared with `fn \(name)(…) = …`")
        }
        return (base === place ? "the result of a call" : "a part of a call's result", "give the result a name first")
      case .list, .parenthesized:
        return ("a list", "declare several names with `let \(shortened(source.text(base.span))) = …`")
      case .number, .string, .bool, .none: return ("a literal", base === place ? "to compare, write `==`" : nil)
      case .binary, .unary: return ("the result of an operator", "to compare, write `==`")
      default: return ("this expression", nil)
      }
    }
  }
}
