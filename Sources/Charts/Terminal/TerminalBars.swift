/// Draws bars with blocks of eighths.
struct TerminalBars {
  let resolved: ResolvedPanel
  let style: TerminalStyle

  /// What tells series apart where there are no colours.
  private static let fills = ["█", "▒", "▓", "░"]
  private static let eighths = Array(" ▁▂▃▄▅▆▇█")

  func lines(_ bars: [BarMark], _ columns: Int, _ height: Int) -> [String] {
    var tops = [Double](repeating: 0, count: columns)
    var inks = [Ink?](repeating: nil, count: columns)
    var series = [Int](repeating: 0, count: columns)
    let floor = resolved.y.isLogarithmic ? 0 : min(max(resolved.y.place(0) ?? 0, 0), 1)
    for (position, bar) in bars.enumerated() {
      for index in bar.heights.indices {
        guard let left = resolved.x.place(bar.starts[index]), let right = resolved.x.place(bar.ends[index]),
          let top = resolved.y.place(bar.heights[index]), left < 1.001, right > -0.001
        else { continue }
        let first = min(columns - 1, max(0, Int(bounded: (left * Double(columns)).rounded())))
        let last = min(columns - 1, max(first, Int(bounded: (right * Double(columns)).rounded()) - 1))
        for column in first...last where bar.heights[index] != 0 {
          tops[column] = min(max(top, 0), 1)
          inks[column] = bar.ink
          series[column] = position
        }
      }
    }
    return (0..<height).map { line in
      // The part of the axis that this line of text covers.
      let low = Double(height - 1 - line) / Double(height)
      let high = Double(height - line) / Double(height)
      return (0..<columns).map { column -> String in
        guard let ink = inks[column] else { return " " }
        let (from, to) = (min(floor, tops[column]), max(floor, tops[column]))
        let share = (min(to, high) - max(from, low)) * Double(height)
        let eighths = min(8, max(0, Int(bounded: (share * 8).rounded())))
        // Blocks grow from below; what hangs from above is drawn whole or not at all.
        let sign =
          from > low + 0.001 && eighths < 8 ? (eighths >= 4 ? "▀" : " ") : String(TerminalBars.eighths[eighths])
        if style.colours == .none, sign == "█" { return TerminalBars.fills[series[column] % TerminalBars.fills.count] }
        return sign == " " ? " " : style.painted(sign, style.color(ink))
      }.joined()
    }
  }
}
