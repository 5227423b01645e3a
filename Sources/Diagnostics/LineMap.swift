/// Where each line of a text begins; turns byte offsets into lines and columns.
public struct LineMap: Sendable {
  /// The byte offset at which each line begins; a byte-order mark is no part of the first line.
  public let starts: [Int32]

  public init(bytes: [UInt8]) {
    var starts: [Int32] = [bytes.starts(with: LineMap.byteOrderMark) ? 3 : 0]
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices where buffer[index] == UInt8(ascii: "\n") {
        starts.append(Int32(index + 1))
      }
    }
    self.starts = starts
  }

  /// The bytes of U+FEFF, with which some editors begin a file.
  public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The line, from 1, that holds a byte offset.
  public func line(of offset: Int32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of a line (from 1), without its line end.
  public func range(ofLine line: Int, in bytes: [UInt8]) -> Range<Int> {
    guard line >= 1, line <= starts.count else { return bytes.count..<bytes.count }
    let start = min(Int(starts[line - 1]), bytes.count)
    var end = line < starts.count ? Int(starts[line]) - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// Line and column, from 1, of a byte offset.
  public func position(of offset: Int32, in bytes: [UInt8]) -> Position {
    let line = line(of: offset)
    let start = min(Int(starts[line - 1]), bytes.count)
    let end = max(start, min(Int(offset), bytes.count))
    let column = String(decoding: bytes[start..<end], as: UTF8.self).count + 1
    return Position(line: line, column: column)
  }
}
