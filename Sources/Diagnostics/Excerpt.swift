/// The source line of a diagnostic with the marks below it. Of a very long line a window around the place is shown.
struct Excerpt {
  /// The widest line that is shown whole, in terminal columns.
  static let maximumWidth = 120

  let text: String
  /// What stands before the marks: spaces, and tabs where the line has tabs.
  let padding: String
  let carets: String

  init?(_ location: Location) {
    let source = location.source
    let line = source.lines.line(of: location.span.start)
    let range = source.lines.range(ofLine: line, in: source.bytes)
    guard !source.bytes.isEmpty else { return nil }
    let start = max(range.lowerBound, min(Int(location.span.start), range.upperBound))
    let end = max(start, min(Int(location.span.end), range.upperBound))
    func characters(_ bytes: Range<Int>) -> [Character] { Array(String(decoding: source.bytes[bytes], as: UTF8.self)) }
    var before = characters(range.lowerBound..<start)[...]
    var marked = characters(start..<end)[...]
    var after = characters(end..<range.upperBound)[...]
    var prefix = ""
    var suffix = ""
    if before.count + marked.count + after.count > Self.maximumWidth {
      if before.count > Self.maximumWidth / 2 {
        before = before.suffix(Self.maximumWidth / 2)
        prefix = "…"
      }
      let room = Self.maximumWidth - before.count
      if marked.count > room {
        marked = marked.prefix(room)
        after = []
        suffix = "…"
      } else if after.count > room - marked.count {
        after = after.prefix(room - marked.count)
        suffix = "…"
      }
    }
    text = Self.printable(prefix + String(before) + String(marked) + String(after) + suffix)
    padding = String((Array(prefix) + before).flatMap(Self.blank))
    carets = String(repeating: "^", count: max(1, marked.reduce(0) { $0 + Self.width(of: $1) }))
  }

  /// Control characters would move the cursor or worse: they are shown as `·`.
  private static func printable(_ text: String) -> String {
    String(text.map { $0 != "\t" && isControl($0) ? "·" : $0 })
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.first?.properties.generalCategory == .control
  }

  private static func blank(_ character: Character) -> [Character] {
    character == "\t" ? ["\t"] : Array(repeating: " ", count: width(of: character))
  }

  /// The columns of a terminal that a character takes: two for East Asian wide characters and emoji.
  static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
