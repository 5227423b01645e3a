extension JSON {
  /// How deep arrays and objects may nest.
  public static let depthLimit = 512

  /// Parses a JSON text (RFC 8259), strictly.
  ///
  /// - Parameter allowingNonFinite: also read `NaN`, `Infinity` and `-Infinity`, which Python writes.
  /// - Throws: ``FormatError`` with line and column.
  public static func parse(_ text: String, allowingNonFinite: Bool = false) throws(FormatError) -> JSON {
    try parse(Array(text.utf8), allowingNonFinite: allowingNonFinite)
  }

  /// Parses a JSON text from its UTF-8 bytes.
  public static func parse(_ bytes: [UInt8], allowingNonFinite: Bool = false) throws(FormatError) -> JSON {
    var parser = JSONParser(bytes: bytes, allowsNonFinite: allowingNonFinite)
    return try parser.document()
  }
}

/// A recursive-descent parser over bytes; its recursion is bounded by ``JSON/depthLimit``.
private struct JSONParser {
  let bytes: [UInt8]
  let allowsNonFinite: Bool
  private var at = 0
  private var depth = 0

  init(bytes: [UInt8], allowsNonFinite: Bool) {
    self.bytes = bytes
    self.allowsNonFinite = allowsNonFinite
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  mutating func document() throws(FormatError) -> JSON {
    let value = try value()
    skipSpace()
    guard at == bytes.count else { throw failure("text after the value") }
    return value
  }

  private func failure(_ reason: String) -> FormatError {
    let before = bytes[..<min(at, bytes.count)]
    let line = before.count { $0 == 10 } + 1
    let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
    return .damaged(format: "JSON", reason: "\(reason) at line \(line), column \(column)")
  }

  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 32 || byte == 10 || byte == 13 || byte == 9 { at += 1 }
  }

  private mutating func value() throws(FormatError) -> JSON {
    skipSpace()
    guard let byte = current else { throw failure("a value is missing") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N") where allowsNonFinite: return try word("NaN", .number(.nan))
    case UInt8(ascii: "I") where allowsNonFinite: return try word("Infinity", .number(.infinity))
    case UInt8(ascii: "-"), 48...57: return try number()
    default: throw failure("a value is missing")
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(FormatError) -> JSON {
    guard bytes[at...].starts(with: text.utf8) else { throw failure("an unknown word") }
    at += text.utf8.count
    return value
  }

  private mutating func enter() throws(FormatError) {
    depth += 1
    guard depth <= JSON.depthLimit else { throw failure("more than \(JSON.depthLimit) levels") }
    at += 1
    skipSpace()
  }

  private mutating func array() throws(FormatError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var elements: [JSON] = []
    if current == UInt8(ascii: "]") {
      at += 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      let byte = current
      at += 1
      if byte == UInt8(ascii: "]") { return .array(elements) }
      guard byte == UInt8(ascii: ",") else {
        at -= 1
        throw failure("`,` or `]` is missing")
      }
    }
  }

  private mutating func object() throws(FormatError) -> JSON {
    try enter()
    defer { depth -= 1 }
    var fields = JSON.Fields()
    if current == UInt8(ascii: "}") {
      at += 1
      return .object(fields)
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("a field's name is missing") }
      let name = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw failure("`:` is missing") }
      at += 1
      fields[name] = try value()
      skipSpace()
      let byte = current
      at += 1
      if byte == UInt8(ascii: "}") { return .object(fields) }
      guard byte == UInt8(ascii: ",") else {
        at -= 1
        throw failure("`,` or `}` is missing")
      }
    }
  }

  private mutating func number() throws(FormatError) -> JSON {
    let start = at
    if current == UInt8(ascii: "-") { at += 1 }
    if allowsNonFinite, current == UInt8(ascii: "I") { return try word("Infinity", .number(-.infinity)) }
    guard let first = current, (48...57).contains(first) else { throw failure("a digit is missing") }
    skipDigits()
    guard first != 48 || at - start <= (bytes[start] == 48 ? 1 : 2) else { throw failure("a number starts with 0") }
    if current == UInt8(ascii: ".") {
      at += 1
      guard skipDigits() else { throw failure("a digit is missing") }
    }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      at += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
      guard skipDigits() else { throw failure("a digit is missing") }
    }
    guard let value = DecimalParser.parse(bytes[start..<at]) else { throw failure("a malformed number") }
    return .number(value)
  }

  @discardableResult
  private mutating func skipDigits() -> Bool {
    let start = at
    while let byte = current, (48...57).contains(byte) { at += 1 }
    return at > start
  }

  private mutating func string() throws(FormatError) -> String {
    at += 1
    let start = at
    // Most texts hold no escape: they are taken in one piece.
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { at += 1 }
    var text = Array(bytes[start..<at])
    while true {
      guard let byte = current else { throw failure("a text has no end") }
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 32 else { throw failure("a control character in a text") }
      at += 1
      if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
    }
    guard let string = String(validating: text, as: UTF8.self) else { throw failure("a text is not UTF-8") }
    at += 1
    return string
  }

  private mutating func escape(into text: inout [UInt8]) throws(FormatError) {
    guard let byte = current else { throw failure("a text has no end") }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), bytes[at...].starts(with: "\\u".utf8) {
        let resume = at
        at += 2
        let low = try hexadecimal()
        if (0xDC00..<0xE000).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        } else {
          at = resume
        }
      }
      // A lone surrogate has no meaning: it becomes the replacement character.
      text += String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8
    default: throw failure("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(FormatError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("a hexadecimal digit is missing")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}
