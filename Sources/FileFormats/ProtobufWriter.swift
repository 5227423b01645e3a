/// Encodes protocol buffer messages, field by field.
///
/// Source: protobuf.dev, "Encoding". Fields are written in the order of the calls; a message inside a message is a
/// length and its bytes.
public struct ProtobufWriter: Sendable {
  /// The encoded message.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  private enum WireType: UInt64 { case varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 }

  private mutating func tag(_ field: Int, _ type: WireType) {
    varint(UInt64(truncatingIfNeeded: field) << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func fixed(_ bits: UInt64, _ size: Int) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))) }
  }

  /// An int32, int64, enum or bool field.
  public mutating func integer(_ field: Int, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A float field.
  public mutating func float(_ field: Int, _ value: Float) {
    tag(field, .fixed32)
    fixed(UInt64(value.bitPattern), 4)
  }

  /// A double field.
  public mutating func double(_ field: Int, _ value: Double) {
    tag(field, .fixed64)
    fixed(value.bitPattern, 8)
  }

  /// A string field.
  public mutating func string(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  /// A bytes field.
  public mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, .bytes)
    varint(UInt64(value.count))
    bytes += value
  }

  /// A message field.
  public mutating func message(_ field: Int, _ write: (inout ProtobufWriter) throws -> Void) rethrows {
    var inner = ProtobufWriter()
    try write(&inner)
    data(field, inner.bytes)
  }

  /// A repeated integer field in packed form.
  public mutating func packed(_ field: Int, _ values: [Int]) {
    var inner = ProtobufWriter()
    for value in values { inner.varint(UInt64(bitPattern: Int64(value))) }
    data(field, inner.bytes)
  }

  /// A repeated double field in packed form.
  public mutating func packed(_ field: Int, _ values: [Double]) {
    var inner = ProtobufWriter()
    for value in values { inner.fixed(value.bitPattern, 8) }
    data(field, inner.bytes)
  }

  /// A repeated float field in packed form.
  public mutating func packed(_ field: Int, _ values: [Float]) {
    var inner = ProtobufWriter()
    for value in values { inner.fixed(UInt64(value.bitPattern), 4) }
    data(field, inner.bytes)
  }
}
