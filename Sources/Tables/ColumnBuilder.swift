import FileFormats

/// Collects one column while a text is read, and finds out its type on the way.
///
/// A column begins undecided, becomes one of numbers, bools or texts with its first value, and falls back to texts when
/// a later value does not fit. The texts of the rows before that are then read again: `pendingRows` says how many.
struct ColumnBuilder {
  private enum Kind { case undecided, numbers, bools, texts }

  private var kind = Kind.undecided
  private var rows = 0
  private var numbers: [Double] = []
  private var bools: [Bool] = []
  private var texts: [String?] = []
  /// Rows from the start whose texts are not known yet.
  private(set) var pendingRows = 0
  private let expectedRows: Int

  init(expectedRows: Int) { self.expectedRows = expectedRows }

  /// Adds a field; false where it is a text that is not UTF-8.
  @inline(__always)
  mutating func append(_ field: CSVScanner.Field, of scanner: CSVScanner, quotesMeanText: Bool) -> Bool {
    defer { rows += 1 }
    if kind == .numbers, !(field.isQuoted && quotesMeanText) {
      let content = UnsafeBufferPointer(rebasing: scanner.bytes[field.start..<field.end])
      if let value = DecimalParser.parse(content) ?? CSVWords.number(content) {
        numbers.append(value)
        return true
      }
    }
    return appendSlowly(field, of: scanner, quotesMeanText: quotesMeanText)
  }

  private mutating func appendSlowly(
    _ field: CSVScanner.Field, of scanner: CSVScanner, quotesMeanText: Bool
  ) -> Bool {
    let isText = field.isQuoted && quotesMeanText
    let content = UnsafeBufferPointer(rebasing: scanner.bytes[field.start..<field.end])
    switch kind {
    case .texts: break
    case .numbers: fallBackToTexts()
    case .bools:
      if !isText, let value = CSVWords.bool(content) {
        bools.append(value)
        return true
      }
      fallBackToTexts()
    case .undecided:
      if !isText, CSVWords.isBlank(content) { return true }
      if !isText, let value = DecimalParser.parse(content) ?? CSVWords.number(content) {
        kind = .numbers
        numbers.reserveCapacity(expectedRows)
        numbers = [Double](repeating: .nan, count: rows)
        numbers.append(value)
        return true
      }
      if !isText, rows == 0, let value = CSVWords.bool(content) {
        kind = .bools
        bools.append(value)
        return true
      }
      kind = .texts
      texts.reserveCapacity(expectedRows)
      texts += repeatElement(nil, count: rows)
    }
    guard let text = ColumnBuilder.text(field, of: scanner) else { return false }
    texts.append(text)
    return true
  }

  /// The text of a field, nil inside where it is missing; nil where it is not UTF-8.
  static func text(_ field: CSVScanner.Field, of scanner: CSVScanner) -> String?? {
    if field.start == field.end && !field.isQuoted { return .some(nil) }
    guard let text = scanner.text(of: field) else { return nil }
    return .some(text)
  }

  private mutating func fallBackToTexts() {
    kind = .texts
    numbers = []
    bools = []
    pendingRows = rows
    texts.reserveCapacity(expectedRows)
    texts += repeatElement(nil, count: rows)
  }

  /// Gives a row its text when the first rows are read again.
  mutating func fill(_ text: String?, row: Int) { texts[row] = text }

  /// The finished column. One without any value is numbers, all missing.
  var column: Column {
    switch kind {
    case .undecided: .numbers([Double](repeating: .nan, count: rows))
    case .numbers: .numbers(numbers)
    case .bools: .bools(bools)
    case .texts: .texts(texts)
    }
  }
}

/// The words that stand for values in CSV files.
enum CSVWords {
  private static let missing: Set<String> = ["nan", "na", "n/a", "null", "none"]
  private static let infinite: [String: Double] = [
    "inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "infinity": .infinity, "+infinity": .infinity,
    "-infinity": -.infinity,
  ]

  static func isBlank(_ content: UnsafeBufferPointer<UInt8>) -> Bool { content.allSatisfy { $0 == 32 || $0 == 9 } }

  /// The number that a field stands for which is not plain digits: blank and missing ones, infinities, spaces around.
  static func number(_ content: UnsafeBufferPointer<UInt8>) -> Double? {
    var content = content[...]
    while let first = content.first, first == 32 || first == 9 { content.removeFirst() }
    while let last = content.last, last == 32 || last == 9 { content.removeLast() }
    if content.isEmpty { return .nan }
    if let value = DecimalParser.parse(UnsafeBufferPointer(rebasing: content)) { return value }
    guard content.count <= 9 else { return nil }
    let word = String(decoding: content, as: UTF8.self).lowercased()
    return missing.contains(word) ? .nan : infinite[word]
  }

  static func bool(_ content: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch content.count {
    case 4 where ["true", "True", "TRUE"].contains { content.elementsEqual($0.utf8) }: true
    case 5 where ["false", "False", "FALSE"].contains { content.elementsEqual($0.utf8) }: false
    default: nil
    }
  }
}
