import Diagnostics

/// Turns source text into tokens. Works on bytes; whatever it cannot read it reports, and goes on.
///
/// A string with interpolations is a sequence of tokens (`"a {x:.2f}"` is start, text, `{`, name, format, `}`, end), so
/// strings and braces nest to any depth without the lexer calling itself.
struct Lexer {
  let source: SourceFile
  let bytes: [UInt8]
  var position = 0
  var tokens: [Token] = []
  var comments: [Comment] = []
  var mistakes: [(mistake: SyntaxMistake, span: Span)] = []
  /// True where the text ends inside a `"""` string: more lines could finish it.
  var endsInsideText = false

  /// An open bracket: its token, and what would close it.
  struct Bracket {
    let token: Int
    let kind: TokenKind
  }

  /// A string that is being read.
  struct OpenString {
    let isTriple: Bool
    let start: Int32
    /// How many brackets were open outside it.
    let brackets: Int
  }

  var brackets: [Bracket] = []
  var strings: [OpenString] = []
  /// True inside the text of the innermost string; false in code, also inside its braces.
  var isInText = false
  var isAtLineStart = true

  init(_ source: SourceFile) {
    self.source = source
    self.bytes = source.bytes
    tokens.reserveCapacity(bytes.count / 3 + 8)
  }

  /// Reads everything; `tokens` then ends with `endOfFile`.
  mutating func run() {
    if bytes.starts(with: LineMap.byteOrderMark) { position = 3 }
    if source.isTooLarge {
      report(.sourceTooLarge, 0, 0)
    } else if let invalid = firstInvalidByte(in: bytes) {
      report(.notUnicode(byte: bytes[invalid]), invalid, invalid + 1)
      position = bytes.count
    }
    while position < bytes.count {
      if isInText { readText() } else { readToken() }
    }
    closeStringsAtEnd()
    isInText = false
    add(.endOfFile, from: bytes.count)
  }

  // MARK: Helpers

  /// The byte `distance` ahead, or 0 past the end.
  func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func report(_ mistake: SyntaxMistake, _ start: Int, _ end: Int) {
    // Far more than are shown: a file that is no text must not fill the memory with reports.
    guard mistakes.count <= SyntaxLimits.maximumErrors else { return }
    mistakes.append((mistake, Span(Int32(start), Int32(end))))
  }

  /// Adds a token that reaches from `start` to the current position.
  mutating func add(_ kind: TokenKind, from start: Int) {
    tokens.append(Token(kind: kind, isFirstOnLine: isAtLineStart, start: Int32(start), end: Int32(position)))
    isAtLineStart = false
  }

  // MARK: Code

  mutating func readToken() {
    let start = position
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      position += 1
    case UInt8(ascii: "\n"):
      if let string = strings.last, !string.isTriple {
        closeUnfinishedStrings()
      } else {
        position += 1
        isAtLineStart = true
      }
    case UInt8(ascii: "#"):
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      let end = position > start && bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
      comments.append(Comment(span: Span(Int32(start), Int32(end)), isAlone: isAtLineStart))
    case UInt8(ascii: "\""):
      startString()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      readNumber()
    case UInt8(ascii: ".") where isDigit(peek(1)):
      readNumber()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      readName()
    case 0x80...:
      if isLetter(scalar(at: position).value) { readName() } else { readStrangeCharacter() }
    default:
      readPunctuation(byte)
    }
  }

  mutating func readName() {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if isNameByte(byte) {
        position += 1
      } else if byte >= 0x80 {
        let (value, length) = scalar(at: position)
        guard isLetter(value) || continuesName(value) else { break }
        position += length
      } else {
        break
      }
    }
    add(keyword(start..<position) ?? .name, from: start)
  }

  private func keyword(_ range: Range<Int>) -> TokenKind? {
    guard range.count >= 2, range.count <= Keywords.longest, bytes[range.lowerBound] >= UInt8(ascii: "a") else {
      return nil
    }
    return Keywords.kindOfName[String(decoding: bytes[range], as: UTF8.self)]
  }

  mutating func readNumber() {
    let start = position
    if peek() == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X") {
      position += 2
      while isHexDigit(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
    } else {
      while isDigit(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
      if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
        position += 1
        while isDigit(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
      }
      if peek() | 0x20 == UInt8(ascii: "e") {
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 2 : 1
        if isDigit(peek(sign)) {
          position += sign
          while isDigit(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
        }
      }
    }
    let digits = start..<position
    if isNameByte(peek()) || (peek() >= 0x80 && isLetter(scalar(at: position).value)) {
      while isNameByte(peek()) || peek() >= 0x80 { position += 1 }
      report(.nameBeginsWithDigit(text(start..<position)), start, position)
      add(.invalid, from: start)
      return
    }
    let last = bytes[digits.upperBound - 1]
    if last == UInt8(ascii: "_") || last | 0x20 == UInt8(ascii: "x") {
      report(.unfinishedNumber(text(digits)), start, position)
      add(.invalid, from: start)
      return
    }
    add(.number, from: start)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  // MARK: Brackets

  mutating func open(_ kind: TokenKind, closing: TokenKind) {
    let start = position
    position += 1
    brackets.append(Bracket(token: tokens.count, kind: closing))
    add(kind, from: start)
  }

  /// A closing bracket: it closes the innermost open one of its kind; what is open inside that one stays unclosed.
  mutating func close(_ kind: TokenKind) {
    let start = position
    position += 1
    let floor = strings.last?.brackets ?? 0
    var index = brackets.count
    while index > floor, brackets[index - 1].kind != kind { index -= 1 }
    if index > floor {
      tokens[brackets[index - 1].token].partner = Int32(tokens.count)
      brackets.removeSubrange((index - 1)...)
    }
    add(kind, from: start)
  }
}
