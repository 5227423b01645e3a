/// NumPy's array files (format versions 1 to 3): a magic number, a header in Python's literal syntax, the elements.
///
/// Source: numpy.lib.format, "NPY format".
public enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest header accepted: NumPy's own are below 200 bytes.
  static let headerLimit = 1 << 16

  /// Reads an array; big-endian and column-major files are brought into the common form.
  ///
  /// - Throws: ``FormatError``; arrays of Python objects, texts and complex numbers are not supported.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> RawArray {
    var reader = ByteReader(bytes, format: "NPY")
    guard try reader.take(6, "the magic number").elementsEqual(magic) else {
      throw .damaged(format: "NPY", reason: "it does not start with \\x93NUMPY")
    }
    let version = try reader.byte("the version")
    _ = try reader.byte("the version")
    guard (1...3).contains(version) else {
      throw .unsupported(format: "NPY", reason: "format version \(version)")
    }
    let length = Int(try reader.littleEndian(version == 1 ? 2 : 4, "the header's length"))
    guard length <= headerLimit else { throw .damaged(format: "NPY", reason: "a header of \(length) bytes") }
    let header = try NPYHeader(Array(reader.take(length, "the header")))
    guard let count = RawArray.byteCount(header.type, header.shape), count <= reader.remaining else {
      throw .damaged(
        format: "NPY",
        reason: "the shape \(RawArray.text(header.shape)) of \(header.type) does not fit \(reader.remaining) bytes")
    }
    var body = Array(try reader.take(count, "the elements"))
    if header.isBigEndian { body = ByteOrder.reversed(body, elementSize: header.type.size) }
    if header.isColumnMajor { body = rowMajor(body, shape: header.shape, elementSize: header.type.size) }
    return try RawArray(type: header.type, shape: header.shape, bytes: body)
  }

  /// The bytes of an NPY file, version 1; elements begin at a multiple of 64 bytes.
  ///
  /// - Throws: ``FormatError`` for bfloat16, which NumPy does not have.
  public static func write(_ array: RawArray) throws(FormatError) -> [UInt8] {
    guard let descriptor = NPYHeader.descriptor(of: array.type) else {
      throw .unsupported(format: "NPY", reason: "\(array.type) elements")
    }
    var header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(RawArray.text(array.shape)), }"
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var bytes = magic + [1, 0]
    bytes.appendLittleEndian(UInt64(header.utf8.count), 2)
    return bytes + header.utf8 + array.bytes
  }

  /// Reorders elements whose first axis runs fastest.
  private static func rowMajor(_ bytes: [UInt8], shape: [Int], elementSize: Int) -> [UInt8] {
    guard shape.count > 1, !bytes.isEmpty else { return bytes }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var position = [Int](repeating: 0, count: shape.count)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var source = 0
    while true {
      result += bytes[source * elementSize..<(source + 1) * elementSize]
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}

/// The header of an NPY file: a Python dictionary with `descr`, `fortran_order` and `shape`.
struct NPYHeader {
  var type = ElementType.float64
  var isBigEndian = false
  var isColumnMajor = false
  var shape: [Int] = []

  private static let types: [(String, ElementType)] = [
    ("b1", .bool), ("i1", .int8), ("u1", .uint8), ("i2", .int16), ("u2", .uint16), ("i4", .int32), ("u4", .uint32),
    ("i8", .int64), ("u8", .uint64), ("f2", .float16), ("f4", .float32), ("f8", .float64),
  ]

  /// NumPy's name of an element type, little-endian.
  static func descriptor(of type: ElementType) -> String? {
    guard let code = types.first(where: { $0.1 == type })?.0 else { return nil }
    return (type.size == 1 ? "|" : "<") + code
  }

  init(_ bytes: [UInt8]) throws(FormatError) {
    var scanner = PythonScanner(bytes)
    var seen: Set<String> = []
    try scanner.expect("{")
    while !scanner.skips("}") {
      let key = try scanner.string()
      try scanner.expect(":")
      seen.insert(key)
      switch key {
      case "descr": try setType(scanner.string())
      case "fortran_order": isColumnMajor = try scanner.bool()
      case "shape": shape = try scanner.sizes()
      default: throw .damaged(format: "NPY", reason: "the header has the unknown key `\(key)`")
      }
      if !scanner.skips(",") {
        try scanner.expect("}")
        break
      }
    }
    guard seen.count == 3 else {
      throw .damaged(format: "NPY", reason: "the header lacks descr, fortran_order or shape")
    }
  }

  private mutating func setType(_ text: String) throws(FormatError) {
    guard let order = text.first, "<>|=".contains(order),
      let found = NPYHeader.types.first(where: { $0.0 == text.dropFirst() })
    else { throw .unsupported(format: "NPY", reason: "elements of type `\(text.prefix(40))`") }
    isBigEndian = order == ">"
    type = found.1
  }
}

/// Reads the few forms of Python's literals that NPY headers use.
private struct PythonScanner {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var malformed: FormatError { .damaged(format: "NPY", reason: "the header is malformed at byte \(at)") }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 32 || (9...13).contains(bytes[at]) { at += 1 }
  }

  mutating func skips(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < bytes.count, UInt32(bytes[at]) == character.value else { return false }
    at += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
    guard skips(character) else { throw malformed }
  }

  mutating func string() throws(FormatError) -> String {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") else { throw malformed }
    let start = at + 1
    guard let end = bytes[start...].firstIndex(of: bytes[at]) else { throw malformed }
    at = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  mutating func bool() throws(FormatError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[at...].starts(with: word.utf8) {
      at += word.utf8.count
      return value
    }
    throw malformed
  }

  /// A tuple of sizes: `()`, `(3,)`, `(2, 3)`.
  mutating func sizes() throws(FormatError) -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !skips(")") {
      skipSpace()
      var value = 0
      let start = at
      while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, more) = tens.addingReportingOverflow(Int(bytes[at] - 48))
        guard !overflow, !more else { throw malformed }
        value = sum
        at += 1
      }
      guard at > start, sizes.count < 64 else { throw malformed }
      sizes.append(value)
      // Python 2 wrote long integers with an L.
      if at < bytes.count, bytes[at] == UInt8(ascii: "L") { at += 1 }
      if !skips(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }
}
