import Diagnostics

/// What stands after the colon in `"{x:>8.2f}"`: Python's format mini-language,
/// `[[fill]align][sign][0][width][,][.precision][type]` with types `d e f g x % s`.
public struct FormatSpecification: Sendable {
  public var fill: Character = " "
  public var alignment: Character?
  public var sign: Character = "-"
  public var zeroPadded = false
  public var width = 0
  public var hasCommas = false
  public var precision: Int?
  public var type: Character?

  /// The widest field: text is padded to no more.
  static let maximumWidth = 100_000
  /// The most decimals.
  static let maximumPrecision = 1_000

  /// - Throws: a value error that says what is wrong with the text.
  public init(_ text: String) throws {
    var rest = Substring(text)
    let aligns: Set<Character> = ["<", ">", "^"]
    if let second = rest.dropFirst().first, aligns.contains(second), let first = rest.first {
      fill = first
      alignment = second
      rest = rest.dropFirst(2)
    } else if let first = rest.first, aligns.contains(first) {
      alignment = first
      rest = rest.dropFirst()
    }
    if let first = rest.first, first == "+" || first == "-" || first == " " {
      sign = first
      rest = rest.dropFirst()
    }
    if rest.first == "0" {
      zeroPadded = true
      rest = rest.dropFirst()
    }
    width = try FormatSpecification.number(&rest, limit: FormatSpecification.maximumWidth, of: "width") ?? 0
    if rest.first == "," {
      hasCommas = true
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      guard
        let digits = try FormatSpecification.number(&rest, limit: FormatSpecification.maximumPrecision, of: "precision")
      else { throw RuntimeError(.value, "the format `\(text)` has no digits after its point") }
      precision = digits
    }
    if let first = rest.first {
      guard "defgxs%".contains(first) else {
        throw RuntimeError(
          .value, "the format `\(text)` ends in `\(first)`", hint: "the types are d e f g x % s, as in {x:>8.2f}")
      }
      type = first
      rest = rest.dropFirst()
    }
    guard rest.isEmpty else {
      throw RuntimeError(
        .value, "the format `\(text)` is not understood from `\(rest)` on",
        hint: "a format is [[fill]align][sign][0][width][,][.precision][type], as in {x:>8.2f}")
    }
  }

  private static func number(_ rest: inout Substring, limit: Int, of what: String) throws -> Int? {
    var value: Int?
    while let digit = rest.first, digit.isASCII, let number = digit.wholeNumberValue {
      value = (value ?? 0) * 10 + number
      guard value ?? 0 <= limit else { throw RuntimeError(.value, "a \(what) of a format is at most \(limit)") }
      rest = rest.dropFirst()
    }
    return value
  }

  // MARK: Values

  /// A value as text in this format.
  /// - Throws: a type error for a number format on what is no number, a value error for a number it cannot show.
  public func text(_ value: Value) throws -> String {
    if let number = value.asNumber, type != "s" { return try text(number) }
    if let type, type != "s" {
      throw RuntimeError(.type, "the format `\(type)` is for numbers, and this is \(value.kindText)")
    }
    if hasCommas || sign != "-" {
      throw RuntimeError(.type, "signs and commas in a format are for numbers, and this is \(value.kindText)")
    }
    var shown = value.text(.printed)
    if let precision { shown = String(shown.prefix(precision)) }
    return padded(shown, default: "<")
  }

  /// A number as text in this format.
  public func text(_ number: Double) throws -> String {
    let magnitude = number.magnitude
    var digits: String
    var suffix = ""
    if type == "d" || type == "x" {
      guard number.isFinite, number == number.rounded() else {
        throw RuntimeError(
          .value, "the format `\(type ?? "d")` is for whole numbers, and this is \(NumberText.short(number))")
      }
      guard magnitude <= 9_223_372_036_854_774_784 else {
        throw RuntimeError(.value, "\(NumberText.short(number)) is too large for the format `\(type ?? "d")`")
      }
      digits = String(Int(magnitude), radix: type == "x" ? 16 : 10)
    } else if !number.isFinite {
      digits = number.isNaN ? "nan" : "inf"
      if type == "%" { suffix = "%" }
    } else {
      switch type {
      case "f": digits = CFormat.fixed(magnitude, precision: precision ?? 6)
      case "e": digits = CFormat.scientific(magnitude, precision: precision ?? 6)
      case "%":
        digits = CFormat.fixed(magnitude * 100, precision: precision ?? 6)
        suffix = "%"
      case "g": digits = NumberText.significant(magnitude, digits: precision ?? 6)
      default:
        digits = precision.map { NumberText.significant(magnitude, digits: $0) } ?? NumberText.short(magnitude)
      }
    }
    let isNegative = number.sign == .minus && !number.isNaN && !(number == 0 && (type == nil || type == "d"))
    let mark = isNegative ? "-" : sign == "-" ? "" : String(sign)
    if hasCommas { digits = FormatSpecification.withCommas(digits) }
    let missing = width - mark.count - digits.count - suffix.count
    if zeroPadded, alignment == nil, missing > 0 {
      return mark + String(repeating: "0", count: missing) + digits + suffix
    }
    return padded(mark + digits + suffix, default: ">")
  }

  private func padded(_ text: String, default normal: Character) -> String {
    let missing = width - text.count
    guard missing > 0 else { return text }
    let fill = zeroPadded && alignment == nil ? "0" : self.fill
    let before: Int =
      switch alignment ?? normal {
      case ">": missing
      case "^": missing / 2
      default: 0
      }
    return String(repeating: fill, count: before) + text + String(repeating: fill, count: missing - before)
  }

  /// Groups of three digits before the point.
  private static func withCommas(_ digits: String) -> String {
    let whole = digits.prefix { $0.isNumber }
    var out = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out + digits.dropFirst(whole.count)
  }
}
