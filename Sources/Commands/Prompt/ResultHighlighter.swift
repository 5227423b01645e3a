/// Colours for shown values: texts, words such as `true`, and comments stand out; numbers stay as they are.
enum ResultHighlighter {
  private static let text = "\u{1B}[32m"
  private static let word = "\u{1B}[33m"
  private static let comment = "\u{1B}[2m"
  private static let end = "\u{1B}[0m"
  private static let words: Set<String> = ["true", "false", "none", "nan", "inf"]

  /// The text with colours. What has colours already, as charts do, stays as it is.
  static func painted(_ shown: String) -> String {
    guard !shown.contains("\u{1B}") else { return shown }
    return shown.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
  }

  private static func line(_ line: Substring) -> String {
    var result = ""
    var rest = line
    while let first = rest.first {
      if first == "\"", let quoted = quotedText(rest) {
        result += text + quoted + end
        rest = rest.dropFirst(quoted.count)
      } else if first == "#", result.isEmpty || result.hasSuffix("  "), rest.dropFirst().first == " " {
        return result + comment + rest + end
      } else if first.isLetter || first == "_" {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        // A name before a colon is a field.
        let isField = rest.dropFirst(name.count).first == ":"
        result += words.contains(String(name)) && !isField ? word + name + end : String(name)
        rest = rest.dropFirst(name.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// A text from its opening to its closing quote; nil where the line ends before.
  private static func quotedText(_ rest: Substring) -> Substring? {
    var isEscaped = false
    for index in rest.indices.dropFirst() {
      if isEscaped {
        isEscaped = false
      } else if rest[index] == "\\" {
        isEscaped = true
      } else if rest[index] == "\"" {
        return rest[...index]
      }
    }
    return nil
  }
}
