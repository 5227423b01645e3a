import Diagnostics

extension Lexer {
  mutating func readPunctuation(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): open(.leftParenthesis, closing: .rightParenthesis)
    case UInt8(ascii: "["): open(.leftBracket, closing: .rightBracket)
    case UInt8(ascii: "{"): open(.leftBrace, closing: .rightBrace)
    case UInt8(ascii: ")"): close(.rightParenthesis)
    case UInt8(ascii: "]"): close(.rightBracket)
    case UInt8(ascii: "}"): closeBrace()
    case UInt8(ascii: ":"):
      if endsInterpolation { readFormat() } else { take(.colon, 1) }
    case UInt8(ascii: ","): take(.comma, 1)
    case UInt8(ascii: ";"): take(.semicolon, 1)
    case UInt8(ascii: "'"): readSingleQuoted()
    default: readOperator()
    }
  }

  /// The operators by their bytes, longest first; those of other languages are reported and read as what they mean.
  private static let operators: [(spelling: [UInt8], kind: TokenKind?, meant: String?)] = {
    let own: [TokenKind] = [
      .dot, .ellipsis, .arrow, .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .powerAssign,
      .matrixMultiplyAssign, .plus, .minus, .star, .slash, .doubleSlash, .percent, .at, .caret, .equal, .notEqual,
      .less,
      .lessEqual, .greater, .greaterEqual, .pipe, .compose,
    ]
    let foreign: [(String, TokenKind?, String)] = [
      ("&&", .andKeyword, "`and`"), ("||", .orKeyword, "`or`"), ("!", .notKeyword, "`not`"), ("**", .caret, "`^`"),
      ("**=", .powerAssign, "`^=`"), ("=>", .arrow, "`->`"), ("===", .equal, "`==`"), ("!==", .notEqual, "`!=`"),
      ("<>", .notEqual, "`!=`"), ("=<", .lessEqual, "`<=`"), ("++", nil, "`x += 1` (for lists: `a + b`)"),
      ("//=", .assign, "`x = x // y`"), ("%=", .assign, "`x = x % y`"),
      ("&", .andKeyword, "`and`"), ("|", .orKeyword, "`or`"), ("~", .notKeyword, "`not`"),
      ("..", nil, "`range(a, b)`, and a slice `x[a:b]`"),
    ]
    var all: [(spelling: [UInt8], kind: TokenKind?, meant: String?)] = own.map { (Array($0.rawValue.utf8), $0, nil) }
    all += foreign.map { (Array($0.0.utf8), $0.1, $0.2) }
    return all.sorted { $0.spelling.count > $1.spelling.count }
  }()

  /// The operators that begin with each ASCII character.
  private static let operatorsByFirstByte: [[Int]] = {
    var table = [[Int]](repeating: [], count: 128)
    for (index, entry) in operators.enumerated() { table[Int(entry.spelling[0])].append(index) }
    return table
  }()

  private mutating func readOperator() {
    let start = position
    for index in Self.operatorsByFirstByte[Int(bytes[start])] {
      let entry = Self.operators[index]
      guard start + entry.spelling.count <= bytes.count,
        entry.spelling.indices.allSatisfy({ bytes[start + $0] == entry.spelling[$0] })
      else { continue }
      position += entry.spelling.count
      if let meant = entry.meant {
        report(.foreignOperator(text(start..<position), meant: meant), start, position)
      }
      add(entry.kind ?? .invalid, from: start)
      return
    }
    readStrangeCharacter()
  }

  private mutating func take(_ kind: TokenKind, _ length: Int) {
    let start = position
    position += length
    add(kind, from: start)
  }

  /// A character that begins nothing, with its look-alike where one is known.
  mutating func readStrangeCharacter() {
    let start = position
    let (value, length) = scalar(at: position)
    position += length
    // Marks, joiners and variation selectors belong to the character before them.
    while peek() >= 0x80 {
      let (next, length) = scalar(at: position)
      guard continuesCharacter(next) else { break }
      position += length
    }
    if value.properties.isWhitespace || value == "\u{200B}" || value == "\u{FEFF}" {
      report(.strangeSpace(value), start, position)
      return
    }
    if value == "\u{201C}" || value == "\u{201D}" || value == "\u{2018}" || value == "\u{2019}" {
      report(.curlyQuote(text(start..<position)), start, position)
    } else {
      report(.strangeCharacter(text(start..<position), lookalike: lookalikes[value]), start, position)
    }
    add(.invalid, from: start)
  }

  /// `'text'`: a string of other languages. It is reported once and read as a string without interpolation.
  private mutating func readSingleQuoted() {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "'"), bytes[position] != UInt8(ascii: "\n") {
      position += bytes[position] == UInt8(ascii: "\\") && peek(1) != UInt8(ascii: "\n") && peek(1) != 0 ? 2 : 1
    }
    if peek() == UInt8(ascii: "'") { position += 1 }
    report(.singleQuotes(text(start..<position)), start, position)
    add(.invalid, from: start)
  }
}

/// Characters that people paste, and what stands for them in Glia.
private let lookalikes: [Unicode.Scalar: String] = [
  "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "∈": "in",
  "∧": "and", "∨": "or", "¬": "not", "…": "...", "，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "²": "^2",
  "?": "if … { … } else { … }", "³": "^3", "∘": ">>", "√": "sqrt(…)", "∞": "inf", "∑": "sum(…)", "∇": "grad(…)",
]
