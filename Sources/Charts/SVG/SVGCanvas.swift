import FileFormats

/// Collects SVG elements as text. Coordinates have at most two decimals, so the same chart gives the same bytes.
struct SVGCanvas {
  private(set) var body = ""
  /// Palette colours that occur, for the style sheet.
  private(set) var usedSeries: Set<Int> = []

  /// A coordinate: at most two decimals, none where they are zero.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int(bounded: (min(max(value, -1e6), 1e6) * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let whole = abs(hundredths) / 100
    let rest = abs(hundredths) % 100
    if rest == 0 { return "\(sign)\(whole)" }
    let decimals = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(sign)\(whole == 0 ? "" : String(whole)).\(decimals)"
  }

  /// A text with the signs that XML reserves replaced, and characters that XML does not allow too.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t", "\r": result += " "
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  mutating func raw(_ text: String) { body += text + "\n" }

  /// The attributes that paint with an ink: a class for palette colours, which have a light and a dark form.
  mutating func paint(_ ink: Ink, _ use: InkUse) -> String {
    switch ink {
    case .automatic: return paint(.series(0), use)
    case .series(let index):
      let wrapped = ((index % Palette.count) + Palette.count) % Palette.count
      usedSeries.insert(wrapped)
      return "class=\"\(use.rawValue)\(wrapped)\""
    case .muted: return "class=\"\(use.rawValue)m\""
    case .fixed(let color): return use == .fill ? "fill=\"\(color.hex)\"" : "stroke=\"\(color.hex)\" fill=\"none\""
    }
  }

  /// Whether an ink colours the inside or the line.
  enum InkUse: String {
    case fill = "f"
    case stroke = "s"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: String) {
    raw("<path d=\"M\(n(x1)) \(n(y1))L\(n(x2)) \(n(y2))\" \(attributes)/>")
  }

  mutating func path(_ data: String, _ attributes: String) {
    if !data.isEmpty { raw("<path d=\"\(data)\" \(attributes)/>") }
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ attributes: String, rounding: Double = 0
  ) {
    let corner = rounding > 0 ? " rx=\"\(n(rounding))\"" : ""
    raw("<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"\(corner) \(attributes)/>")
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ attributes: String) {
    raw("<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" \(attributes)/>")
  }

  /// Where a text stands in relation to its point.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ kind: String = "t", anchor: Anchor = .start, turn: Double = 0,
    extra: String = ""
  ) {
    guard !text.isEmpty else { return }
    let anchored = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let turned = turn == 0 ? "" : " transform=\"rotate(\(n(turn)) \(n(x)) \(n(y)))\""
    let more = extra.isEmpty ? "" : " " + extra
    raw(
      "<text class=\"\(kind)\" x=\"\(n(x))\" y=\"\(n(y))\"\(anchored)\(turned)\(more)>\(SVGCanvas.escaped(text))</text>"
    )
  }

  /// A picture, embedded as PNG.
  mutating func image(
    _ image: Image, _ x: Double, _ y: Double, _ width: Double, _ height: Double, isSmooth: Bool = false
  ) {
    // Small pictures are enlarged here, as not every viewer keeps their pixels sharp.
    let enlarged = isSmooth ? image : image.enlarged(to: 96)
    guard let png = try? PNG.write(enlarged) else { return }
    let style = isSmooth ? "" : " style=\"image-rendering:pixelated\""
    raw(
      "<image x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" preserveAspectRatio=\"none\""
        + "\(style) href=\"data:image/png;base64,\(Base64.text(png))\"/>")
  }

  /// Draws what `content` draws, cut to a rectangle.
  mutating func clipped(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ content: (inout SVGCanvas) -> Void
  ) {
    // Nested SVG elements clip without an identifier, which would have to be unique in a page.
    raw(
      "<svg x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" "
        + "viewBox=\"\(n(x)) \(n(y)) \(n(width)) \(n(height))\">")
    content(&self)
    raw("</svg>")
  }

  private func n(_ value: Double) -> String { SVGCanvas.number(value) }
}
