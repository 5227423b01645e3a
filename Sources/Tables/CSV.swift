import FileFormats

/// Comma-separated values after RFC 4180, and its relatives with other separators.
///
/// Reading tells types apart column by column: numbers, `true`/`false`, else texts. An empty field is missing (`nan`,
/// or no text); in a column of numbers so are `nan`, `NA`, `N/A`, `null` and `none`. A quoted field is a text, unless
/// the header is quoted as well: then everything is, and quotes say nothing. A byte-order mark is skipped; lines end
/// with LF, CRLF or CR.
public enum CSV {
  /// How a text is read.
  public struct Options: Sendable {
    /// What stands between fields; nil finds out which of comma, semicolon, tab and bar it is.
    public var separator: UInt8?
    /// Whether the first line names the columns; else they are `column_1`, `column_2`, ….
    public var hasHeader: Bool

    public init(separator: UInt8? = nil, hasHeader: Bool = true) {
      self.separator = separator
      self.hasHeader = hasHeader
    }
  }

  /// Reads a table from UTF-8 bytes.
  ///
  /// - Throws: ``TableError`` that names the line.
  public static func read(_ bytes: [UInt8], _ options: Options = Options()) throws(TableError) -> Table {
    let outcome = bytes.withUnsafeBufferPointer { buffer -> Result<Table, TableError> in
      do throws(TableError) {
        var reader = CSVReader(buffer, options)
        return .success(try reader.table())
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// The table as text: LF line ends, numbers in full precision, missing values empty, quotes only where needed: around
  /// separators, quotes, line ends, and texts that would read as something else.
  public static func text(_ table: Table, separator: UInt8 = UInt8(ascii: ",")) -> [UInt8] {
    var writer = CSVWriter(separator: separator)
    writer.write(table)
    return writer.bytes
  }
}
