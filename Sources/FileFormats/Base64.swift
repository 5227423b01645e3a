/// Bytes as text of 64 signs (RFC 4648), for embedding pictures.
public enum Base64 {
  private static let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text, padded with `=`.
  public static func text(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let rest = bytes.count - start
      let triple =
        Int(bytes[start]) << 16 | (rest > 1 ? Int(bytes[start + 1]) << 8 : 0) | (rest > 2 ? Int(bytes[start + 2]) : 0)
      result.append(signs[triple >> 18])
      result.append(signs[triple >> 12 & 63])
      result.append(rest > 1 ? signs[triple >> 6 & 63] : UInt8(ascii: "="))
      result.append(rest > 2 ? signs[triple & 63] : UInt8(ascii: "="))
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The bytes that a text stands for, line breaks and spaces left out; nil where it is malformed.
  public static func bytes(_ text: String) -> [UInt8]? {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, sign) in signs.enumerated() { values[Int(sign)] = UInt8(value) }
    var result: [UInt8] = []
    var collected = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 where !(byte == 32 || (9...13).contains(byte)) {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      let value = values[Int(byte)]
      guard value < 64, padding == 0 else { return nil }
      collected = collected << 6 | Int(value)
      count += 1
      if count % 4 == 0 {
        result += [UInt8(collected >> 16 & 255), UInt8(collected >> 8 & 255), UInt8(collected & 255)]
        collected = 0
      }
    }
    switch count % 4 {
    case 0: return padding == 0 ? result : nil
    case 2 where padding == 2 || padding == 0: return result + [UInt8(collected >> 4 & 255)]
    case 3 where padding <= 1: return result + [UInt8(collected >> 10 & 255), UInt8(collected >> 2 & 255)]
    default: return nil
    }
  }
}
