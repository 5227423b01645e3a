/// Where each line of a text begins; turns byte offsets into lines and columns.
public struct LineMap: Sendable {
  /// The byte offset at which each line begins.
  public let starts: [Int32]

  public init(bytes: [UInt8]) {
    var starts: [Int32] = [0]
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(Int32(index + 1))
    }
    self.starts = starts
  }

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

  /// Line and column, from 1, of a byte offset.
  public func position(of offset: Int32, in bytes: [UInt8]) -> Position {
    let line = line(of: offset)
    let start = Int(starts[line - 1])
    let end = max(start, min(Int(offset), bytes.count))
    let column = String(decoding: bytes[start..<end], as: UTF8.self).count + 1
    return Position(line: line, column: column)
  }
}
