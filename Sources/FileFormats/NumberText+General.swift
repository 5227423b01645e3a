#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NumberText {
  /// A number for people to read: at most `digits` significant digits, whole numbers whole, `1e-07` where it is shorter.
  public static func general(_ value: Double, digits: Int = 6) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    if value.magnitude <= 9_007_199_254_740_992, value.rounded(.towardZero) == value { return String(Int64(value)) }
    return formatted("%.*g", value, min(max(digits, 1), 17))
  }

  /// A number with exactly `decimals` digits after the point.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return general(value) }
    let text = formatted("%.*f", value, min(max(decimals, 0), 17))
    // What rounds to zero has no sign.
    let isZero = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    return isZero && text.first == "-" ? String(text.dropFirst()) : text
  }

  private static func formatted(_ format: String, _ value: Double, _ precision: Int) -> String {
    // The longest double in %f has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: 352)
    let length = withVaList([Int32(precision), value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(
      decoding: buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
