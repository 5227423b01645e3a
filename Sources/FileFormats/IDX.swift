/// The IDX files of MNIST and its relatives: two zero bytes, a type, the number of axes, sizes, elements; all big-endian.
public enum IDX {
  /// Reads an IDX file, also where it is compressed with gzip.
  ///
  /// - Parameter limit: the most bytes the elements may take.
  /// - Throws: ``FormatError``.
  public static func read(_ bytes: [UInt8], limit: Int = Deflate.defaultLimit) throws(FormatError) -> RawArray {
    let plain = Deflate.isGzip(bytes) ? try Deflate.inflate(bytes, limit: limit) : bytes
    var reader = ByteReader(plain, format: "IDX")
    guard try reader.bigEndian(2, "the magic number") == 0 else {
      throw .damaged(format: "IDX", reason: "it does not start with two zero bytes")
    }
    let type = try elementType(reader.byte("the element type"))
    let rank = Int(try reader.byte("the number of axes"))
    var shape: [Int] = []
    for axis in 0..<rank { shape.append(Int(try reader.bigEndian(4, "the size of axis \(axis)"))) }
    guard let count = RawArray.byteCount(type, shape), count == reader.remaining else {
      throw .damaged(
        format: "IDX", reason: "the sizes \(RawArray.text(shape)) of \(type) do not fit \(reader.remaining) bytes")
    }
    let body = Array(try reader.take(count, "the elements"))
    return try RawArray(type: type, shape: shape, bytes: ByteOrder.reversed(body, elementSize: type.size))
  }

  private static func elementType(_ code: UInt8) throws(FormatError) -> ElementType {
    switch code {
    case 0x08: return .uint8
    case 0x09: return .int8
    case 0x0B: return .int16
    case 0x0C: return .int32
    case 0x0D: return .float32
    case 0x0E: return .float64
    default: throw .damaged(format: "IDX", reason: "the element type \(code) is unknown")
    }
  }
}

/// Turning big-endian elements into little-endian ones and back.
enum ByteOrder {
  static func reversed(_ bytes: [UInt8], elementSize: Int) -> [UInt8] {
    guard elementSize > 1 else { return bytes }
    var result = bytes
    for start in stride(from: 0, to: bytes.count - bytes.count % elementSize, by: elementSize) {
      for index in 0..<elementSize { result[start + index] = bytes[start + elementSize - 1 - index] }
    }
    return result
  }
}
