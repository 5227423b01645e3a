/// A text that programs come from: a file, a cell, a line typed at the prompt.
///
/// Offsets are byte offsets into the UTF-8 text. Lines and columns are 1-based; columns count characters.
public final class SourceFile: Sendable {
  /// The largest source that is read, in bytes: offsets are 32 bits wide, and no program of a person is near this.
  public static let maximumSize = 256 << 20

  /// The name shown in diagnostics: a path as the user wrote it, or `<prompt>`.
  public let name: String
  /// The text; what is not UTF-8 in `bytes` is replaced here by `U+FFFD`.
  public let text: String
  public let bytes: [UInt8]
  public let lines: LineMap
  /// The number of the first line: a cell of a notebook counts its lines as its file does.
  public let firstLine: Int
  /// Where in the file this source stands, as shown after the place of an error: `cell 3 (Train)`.
  public let label: String?
  /// True where the text was longer than `maximumSize`; it is then empty here, and parsing it is an error.
  public let isTooLarge: Bool

  public init(name: String, text: String, firstLine: Int = 1, label: String? = nil) {
    let isTooLarge = text.utf8.count > Self.maximumSize
    self.name = name
    self.text = isTooLarge ? "" : text
    self.bytes = Array(self.text.utf8)
    self.lines = LineMap(bytes: bytes)
    self.firstLine = firstLine
    self.label = label
    self.isTooLarge = isTooLarge
  }

  /// A source from the bytes of a file, which need not be UTF-8: parsing then says where they are not.
  public init(name: String, bytes: [UInt8], firstLine: Int = 1, label: String? = nil) {
    let isTooLarge = bytes.count > Self.maximumSize
    self.name = name
    self.bytes = isTooLarge ? [] : bytes
    self.text = String(decoding: self.bytes, as: UTF8.self)
    self.lines = LineMap(bytes: self.bytes)
    self.firstLine = firstLine
    self.label = label
    self.isTooLarge = isTooLarge
  }

  /// The text between two byte offsets.
  public func text(_ span: Span) -> String {
    let start = max(0, min(Int(span.start), bytes.count))
    let end = max(start, min(Int(span.end), bytes.count))
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Line and column, from 1, of a byte offset.
  public func position(of offset: Int32) -> Position {
    var position = lines.position(of: offset, in: bytes)
    position.line += firstLine - 1
    return position
  }
}

/// A range of bytes in one source file.
public struct Span: Hashable, Sendable {
  public var start: Int32
  public var end: Int32

  public init(_ start: Int32, _ end: Int32) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers both.
  public func union(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}

/// A line and a column, both from 1; the column counts characters.
public struct Position: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
