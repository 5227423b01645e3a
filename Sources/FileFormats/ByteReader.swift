/// A cursor over bytes whose every step is checked against the end.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var offset: Int
  let format: String

  init(_ bytes: [UInt8], format: String, offset: Int = 0) {
    self.bytes = bytes
    self.format = format
    self.offset = offset
  }

  var remaining: Int { bytes.count - offset }

  /// The next `count` bytes; throws where the data end before.
  mutating func take(_ count: Int, _ what: String) throws(FormatError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw .damaged(format: format, reason: "\(what) needs \(count) bytes, \(remaining) are left")
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  mutating func byte(_ what: String) throws(FormatError) -> UInt8 {
    let slice = try take(1, what)
    return slice[slice.startIndex]
  }

  /// An unsigned number of `count` bytes, lowest byte first.
  mutating func littleEndian(_ count: Int, _ what: String) throws(FormatError) -> UInt64 {
    try take(count, what).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// An unsigned number of `count` bytes, highest byte first.
  mutating func bigEndian(_ count: Int, _ what: String) throws(FormatError) -> UInt64 {
    try take(count, what).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A size from the file as an `Int`; throws where it does not fit.
  func size(_ value: UInt64, _ what: String) throws(FormatError) -> Int {
    guard let size = Int(exactly: value) else {
      throw .damaged(format: format, reason: "\(what) is \(value)")
    }
    return size
  }
}

extension [UInt8] {
  /// Appends the lowest `count` bytes of a number, lowest byte first.
  mutating func appendLittleEndian(_ value: UInt64, _ count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
