/// The kinds of elements that array files hold.
public enum ElementType: String, CaseIterable, Sendable {
  case bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float16, bfloat16, float32, float64

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }
}

/// An array as files hold it: element type, shape, and the elements' bytes, row-major, lowest byte first.
public struct RawArray: Equatable, Sendable {
  public let type: ElementType
  public let shape: [Int]
  public let bytes: [UInt8]

  /// - Throws: ``FormatError`` where a size is negative or the bytes do not fit the shape.
  public init(type: ElementType, shape: [Int], bytes: [UInt8]) throws(FormatError) {
    guard let count = RawArray.byteCount(type, shape), count == bytes.count else {
      throw .damaged(
        format: "array", reason: "the shape \(RawArray.text(shape)) of \(type) does not fit \(bytes.count) bytes")
    }
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of doubles. The number of values must be the product of the shape.
  public init(_ values: [Double], shape: [Int]) throws(FormatError) {
    try self.init(type: .float64, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
  }

  /// An array of floats.
  public init(_ values: [Float], shape: [Int]) throws(FormatError) {
    try self.init(type: .float32, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
  }

  /// An array of 32-bit integers.
  public init(_ values: [Int32], shape: [Int]) throws(FormatError) {
    try self.init(type: .int32, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
  }

  /// An array of truth values.
  public init(_ values: [Bool], shape: [Int]) throws(FormatError) {
    try self.init(type: .bool, shape: shape, bytes: values.map { $0 ? 1 : 0 })
  }

  /// The number of elements.
  public var count: Int { bytes.count / type.size }

  /// The bytes that an array takes; nil where a size is negative or the product overflows.
  public static func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
    var product = type.size
    // A zero anywhere makes an empty array, however large the other sizes are.
    if shape.contains(0) { return shape.allSatisfy { $0 >= 0 } ? 0 : nil }
    for size in shape {
      guard size >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  static func text(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }
}

extension RawArray {
  /// The elements as doubles; 64-bit integers beyond 2^53 are rounded.
  public func doubles() -> [Double] {
    switch type {
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    case .uint8: bytes.map(Double.init)
    case .int8: bytes.map { Double(Int8(bitPattern: $0)) }
    case .int16: elements(Int16.self).map(Double.init)
    case .uint16: elements(UInt16.self).map(Double.init)
    case .int32: elements(Int32.self).map(Double.init)
    case .uint32: elements(UInt32.self).map(Double.init)
    case .int64: elements(Int64.self).map(Double.init)
    case .uint64: elements(UInt64.self).map(Double.init)
    case .float16: elements(UInt16.self).map { Double(HalfFloat.value(of: $0)) }
    case .bfloat16: elements(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: elements(Float.self).map(Double.init)
    case .float64: elements(Double.self)
    }
  }

  /// The elements as single-precision numbers.
  public func floats() -> [Float] {
    switch type {
    case .float32: elements(Float.self)
    case .uint8: bytes.map(Float.init)
    case .float16: elements(UInt16.self).map(HalfFloat.value)
    case .bfloat16: elements(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default: doubles().map(Float.init)
    }
  }

  /// The bytes read as elements of a type of the same size; the machine's order is the file's on all that Swift runs on.
  func elements<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
    let count = bytes.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source.prefix(count * MemoryLayout<Element>.stride)))
      }
      initialized = count
    }
  }
}

/// IEEE 754 half precision, which not every Swift platform has as a type.
enum HalfFloat {
  /// The value of a half-precision bit pattern: 1 sign bit, 5 of exponent, 10 of fraction.
  static func value(of bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
