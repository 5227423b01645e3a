import FileFormats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Places on an axis that have a label, and their labels.
struct Ticks: Equatable {
  var values: [Double]
  var labels: [String]
  /// Places between the labelled ones that have only a faint line.
  var minor: [Double] = []

  /// The longest label in characters.
  var longest: Int { labels.map(\.count).max() ?? 0 }

  /// Round numbers (1, 2 or 5 times a power of ten) within a range, at most about `count`.
  static func linear(
    _ low: Double, _ high: Double, count: Int, wholeOnly: Bool = false, step given: Double? = nil
  ) -> Ticks {
    let step = given ?? step(low, high, count: count, wholeOnly: wholeOnly)
    guard step > 0, step.isFinite else { return Ticks(values: [low], labels: [NumberText.general(low, digits: 3)]) }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first.isFinite, last.isFinite, last >= first, last - first < 200 else {
      return Ticks(values: [low], labels: [NumberText.general(low, digits: 3)])
    }
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    return Ticks(values: values, labels: labels(values, step: step))
  }

  /// The distance between round numbers of which at most about `count` lie in the range.
  static func step(_ low: Double, _ high: Double, count: Int, wholeOnly: Bool = false) -> Double {
    let raw = (high / 2 - low / 2) / Double(max(1, count)) * 2
    guard raw > 0, raw.isFinite else { return 0 }
    let power = pow(10, log10(raw).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= raw * (1 - 1e-9) } ?? 10) * power
    return wholeOnly ? max(1, step) : step
  }

  /// Powers of ten; within less than two of them also 2 and 5 times a power; of many, every second, third and so on.
  static func logarithmic(_ low: Double, _ high: Double, count: Int) -> Ticks {
    let first = Int(bounded: log10(low).rounded(.down))
    let last = Int(bounded: log10(high).rounded(.up))
    let decades = log10(high) - log10(low)
    func within(_ value: Double) -> Bool { value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) }
    var values: [Double] = []
    var minor: [Double] = []
    let stride = max(1, Int(bounded: (decades / Double(max(2, count))).rounded(.up)))
    for exponent in first...max(first, last) {
      let power = pow(10, Double(exponent))
      for factor in 1...9 {
        let value = Double(factor) * power
        guard within(value) else { continue }
        if factor == 1 ? exponent % stride == 0 : decades < 1.7 && (factor == 2 || factor == 5) {
          values.append(value)
        } else if decades < 6 || factor == 1 {
          minor.append(value)
        }
      }
    }
    if values.count < 2, decades < 1 { return linear(low, high, count: count) }
    return Ticks(values: values, labels: values.map(powerLabel), minor: minor)
  }

  /// Names at whole places; of too many, every second, third and so on.
  static func categories(_ names: [String], low: Double, high: Double, count: Int) -> Ticks {
    let shown = names.indices.filter { Double($0) >= low && Double($0) <= high }
    let stride = max(1, (shown.count + max(1, count) - 1) / max(1, count))
    let kept = shown.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    return Ticks(values: kept.map(Double.init), labels: kept.map { names[$0] })
  }

  // MARK: - Labels

  /// Labels with just the digits that the step needs; very large and small numbers as powers of ten.
  private static func labels(_ values: [Double], step: Double) -> [String] {
    let largest = values.map(\.magnitude).max() ?? 0
    let stepExponent = Int(bounded: (log10(step) + 1e-9).rounded(.down))
    if largest >= 1e6 || largest < 1e-3 {
      return values.map { scientific($0, stepExponent: stepExponent) }
    }
    return values.map { grouped(NumberText.fixed($0, decimals: max(0, -stepExponent))) }
  }

  private static func powerLabel(_ value: Double) -> String {
    let exponent = Int(bounded: (log10(value) + 1e-9).rounded(.down))
    let factor = (value / pow(10, Double(exponent))).rounded()
    if (-3...4).contains(exponent) { return grouped(NumberText.fixed(value, decimals: max(0, -exponent))) }
    return (factor == 1 ? "" : "\(Int(bounded: factor))×") + "10" + superscript(exponent)
  }

  /// `2.5×10⁶`.
  private static func scientific(_ value: Double, stepExponent: Int) -> String {
    guard value.magnitude > 0 else { return "0" }
    let exponent = Int(bounded: (log10(value.magnitude) + 1e-9).rounded(.down))
    let decimals = max(0, min(6, exponent - stepExponent))
    var mantissa = NumberText.fixed(value / pow(10, Double(exponent)), decimals: decimals)
    if mantissa.contains(".") {
      while mantissa.last == "0" { mantissa.removeLast() }
      if mantissa.last == "." { mantissa.removeLast() }
    }
    let sign = mantissa == "1" ? "" : mantissa == "-1" ? "−" : mantissa.replacingMinus + "×"
    return sign + "10" + superscript(exponent)
  }

  /// Commas between groups of three digits from five digits on, and a real minus sign.
  private static func grouped(_ text: String) -> String {
    let negative = text.first == "-"
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    var digits = Array(parts[0])
    if digits.count > 4 {
      for index in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: index) }
    }
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return (negative && !isZero ? "−" : "") + String(digits) + (parts.count > 1 ? "." + parts[1] : "")
  }

  static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(value).map { $0 == "-" ? "⁻" : digits[Int(String($0)) ?? 0] })
  }
}

extension String {
  /// The text with a real minus sign for a hyphen at its start.
  var replacingMinus: String { first == "-" ? "−" + dropFirst() : self }
}
