/// What cannot be done with a table, and what is wrong with a CSV text.
public enum TableError: Error, Equatable, Sendable {
  /// There is no column of this name; `known` are the columns that exist.
  case unknownColumn(String, known: [String])
  /// Two columns have the same name.
  case doubledColumn(String)
  /// A column has another length than the others.
  case unequalLength(column: String, count: Int, expected: Int)
  /// A mask has another length than the table.
  case maskLength(count: Int, expected: Int)
  /// A row that the table does not have.
  case rowOutside(Int, count: Int)
  /// A column of another type is needed.
  case wrongType(column: String, is: String, needed: String)
  /// Tables with different columns cannot be put below each other.
  case differentColumns([String], [String])
  /// A line of a CSV text with another number of fields than its header.
  case raggedLine(line: Int, count: Int, expected: Int)
  /// A quoted field that never ends, and the line where it begins.
  case openQuote(line: Int)
  /// Text between a closing quote and the next separator.
  case textAfterQuote(line: Int)
  /// Bytes that are not UTF-8.
  case notUTF8(line: Int)
  /// A CSV text without even a header.
  case noHeader
}

extension TableError: CustomStringConvertible {
  /// One line: what is wrong, in the user's terms.
  public var description: String {
    switch self {
    case .unknownColumn(let name, let known):
      known.isEmpty
        ? "there is no column `\(name)`: the table has no columns"
        : "there is no column `\(name)`: the table has \(TableError.list(known))"
    case .doubledColumn(let name): "the column `\(name)` is given twice"
    case .unequalLength(let column, let count, let expected):
      "columns must have the same length: `\(column)` has \(count) and the first has \(expected)"
    case .maskLength(let count, let expected):
      "the mask has \(count) elements and the table \(TableError.rows(expected))"
    case .rowOutside(let row, let count): "there is no row \(row): the table has \(TableError.rows(count))"
    case .wrongType(let column, let type, let needed): "the column `\(column)` holds \(type), \(needed) are needed"
    case .differentColumns(let first, let second):
      "the tables have different columns: \(TableError.list(first)) and \(TableError.list(second))"
    case .raggedLine(let line, let count, let expected):
      "line \(line) has \(count) field\(count == 1 ? "" : "s") and the header has \(expected)"
    case .openQuote(let line): "the quoted field that begins in line \(line) has no end"
    case .textAfterQuote(let line): "line \(line) has text after a closing quote: a quote inside a field is doubled"
    case .notUTF8(let line): "line \(line) is not UTF-8 text"
    case .noHeader: "the file is empty: a header with the columns' names is needed"
    }
  }

  private static func rows(_ count: Int) -> String { "\(count) row\(count == 1 ? "" : "s")" }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 12 ? shown + " and \(names.count - 12) more" : shown
  }
}
