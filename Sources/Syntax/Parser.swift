import Diagnostics

/// Thrown to leave a statement that cannot be understood; what is wrong has been reported.
struct SyntaxFailure: Error {}

/// A recursive-descent parser: one function for each rule of the grammar.
///
/// A function that cannot go on reports a mistake and throws; the loop over statements catches, looks for the next
/// statement, and goes on, so one run reports several errors. It always moves on by at least one token.
struct Parser {
  let source: SourceFile
  let tokens: [Token]
  let comments: [Comment]
  var mistakes: [(mistake: SyntaxMistake, span: Span)]
  /// The index of the current token; never past `endOfFile`.
  var index = 0
  /// True inside brackets, where a line may end anywhere.
  var newlinesAreFree = false
  /// The first token of the current statement; that it begins a line is no surprise.
  var statementStart = 0
  /// How many rules are under way within each other.
  var nesting = 0
  /// The brackets that the current statement has opened, as token indices.
  var openBrackets: [Int] = []
  var functionDepth = 0
  var loopDepth = 0
  /// True once parsing was given up: nested too deeply, or too many errors.
  var hasGivenUp = false
  /// True where the first mistake is that the text ends too early.
  var endsTooEarly = false
  let endsInsideText: Bool

  init(_ source: SourceFile) {
    var lexer = Lexer(source)
    lexer.run()
    self.source = source
    tokens = lexer.tokens
    comments = lexer.comments
    mistakes = lexer.mistakes
    endsInsideText = lexer.endsInsideText
  }

  // MARK: Tokens

  var current: Token { tokens[index] }
  var kind: TokenKind { tokens[index].kind }

  func kind(ahead distance: Int) -> TokenKind {
    index + distance < tokens.count ? tokens[index + distance].kind : .endOfFile
  }

  /// The end of the token before the current one.
  var previousEnd: Int32 { index > 0 ? tokens[index - 1].end : 0 }

  /// True where the current token stands on the line of the one before, or line ends do not matter.
  var isOnSameLine: Bool { newlinesAreFree || !current.isFirstOnLine }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  /// Moves past a token of this kind, if it is the current one.
  mutating func take(_ wanted: TokenKind) -> Token? {
    guard kind == wanted else { return nil }
    let token = current
    advance()
    return token
  }

  mutating func expect(_ wanted: TokenKind, _ what: String, hint: String? = nil) throws -> Token {
    if let token = take(wanted) { return token }
    throw fail(.expected(what, found: description(of: current), hint: hint))
  }

  /// The statement or expression from the token `start` to the one before the current.
  func span(from start: Token) -> Span { Span(start.start, max(start.end, previousEnd)) }

  // MARK: Mistakes

  mutating func report(_ mistake: SyntaxMistake, at span: Span) {
    guard !hasGivenUp else { return }
    // One mistake at a place is enough: what follows is its echo.
    if mistakes.contains(where: { $0.span.start == span.start }) { return }
    mistakes.append((mistake, span))
    if mistakes.count > SyntaxLimits.maximumErrors { giveUp() }
  }

  /// Reports a mistake at the current token (or where the line before it ends) and gives the error to throw.
  mutating func fail(_ mistake: SyntaxMistake, at span: Span? = nil) -> SyntaxFailure {
    // The lexer has already said what is wrong with an invalid token.
    if kind == .invalid, span == nil { return SyntaxFailure() }
    if mistakes.isEmpty, kind == .endOfFile { endsTooEarly = true }
    report(mistake, at: span ?? placeOfCurrent)
    return SyntaxFailure()
  }

  /// The current token, or the end of the line before where it begins another line.
  var placeOfCurrent: Span {
    kind == .endOfFile || isBeyondLine ? Span(previousEnd, previousEnd) : current.span
  }

  /// True where the current token stands on another line than what was parsed before.
  private var isBeyondLine: Bool { current.isFirstOnLine && !newlinesAreFree && index != statementStart }

  mutating func giveUp() {
    hasGivenUp = true
    index = tokens.count - 1
  }

  /// A token in the words of a message.
  func description(of token: Token) -> String {
    if token.kind == .endOfFile { return "the end" }
    if token.isFirstOnLine, isBeyondLine { return "the end of the line" }
    switch token.kind {
    case .stringStart: return "a string"
    case .stringText, .stringEnd: return "the end of the string"
    case .formatText, .interpolationEnd, .interpolationStart: return "`\(source.text(token.span).prefix(20))`"
    default: return "`\(shortened(source.text(token.span)))`"
    }
  }

  func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

  // MARK: Nesting

  /// Runs a rule one level deeper; past the limit the whole text is given up.
  mutating func nested<Result>(_ rule: (inout Parser) throws -> Result) throws -> Result {
    guard nesting < SyntaxLimits.maximumNesting else {
      let failure = fail(.nestedTooDeeply, at: current.span)
      giveUp()
      throw failure
    }
    nesting += 1
    defer { nesting -= 1 }
    return try rule(&self)
  }

  /// An expression node; gives up where its tree becomes too high.
  mutating func node(_ kind: Expression.Kind, _ span: Span) throws -> Expression {
    let expression = Expression(kind, span: span)
    if expression.height > SyntaxLimits.maximumHeight {
      report(.chainTooLong, at: Span(span.start, span.start))
      giveUp()
      throw SyntaxFailure()
    }
    return expression
  }
}

extension SyntaxTree {
  /// Parses a source. Never fails: mistakes are in `diagnostics`, in the order of the text.
  public init(parsing source: SourceFile) {
    var parser = Parser(source)
    let statements = parser.program()
    var mistakes = parser.mistakes
    let isCut = mistakes.count > SyntaxLimits.maximumErrors
    let completeness: Completeness =
      if mistakes.isEmpty {
        .complete
      } else if parser.endsInsideText || (parser.endsTooEarly && !isCut) {
        .incomplete
      } else {
        .invalid
      }
    mistakes.sort { $0.span.start < $1.span.start }
    if isCut {
      let end = mistakes[SyntaxLimits.maximumErrors].span
      mistakes.removeSubrange(SyntaxLimits.maximumErrors...)
      mistakes.append((.tooManyErrors, end))
    }
    self.init(
      source: source, statements: statements,
      diagnostics: mistakes.map { mistake, span in
        Diagnostic(
          .syntax, mistake.message, at: Location(source: source, span: span), hints: mistake.hint.map { [$0] } ?? [])
      },
      completeness: completeness, comments: parser.comments)
  }
}
