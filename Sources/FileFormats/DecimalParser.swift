/// Decimal numbers read straight from bytes: `-12.5e-3`, without hexadecimal, names or spaces.
///
/// Short numbers (at most 19 digits, a power of ten that a double holds exactly) are converted with one exact
/// multiplication or division (Clinger, "How to read floating point numbers accurately", 1990); all others go through
/// the standard library's correctly rounded conversion. Either way the result is the nearest double.
public enum DecimalParser {
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The number that the whole of `text` spells, or nil where it is not one.
  @inlinable
  public static func parse(_ text: ArraySlice<UInt8>) -> Double? {
    text.withUnsafeBufferPointer(parse)
  }

  /// The number that the whole of `text` spells, or nil where it is not one.
  public static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    let count = text.count
    guard count > 0, let bytes = text.baseAddress else { return nil }
    var at = 0
    var negative = false
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      negative = bytes[0] == UInt8(ascii: "-")
      at = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    while at < count {
      let digit = bytes[at] &- 48
      guard digit < 10 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      if significant > 0 || digit > 0 { significant += 1 }
      digits += 1
      at += 1
    }
    if at < count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      while at < count {
        let digit = bytes[at] &- 48
        guard digit < 10 else { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if significant > 0 || digit > 0 { significant += 1 }
        digits += 1
        exponent -= 1
        at += 1
      }
    }
    guard digits > 0 else { return nil }
    if at < count {
      guard let written = writtenExponent(bytes, from: at, count: count) else { return nil }
      exponent += written
    }
    if significant <= 19, mantissa <= 9_007_199_254_740_992, exponent >= -22, exponent <= 22 {
      var value = Double(mantissa)
      if exponent < 0 { value /= powers[-exponent] } else if exponent > 0 { value *= powers[exponent] }
      return negative ? -value : value
    }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// The exponent that ends the text, clamped so that sums cannot overflow; nil where it is malformed.
  private static func writtenExponent(_ bytes: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int? {
    var at = start
    guard bytes[at] | 0x20 == UInt8(ascii: "e") else { return nil }
    at += 1
    var negative = false
    if at < count, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
      negative = bytes[at] == UInt8(ascii: "-")
      at += 1
    }
    guard at < count else { return nil }
    var value = 0
    while at < count {
      let digit = bytes[at] &- 48
      guard digit < 10 else { return nil }
      value = min(value * 10 + Int(digit), 100_000)
      at += 1
    }
    return negative ? -value : value
  }
}
