/// Numbers as text.
public enum NumberText {
  /// At most six significant digits, as displays show numbers: `0.333333`, `1e-07`, `1234567`.
  public static func short(_ number: Double) -> String {
    if let whole = wholeText(number) { return whole }
    return significant(number, digits: 6)
  }

  /// Adds a number as displays show it.
  static func append(_ number: Double, to text: inout String) { text += short(number) }

  /// Digits that read back as the same number: `0.30000000000000004`.
  public static func full(_ number: Double) -> String {
    if let whole = wholeText(number) { return whole }
    if !number.isFinite { return nonFinite(number) }
    return normalized(exponentOf: "\(number)")
  }

  /// A float32 in digits that read back as the same float32.
  public static func full(_ number: Float) -> String {
    if let whole = wholeText(Double(number)) { return whole }
    if !number.isFinite { return nonFinite(Double(number)) }
    return normalized(exponentOf: "\(number)")
  }

  /// Whole numbers up to 2^53 have no point and no exponent.
  static func wholeText(_ number: Double) -> String? {
    guard number.magnitude <= 9_007_199_254_740_992, number == number.rounded() else { return nil }
    return String(Int(number))
  }

  static func nonFinite(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    return number < 0 ? "-inf" : "inf"
  }

  /// As C's `%g`: so many significant digits, without trailing zeros, an exponent where the number is below 1e-4 or the
  /// digits do not reach the point.
  public static func significant(_ number: Double, digits: Int) -> String {
    guard number.isFinite else { return nonFinite(number) }
    return normalized(exponentOf: CFormat.general(number, precision: digits))
  }

  /// `1e-07`, `2.5e+20`: an exponent of at least two digits with its sign, a mantissa without `.0`.
  private static func normalized(exponentOf text: String) -> String {
    guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else {
      return text
    }
    var mantissa = String(text[..<mark])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    var exponent = text[text.index(after: mark)...]
    var sign = "+"
    if let first = exponent.first, first == "-" || first == "+" {
      sign = String(first)
      exponent.removeFirst()
    }
    let digits = exponent.count < 2 ? "0" + exponent : String(exponent)
    return "\(mantissa)e\(sign)\(digits)"
  }
}
