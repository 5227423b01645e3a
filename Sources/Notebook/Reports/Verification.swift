/// Compares the report of a run with that of an earlier one: text exactly, numbers within a tolerance.
public struct Verification: Sendable {
  /// How far numbers may differ, relative to the larger.
  public var tolerance: Double

  public init(tolerance: Double = 1e-6) { self.tolerance = tolerance }

  /// The most lines of a difference that are shown.
  public static let maximumLinesShown = 20

  /// The lines that differ, as `- old` and `+ new` with their number; empty where the reports agree.
  public func differences(old: [ReportFile], new: [ReportFile]) -> [String] {
    var lines: [String] = []
    for file in new {
      guard let before = old.first(where: { $0.name == file.name }) else {
        lines.append("\(file.name): new, the earlier run had no such file")
        continue
      }
      lines += differences(
        file.name, String(decoding: before.bytes, as: UTF8.self), String(decoding: file.bytes, as: UTF8.self))
    }
    guard lines.count > Self.maximumLinesShown else { return lines }
    return Array(lines.prefix(Self.maximumLinesShown)) + ["… \(lines.count - Self.maximumLinesShown) more lines"]
  }

  private func differences(_ name: String, _ old: String, _ new: String) -> [String] {
    let before = PercentFormat.lines(of: old)
    let after = PercentFormat.lines(of: new)
    var lines: [String] = []
    for number in 0..<max(before.count, after.count) {
      let left = number < before.count ? before[number] : nil
      let right = number < after.count ? after[number] : nil
      if let left, let right, agree(left, right) { continue }
      if let left { lines.append("\(name):\(number + 1) - \(shortened(left))") }
      if let right { lines.append("\(name):\(number + 1) + \(shortened(right))") }
    }
    return lines
  }

  private func shortened(_ line: Substring) -> String { line.count > 120 ? line.prefix(119) + "…" : String(line) }

  /// True where two lines are equal but for numbers within the tolerance.
  func agree(_ left: Substring, _ right: Substring) -> Bool {
    if left == right { return true }
    let a = pieces(left)
    let b = pieces(right)
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b) where x.text != y.text {
      guard let p = x.number, let q = y.number else { return false }
      guard abs(p - q) <= tolerance * max(abs(p), abs(q)) else { return false }
    }
    return true
  }

  /// A line as texts and numbers. Spaces beside numbers do not count: columns move with the width of a number.
  private func pieces(_ line: Substring) -> [(text: Substring, number: Double?)] {
    var result: [(Substring, Double?)] = []
    var rest = line
    while let first = rest.first {
      if let (text, number) = leadingNumber(rest) {
        result.append((text, number))
        rest = rest[text.endIndex...]
      } else if first == " " {
        rest = rest.drop { $0 == " " }
      } else {
        let end = rest.dropFirst().firstIndex { $0 == " " || $0.isNumber || $0 == "-" } ?? rest.endIndex
        result.append((rest[..<end], nil))
        rest = rest[end...]
      }
    }
    return result
  }

  private func leadingNumber(_ text: Substring) -> (Substring, Double)? {
    guard let first = text.first, first == "-" || (first.isASCII && first.isNumber) else { return nil }
    var end = text.index(after: text.startIndex)
    while end < text.endIndex, text[end].isASCII, text[end].isNumber || text[end] == "." {
      end = text.index(after: end)
    }
    if end < text.endIndex, text[end] == "e" {
      var exponent = text.index(after: end)
      if exponent < text.endIndex, text[exponent] == "-" || text[exponent] == "+" {
        exponent = text.index(after: exponent)
      }
      let digits = text[exponent...].prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty { end = digits.endIndex }
    }
    return Double(text[..<end]).map { (text[..<end], $0) }
  }
}
