/// A text that programs come from: a file, a cell, a line typed at the prompt.
///
/// Offsets are byte offsets into the UTF-8 text. Lines and columns are 1-based; columns count characters.
public final class SourceFile: Sendable {
  /// The name shown in diagnostics: a path as the user wrote it, or `<prompt>`.
  public let name: String
  public let text: String
  public let bytes: [UInt8]
  public let lines: LineMap

  public init(name: String, text: String) {
    self.name = name
    self.text = text
    self.bytes = Array(text.utf8)
    self.lines = LineMap(bytes: bytes)
  }

  /// The text between two byte offsets.
  public func text(_ span: Span) -> String {
    String(decoding: bytes[Int(span.start)..<Int(span.end)], as: UTF8.self)
  }

  /// Line and column, from 1, of a byte offset.
  public func position(of offset: Int32) -> Position { lines.position(of: offset, in: bytes) }
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
