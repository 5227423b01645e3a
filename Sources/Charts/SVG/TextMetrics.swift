/// About how wide texts are. The viewer's font is not known here: widths are those of a common sans-serif face, a little
/// on the generous side, so that what is placed by them does not overlap.
enum TextMetrics {
  /// The width of a text in pixels.
  static func width(_ text: String, size: Double) -> Double {
    size * text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The share of the font's size that a character takes.
  private static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'", "|", ".", ",", ":", ";", "!", "I": 0.31
    case "f", "t", "r", " ", "(", ")", "[", "]", "/", "-", "\"": 0.40
    case "m", "M", "W", "w", "@", "%": 0.90
    case "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻": 0.42
    case "A"..."Z", "×", "−", "+", "=", "<", ">", "~": 0.70
    case "\u{300}"..."\u{36F}": 0
    case "\u{1100}"..."\u{115F}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}", "\u{F900}"..."\u{FAFF}",
      "\u{FF00}"..."\u{FF60}", "\u{1F300}"..."\u{1FAFF}", "\u{20000}"..."\u{3FFFD}":
      1.05
    default: 0.60
    }
  }

  /// The text, cut with dots so that it is at most `width` pixels wide.
  static func fitted(_ text: String, size: Double, width limit: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = ""
    var used = 0.65 * size
    for character in text {
      used += width(String(character), size: size)
      if used > limit { break }
      kept.append(character)
    }
    return kept + "…"
  }
}
