// How a diagnostic looks to a person:
//
//     error[shape]: @ needs the inner sizes to agree: 64×784 times 128×10 has 784 and 128
//       --> digits.glia:14:9 in cell 3 (Train)
//        |
//     14 | let h = x @ w
//        |         ^^^^^
//        = help: w.T is 10×128
//        = in f (digits.glia:9:3), called from digits.glia:21:1

extension Diagnostic {
  /// The most calls of a trace that are shown; of a longer one the innermost and the outermost are.
  public static let maximumCallsShown = 8

  /// The diagnostic as lines of text, without a line end after the last.
  public func rendered(colored: Bool = false) -> String {
    let style = Style(isColored: colored)
    let word = severity == .error ? "error[\(kind.rawValue)]" : "warning[\(kind.rawValue)]"
    var lines = [style.title(word, severity) + style.bold(": " + singleLine(message))]
    var gutter = " "
    if let location {
      let position = location.source.position(of: location.span.start)
      gutter = String(repeating: " ", count: String(position.line).count)
      let label = location.source.label.map { " in \($0)" } ?? ""
      lines.append(style.frame("\(gutter)--> ") + location.description + label)
      if let excerpt = Excerpt(location) {
        let bar = style.frame("\(gutter) |")
        lines.append(bar)
        lines.append(style.frame("\(position.line) |") + " " + excerpt.text)
        lines.append(bar + " " + excerpt.padding + style.title(excerpt.carets, severity))
      }
    }
    for hint in hints where !hint.isEmpty {
      let indent = "\n\(gutter)         "
      let text = hint.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: indent)
      lines.append(style.frame("\(gutter) = ") + style.bold("help: ") + text)
    }
    for note in callNotes() {
      lines.append(style.frame("\(gutter) = ") + note)
    }
    return lines.joined(separator: "\n")
  }

  /// The trace as lines: calls that repeat stand once with their number, and the middle of a long trace is left out.
  func callNotes() -> [String] {
    var notes: [(text: String, count: Int)] = []
    for call in calls {
      let text = call.description
      if let last = notes.last, last.text == text {
        notes[notes.count - 1].count += 1
      } else {
        notes.append((text, 1))
      }
    }
    let lines = notes.map { $0.count == 1 ? $0.text : "\($0.text) (\($0.count) times)" }
    guard lines.count > Self.maximumCallsShown else { return lines }
    let head = Self.maximumCallsShown / 2
    let tail = Self.maximumCallsShown - head - 1
    let left = notes[head..<(notes.count - tail)].reduce(0) { $0 + $1.count }
    return Array(lines[..<head]) + ["… \(left) more calls"] + Array(lines[(lines.count - tail)...])
  }

  private func singleLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension Location: CustomStringConvertible {
  /// `file:line:column`.
  public var description: String {
    let position = source.position(of: span.start)
    return "\(source.name):\(position.line):\(position.column)"
  }
}

extension CallNote: CustomStringConvertible {
  /// `in f (digits.glia:9:3), called from digits.glia:21:1`.
  public var description: String {
    var text = "in \(function)"
    if let definition { text += " (\(definition))" }
    if let call { text += ", called from \(call)" }
    return text
  }
}

/// Terminal colours, or none.
private struct Style {
  let isColored: Bool

  func bold(_ text: String) -> String { wrap("1", text) }
  func frame(_ text: String) -> String { wrap("1;34", text) }
  func title(_ text: String, _ severity: Severity) -> String { wrap(severity == .error ? "1;31" : "1;33", text) }

  private func wrap(_ code: String, _ text: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
