/// Prompts that may hold colour codes.
enum PromptText {
  /// The text with its escape sequences between the marks by which the editor knows that they take no room.
  static func protected(_ text: String) -> String {
    var result = ""
    eachPart(of: text) { part, isEscape in result += isEscape ? "\u{1}\(part)\u{1}" : part }
    return result
  }

  /// The text without escape sequences.
  static func plain(_ text: String) -> String {
    var result = ""
    eachPart(of: text) { part, isEscape in if !isEscape { result += part } }
    return result
  }

  /// Takes apart text and escape sequences (`ESC [ … letter`).
  private static func eachPart(of text: String, _ body: (String, Bool) -> Void) {
    var rest = text.unicodeScalars[...]
    while let start = rest.firstIndex(of: "\u{1B}") {
      if start > rest.startIndex { body(String(rest[..<start]), false) }
      let end = rest[start...].firstIndex { ("A"..."Z").contains($0) || ("a"..."z").contains($0) }
      let next = end.map { rest.index(after: $0) } ?? rest.endIndex
      body(String(rest[start..<next]), true)
      rest = rest[next...]
    }
    if !rest.isEmpty { body(String(rest), false) }
  }
}
