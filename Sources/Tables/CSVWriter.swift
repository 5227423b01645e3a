import FileFormats

/// Writes a table row by row into bytes.
struct CSVWriter {
  let separator: UInt8
  private(set) var bytes: [UInt8] = []

  init(separator: UInt8) { self.separator = separator }

  mutating func write(_ table: Table) {
    bytes.reserveCapacity(table.rowCount * table.names.count * 10)
    for (index, name) in table.names.enumerated() {
      if index > 0 { bytes.append(separator) }
      write(text: name, isHeader: true)
    }
    bytes.append(10)
    for row in 0..<table.rowCount {
      for (index, column) in table.columns.enumerated() {
        if index > 0 { bytes.append(separator) }
        switch column {
        case .numbers(let values):
          // A missing value is an empty field; alone in its line it would be a blank line, so it has its name there.
          if !values[row].isNaN || table.columns.count == 1 { bytes += NumberText.shortest(values[row]).utf8 }
        case .bools(let values): bytes += (values[row] ? "true" : "false").utf8
        case .texts(let values):
          if let text = values[row] {
            write(text: text, isHeader: false)
          } else if table.columns.count == 1, row + 1 == table.rowCount {
            // A blank line at the end would be no row at all.
            write(text: "", isHeader: false)
          }
        }
      }
      bytes.append(10)
    }
  }

  private mutating func write(text: String, isHeader: Bool) {
    let isQuoted =
      isHeader
      ? CSVWriter.needsQuotes(name: text, separator: separator)
      : CSVWriter.needsQuotes(value: text, separator: separator)
    guard isQuoted else {
      bytes += text.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether a column's name would change without quotes: spaces at its ends are dropped, a byte-order mark is skipped.
  static func needsQuotes(name: String, separator: UInt8) -> Bool {
    let first = name.utf8.first
    let last = name.utf8.last
    return name.isEmpty || first == 32 || first == 9 || last == 32 || last == 9
      || name.utf8.starts(with: [0xEF, 0xBB, 0xBF]) || breaksFields(name, separator)
  }

  /// Whether a text would read as something else without quotes.
  private static func needsQuotes(value: String, separator: UInt8) -> Bool {
    var value = value
    return value.isEmpty || breaksFields(value, separator)
      || value.withUTF8 {
        DecimalParser.parse($0) != nil || CSVWords.number($0) != nil || CSVWords.bool($0) != nil
      }
  }

  private static func breaksFields(_ text: String, _ separator: UInt8) -> Bool {
    text.utf8.contains { $0 == separator || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
  }
}
