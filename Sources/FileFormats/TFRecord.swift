/// The record file of TensorFlow, in which TensorBoard's events stand: each record is its length, the length's checksum,
/// the bytes, and their checksum.
///
/// Source: tensorflow.org, "TFRecords format details". Checksums are CRC-32C (Castagnoli, RFC 3720) with their bits
/// rotated and a constant added, so that a checksum of data that hold checksums stays a good one.
public enum TFRecord {
  /// One record with its frame.
  public static func framed(_ bytes: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    append(UInt64(bytes.count), 8, to: &length)
    var record = length
    append(UInt64(maskedChecksum(length)), 4, to: &record)
    record += bytes
    append(UInt64(maskedChecksum(bytes)), 4, to: &record)
    return record
  }

  /// CRC-32C.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
    return ~sum
  }

  static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return ((sum >> 15) | (sum << 17)) &+ 0xa282_ead8
  }

  private static func append(_ value: UInt64, _ size: Int, to bytes: inout [UInt8]) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
  }

  /// The checksum of each byte: the polynomial 0x1EDC6F41 with its bits reversed.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? (sum >> 1) ^ 0x82f6_3b78 : sum >> 1 }
  }
}
