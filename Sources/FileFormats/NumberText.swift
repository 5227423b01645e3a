/// Numbers as text that reads back to the same bits.
public enum NumberText {
  /// The shortest digits that give the same number again; whole numbers below 2^53 have no point.
  ///
  /// `0.1` is `0.1`, `3` is `3`, `1e-9` is `1e-09`; not-a-number is `nan`, infinities are `inf` and `-inf`.
  public static func shortest(_ value: Double) -> String {
    if let whole = whole(value) { return whole }
    return value.description
  }

  /// The shortest digits that give the same single-precision number again.
  public static func shortest(_ value: Float) -> String {
    if let whole = whole(Double(value)) { return whole }
    return value.description
  }

  /// The digits of a whole number that is exact (below 2^53) and not minus zero.
  private static func whole(_ value: Double) -> String? {
    guard value.magnitude <= 9_007_199_254_740_992, value.rounded(.towardZero) == value else { return nil }
    if value == 0 && value.sign == .minus { return "-0" }
    return String(Int64(value))
  }
}
