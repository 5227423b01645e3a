/// How far a continued line is moved in.
enum Indentation {
  /// What one open bracket adds.
  static let step = "    "

  /// A line as it was typed, moved out one step where it begins by closing a bracket.
  static func settled(_ line: String) -> String {
    let content = line.drop { $0 == " " }
    guard let first = content.first, ")]}".contains(first), line.hasPrefix(step) else { return line }
    return String(line.dropFirst(step.count))
  }

  /// The spaces before the next line: one step for each bracket that is still open, outside texts and comments.
  static func next(after text: String) -> String {
    var depth = 0
    var isText = false
    var isComment = false
    var isEscaped = false
    for character in text.unicodeScalars {
      if character == "\n" {
        isComment = false
        continue
      }
      if isComment { continue }
      if isText {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isText = false
        }
        continue
      }
      switch character {
      case "\"": isText = true
      case "#": isComment = true
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth = max(0, depth - 1)
      default: break
      }
    }
    return isText ? "" : String(repeating: step, count: min(depth, 20))
  }
}
