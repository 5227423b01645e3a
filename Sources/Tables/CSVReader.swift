/// Reads a table in one pass over the bytes, with a second one over the rows whose column turned out to hold texts.
struct CSVReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let options: CSV.Options
  private let start: Int
  private let separator: UInt8
  private var names: [String] = []
  private var quotesMeanText = true

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ options: CSV.Options) {
    self.bytes = bytes
    self.options = options
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    separator = options.separator ?? CSVScanner.separator(of: bytes, from: start)
  }

  mutating func table() throws(TableError) -> Table {
    var scanner = CSVScanner(bytes, separator: separator, at: start)
    while scanner.isAtEmptyLine { scanner.skipLineEnd() }
    guard !scanner.isAtEnd else { throw .noHeader }
    let beforeHeader = scanner
    try readHeader(&scanner)
    if !options.hasHeader { scanner = beforeHeader }
    let body = scanner

    let lines = bytes[scanner.at...].count { $0 == 10 } + 1
    var builders = [ColumnBuilder](repeating: ColumnBuilder(expectedRows: lines), count: names.count)
    let quotesMeanText = quotesMeanText
    try eachRow(from: body, until: Int.max) { _, column, field, scanner in
      builders[column].append(field, of: scanner, quotesMeanText: quotesMeanText)
    }
    let pending = builders.map(\.pendingRows)
    if let last = pending.max(), last > 0 {
      try eachRow(from: body, until: last) { row, column, field, scanner in
        guard row < pending[column] else { return true }
        guard let text = ColumnBuilder.text(field, of: scanner) else { return false }
        builders[column].fill(text, row: row)
        return true
      }
    }
    return Table(names: names, columns: builders.map(\.column))
  }

  /// Takes the names from the first line; empty ones are numbered, doubled ones get a number too.
  private mutating func readHeader(_ scanner: inout CSVScanner) throws(TableError) {
    var taken: Set<String> = []
    var allQuoted = true
    var needlessly = false
    while true {
      let field = try scanner.next()
      guard let text = scanner.text(of: field) else { throw .notUTF8(line: 1) }
      allQuoted = allQuoted && field.isQuoted
      needlessly = needlessly || !CSVWriter.needsQuotes(name: text, separator: separator)
      let trimmed = field.isQuoted ? text : CSVReader.trimmed(text)
      var name = options.hasHeader && !trimmed.isEmpty ? trimmed : "column_\(names.count + 1)"
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(trimmed.isEmpty ? "column" : trimmed)_\(number)"
        number += 1
      }
      names.append(name)
      if field.endsLine { break }
    }
    quotesMeanText = !(allQuoted && needlessly && options.hasHeader)
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  /// Calls `body` for every field of the rows before `end`; it says whether the field is UTF-8.
  @inline(__always)
  private func eachRow(
    from start: CSVScanner, until end: Int,
    _ body: (_ row: Int, _ column: Int, CSVScanner.Field, CSVScanner) -> Bool
  ) throws(TableError) {
    var scanner = start
    let width = names.count
    var row = 0
    while row < end, !scanner.isAtEnd {
      let line = scanner.line
      // A blank line says nothing, except between the rows of a table of one column, where it is a missing value.
      if scanner.isAtEmptyLine, width > 1 || bytes[scanner.at...].allSatisfy({ $0 == 10 || $0 == 13 }) {
        scanner.skipLineEnd()
        continue
      }
      var column = 0
      while true {
        let field = try scanner.next()
        if column < width, !body(row, column, field, scanner) { throw .notUTF8(line: line) }
        column += 1
        if field.endsLine { break }
      }
      guard column == width else { throw .raggedLine(line: line, count: column, expected: width) }
      row += 1
    }
  }
}
