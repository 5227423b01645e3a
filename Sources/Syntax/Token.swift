import Diagnostics

/// What a token is. Punctuation and keywords have their spelling as raw value.
public enum TokenKind: String, Sendable, CaseIterable {
  case endOfFile = "the end of the file"
  /// A character that means nothing; the lexer has reported it.
  case invalid = "this"
  case name = "a name"
  case number = "a number"

  // Strings are several tokens: start, then texts and interpolations, then end.
  case stringStart = "a string"
  case stringText = "text"
  case interpolationStart = "`{` in a string"
  case formatText = "a format"
  case interpolationEnd = "`}` in a string"
  case stringEnd = "the end of a string"

  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case semicolon = ";"
  case colon = ":"
  case dot = "."
  case ellipsis = "..."
  case arrow = "->"

  case assign = "="
  case addAssign = "+="
  case subtractAssign = "-="
  case multiplyAssign = "*="
  case divideAssign = "/="
  case powerAssign = "^="
  case matrixMultiplyAssign = "@="

  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case caret = "^"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case pipe = "|>"
  case compose = ">>"

  case letKeyword = "let"
  case varKeyword = "var"
  case fnKeyword = "fn"
  case returnKeyword = "return"
  case ifKeyword = "if"
  case elseKeyword = "else"
  case forKeyword = "for"
  case inKeyword = "in"
  case whileKeyword = "while"
  case breakKeyword = "break"
  case continueKeyword = "continue"
  case importKeyword = "import"
  case asKeyword = "as"
  case tryKeyword = "try"
  case catchKeyword = "catch"
  case andKeyword = "and"
  case orKeyword = "or"
  case notKeyword = "not"
  case trueKeyword = "true"
  case falseKeyword = "false"
  case noneKeyword = "none"

  public var isKeyword: Bool { Keywords.kinds.contains(self) }

  /// A keyword with which a statement, but no expression, begins.
  var beginsStatement: Bool {
    switch self {
    case .letKeyword, .varKeyword, .fnKeyword, .returnKeyword, .forKeyword, .whileKeyword, .breakKeyword,
      .continueKeyword, .importKeyword:
      true
    default: false
    }
  }

  /// True where an expression can begin with this token.
  var beginsExpression: Bool {
    switch self {
    case .name, .number, .stringStart, .leftParenthesis, .leftBracket, .leftBrace, .minus, .ifKeyword, .tryKeyword,
      .notKeyword, .trueKeyword, .falseKeyword, .noneKeyword:
      true
    default: false
    }
  }

  /// True where a line that starts with this token goes on with the statement of the line before.
  var continuesLine: Bool {
    switch self {
    case .pipe, .compose, .andKeyword, .orKeyword: true
    default: false
    }
  }
}

/// The keywords of the language: no variable can have these names.
public enum Keywords {
  static let kinds: Set<TokenKind> = [
    .letKeyword, .varKeyword, .fnKeyword, .returnKeyword, .ifKeyword, .elseKeyword, .forKeyword, .inKeyword,
    .whileKeyword, .breakKeyword, .continueKeyword, .importKeyword, .asKeyword, .tryKeyword, .catchKeyword, .andKeyword,
    .orKeyword, .notKeyword, .trueKeyword, .falseKeyword, .noneKeyword,
  ]

  /// All keywords, in alphabetical order.
  public static let all: [String] = kinds.map(\.rawValue).sorted()

  /// The longest keyword has this many bytes.
  static let longest = all.map(\.utf8.count).max() ?? 0

  static let kindOfName: [String: TokenKind] = Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, $0) })
}

/// One token: what it is and where.
public struct Token: Sendable {
  public let kind: TokenKind
  /// True where a line ends between the token before and this one.
  public let isFirstOnLine: Bool
  public let start: Int32
  public let end: Int32
  /// Of an opening bracket: the index of the token that closes it, or -1 where none does.
  var partner: Int32 = -1

  public var span: Span { Span(start, end) }
}

/// A comment, from its `#` to the end of the line.
public struct Comment: Sendable {
  public let span: Span
  /// True where nothing but space stands before it on its line.
  public let isAlone: Bool
}
