/// Splits CSV bytes into fields, one at a time, without copying them.
struct CSVScanner {
  /// One field: where its content lies, and how to read it.
  struct Field {
    var start: Int
    var end: Int
    /// The field stood in quotes.
    var isQuoted: Bool
    /// It holds doubled quotes, which stand for one.
    var hasDoubledQuotes: Bool
    /// It is the last of its line.
    var endsLine: Bool
  }

  let bytes: UnsafeBufferPointer<UInt8>
  let separator: UInt8
  /// Where the next field begins.
  var at: Int
  /// The line, from 1, in which the next field begins.
  var line: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8, at: Int = 0, line: Int = 1) {
    self.bytes = bytes
    self.separator = separator
    self.at = at
    self.line = line
  }

  var isAtEnd: Bool { at >= bytes.count }

  /// Whether the next line is empty.
  var isAtEmptyLine: Bool { at < bytes.count && (bytes[at] == 10 || bytes[at] == 13) }

  /// Passes the end of a line.
  mutating func skipLineEnd() {
    let isPair = at + 1 < bytes.count && bytes[at] == 13 && bytes[at + 1] == 10
    at += isPair ? 2 : 1
    line += 1
  }

  /// The next field; must not be called at the end, except after a separator, where it gives an empty last field.
  @inline(__always)
  mutating func next() throws(TableError) -> Field {
    let count = bytes.count
    guard at < count else {
      return Field(start: count, end: count, isQuoted: false, hasDoubledQuotes: false, endsLine: true)
    }
    if bytes[at] == UInt8(ascii: "\"") { return try quoted() }
    let start = at
    var index = start
    while index < count {
      let byte = bytes[index]
      if byte == separator || byte == 10 || byte == 13 { break }
      index += 1
    }
    return finish(Field(start: start, end: index, isQuoted: false, hasDoubledQuotes: false, endsLine: false), index)
  }

  private mutating func quoted() throws(TableError) -> Field {
    let count = bytes.count
    let firstLine = line
    let start = at + 1
    var index = start
    var doubled = false
    while true {
      guard index < count else { throw .openQuote(line: firstLine) }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        guard index + 1 < count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
        doubled = true
        index += 2
      } else {
        if byte == 10 || (byte == 13 && !(index + 1 < count && bytes[index + 1] == 10)) { line += 1 }
        index += 1
      }
    }
    let end = index
    index += 1
    guard index == count || bytes[index] == separator || bytes[index] == 10 || bytes[index] == 13 else {
      throw .textAfterQuote(line: line)
    }
    return finish(Field(start: start, end: end, isQuoted: true, hasDoubledQuotes: doubled, endsLine: false), index)
  }

  /// Moves past what follows the field.
  @inline(__always)
  private mutating func finish(_ field: Field, _ end: Int) -> Field {
    var field = field
    let count = bytes.count
    if end >= count {
      at = count
      field.endsLine = true
    } else if bytes[end] == separator {
      at = end + 1
    } else {
      at = end + (bytes[end] == 13 && end + 1 < count && bytes[end + 1] == 10 ? 2 : 1)
      line += 1
      field.endsLine = true
    }
    return field
  }

  /// The text of a field; nil where it is not UTF-8.
  func text(of field: Field) -> String? {
    let content = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
    guard field.hasDoubledQuotes else { return String(validating: content, as: UTF8.self) }
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(content.count)
    var index = 0
    while index < content.count {
      unescaped.append(content[index])
      index += content[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(validating: unescaped, as: UTF8.self)
  }
}

extension CSVScanner {
  /// Which separator a text uses: the one that divides its first lines into the same number of fields, the most if
  /// several do; a comma where none does.
  static func separator(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    var best = candidates[0]
    var bestScore = (agreeing: 0, fields: 1)
    for candidate in candidates {
      let counts = fieldCounts(of: bytes, from: start, separator: candidate)
      guard let first = counts.first, first > 1 else { continue }
      let score = (agreeing: counts.prefix { $0 == first }.count, fields: first)
      if score > bestScore {
        best = candidate
        bestScore = score
      }
    }
    return best
  }

  /// How many fields the first few lines have.
  private static func fieldCounts(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, separator: UInt8) -> [Int] {
    var scanner = CSVScanner(bytes, separator: separator, at: start)
    var counts: [Int] = []
    var fields = 0
    while counts.count < 16, !scanner.isAtEnd, scanner.at - start < 1 << 20 {
      if fields == 0, scanner.isAtEmptyLine {
        scanner.skipLineEnd()
        continue
      }
      guard let field = try? scanner.next() else { break }
      fields += 1
      if field.endsLine {
        counts.append(fields)
        fields = 0
      }
    }
    return counts
  }
}
