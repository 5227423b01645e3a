import Diagnostics

extension Parser {
  /// "fn" name "(" params ")" ( block | "=" expr )
  mutating func functionDeclaration() throws -> FunctionNode {
    let start = current
    let documentation = documentation(above: start)
    advance()
    if kind == .leftParenthesis {
      throw fail(.expected("the function's name", found: "`(`", hint: "a function without a name is `x -> …`"))
    }
    let name = try identifier("the function's name")
    guard kind == .leftParenthesis else {
      throw fail(
        .expected("`(` and the parameters", found: description(of: current), hint: "write `fn \(name.name)(x) = …`"))
    }
    let parameters = try parameters()
    if kind == .arrow || kind == .colon {
      throw fail(
        .expected("`{` or `=`", found: description(of: current), hint: "Glia has no type annotations"))
    }
    guard kind == .leftBrace || kind == .assign else {
      let hint = "write `fn \(name.name)(…) = value` or `fn \(name.name)(…) { … }`"
      throw fail(.expected("`{` or `=`", found: description(of: current), hint: hint))
    }
    let body: FunctionNode.Body =
      try inFunction { parser in
        if parser.take(.assign) != nil {
          if parser.kind == .leftBrace, !parser.beginsRecord { return .block(try parser.block(of: "the function")) }
          return .expression(try parser.expression())
        }
        return .block(try parser.block(of: "the function"))
      }
    return FunctionNode(
      name: name, parameters: parameters, body: body, documentation: documentation, span: span(from: start))
  }

  /// lambda = ( name | "(" params ")" ) "->" ( expr | block )
  mutating func lambda() throws -> Expression {
    let start = current
    let parameters: [Parameter]
    if kind == .name {
      parameters = [Parameter(name: try identifier("a parameter"), defaultValue: nil, isRest: false)]
    } else {
      parameters = try self.parameters()
    }
    return try lambdaBody(parameters, from: start)
  }

  /// `fn(x) { … }` and `function(x) { … }` of other languages, read as a lambda.
  mutating func anonymousFunction() throws -> Expression {
    let start = current
    report(
      .foreignKeyword("fn(…)", hint: "a function without a name is `x -> …` or `(x, y) -> { … }`"), at: current.span)
    advance()
    guard kind == .leftParenthesis else { throw SyntaxFailure() }
    return try lambdaBody(try parameters(), from: start)
  }

  private mutating func lambdaBody(_ parameters: [Parameter], from start: Token) throws -> Expression {
    if kind == .arrow || kind == .assign { advance() }
    let body: FunctionNode.Body =
      try inFunction { parser in
        parser.kind == .leftBrace && !parser.beginsRecord
          ? .block(try parser.block(of: "the function")) : .expression(try parser.expression())
      }
    let span = span(from: start)
    let function = FunctionNode(name: nil, parameters: parameters, body: body, documentation: nil, span: span)
    return try node(.lambda(function), span)
  }

  /// Parses a body: `return` is allowed in it, and it is in no loop.
  private mutating func inFunction<Result>(_ body: (inout Parser) throws -> Result) rethrows -> Result {
    let loops = loopDepth
    loopDepth = 0
    functionDepth += 1
    defer {
      loopDepth = loops
      functionDepth -= 1
    }
    return try body(&self)
  }

  /// True where a lambda begins here: `x ->` or `( … ) ->`.
  var beginsLambda: Bool {
    if kind == .name {
      return kind(ahead: 1) == .arrow && (newlinesAreFree || !tokens[index + 1].isFirstOnLine)
    }
    guard kind == .leftParenthesis, current.partner >= 0 else { return false }
    let after = Int(current.partner) + 1
    return after < tokens.count && tokens[after].kind == .arrow && (newlinesAreFree || !tokens[after].isFirstOnLine)
  }

  /// "(" [ param { "," param } [","] ] ")"
  mutating func parameters() throws -> [Parameter] {
    try bracketed { parser, open in
      var parameters: [Parameter] = []
      var names: Set<String> = []
      while parser.kind != .rightParenthesis {
        let parameter = try parser.parameter()
        if parameter.isRest, parameters.contains(where: \.isRest) {
          parser.report(.secondRest, at: parameter.name.span)
        }
        if !names.insert(parameter.name.name).inserted, parameter.name.name != "_" {
          parser.report(.repeatedParameter(parameter.name.name), at: parameter.name.span)
        }
        parameters.append(parameter)
        if parser.take(.comma) == nil { break }
      }
      if parser.kind == .colon {
        throw parser.fail(
          .expected("`,` or `)`", found: "`:`", hint: "Glia has no type annotations; a default is `x = 2`"))
      }
      try parser.closing(open, .rightParenthesis, expected: "`,` or `)`")
      return parameters
    }
  }

  private mutating func parameter() throws -> Parameter {
    let isRest = take(.ellipsis) != nil
    if kind == .star { throw fail(.foreignOperator("*", meant: "`...rest`")) }
    guard kind == .name || kind.isKeyword else { throw fail(.badParameter) }
    let name = try identifier("a parameter")
    var value: Expression?
    if let equals = take(.assign) {
      if isRest { report(.badParameter, at: equals.span) }
      value = try expression()
    }
    return Parameter(name: name, defaultValue: value, isRest: isRest)
  }

  /// The `##` lines directly above a token, without their marks.
  private func documentation(above token: Token) -> String? {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].span.start < token.start { low = middle + 1 } else { high = middle }
    }
    var lines: [String] = []
    var below = token.start
    while low > 0 {
      low -= 1
      let comment = comments[low]
      let gap = source.bytes[Int(comment.span.end)..<Int(below)]
      guard comment.isAlone, gap.count(where: { $0 == UInt8(ascii: "\n") }) == 1,
        gap.allSatisfy({
          $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        })
      else { break }
      let text = source.text(comment.span)
      guard text.hasPrefix("##") else { break }
      let line = text.drop { $0 == "#" }
      lines.append(String(line.first == " " ? line.dropFirst() : line))
      below = comment.span.start
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }
}
