/// Markdown as HTML, as far as notebooks need it: headings, paragraphs, lists, quotations, fenced code, tables, rules,
/// emphasis, code, links and pictures. HTML in the text is shown as text; formulas between `$` stay as written.
enum MarkdownRenderer {
  static func html(_ text: String) -> String {
    var renderer = BlockRenderer(lines: PercentFormat.lines(of: text)[...])
    return renderer.blocks()
  }
}

private struct BlockRenderer {
  var lines: ArraySlice<Substring>
  /// How deep quotations and lists are nested; deeper ones are shown as text.
  var depth = 0
  static let maximumDepth = 8

  mutating func blocks() -> String {
    var result = ""
    while let line = lines.first {
      let trimmed = line.drop { $0 == " " }
      if trimmed.isEmpty {
        lines.removeFirst()
      } else if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") {
        result += fence(trimmed)
      } else if let level = headingLevel(trimmed) {
        lines.removeFirst()
        let text = trimmed.drop { $0 == "#" }.drop { $0 == " " }
        result += "<h\(level)>\(InlineRenderer.html(text))</h\(level)>\n"
      } else if isRule(trimmed) {
        lines.removeFirst()
        result += "<hr>\n"
      } else if trimmed.hasPrefix(">"), depth < Self.maximumDepth {
        result += quotation()
      } else if let marker = listMarker(trimmed), depth < Self.maximumDepth {
        result += list(isOrdered: marker.isOrdered)
      } else if trimmed.contains("|"), let next = lines.dropFirst().first, isTableRule(next) {
        result += table()
      } else {
        result += paragraph()
      }
    }
    return result
  }

  private func headingLevel(_ line: Substring) -> Int? {
    let level = line.prefix { $0 == "#" }.count
    return (1...6).contains(level) && (line.dropFirst(level).first.map { $0 == " " } ?? true) ? level : nil
  }

  private func isRule(_ line: Substring) -> Bool {
    let marks = line.filter { $0 != " " }
    return marks.count >= 3
      && (marks.allSatisfy { $0 == "-" } || marks.allSatisfy { $0 == "*" } || marks.allSatisfy { $0 == "_" })
  }

  private mutating func fence(_ first: Substring) -> String {
    let mark = first.prefix { $0 == first.first }
    lines.removeFirst()
    var code: [Substring] = []
    while let line = lines.popFirst() {
      let trimmed = line.drop { $0 == " " }
      if trimmed.hasPrefix(mark), trimmed.allSatisfy({ $0 == mark.first || $0 == " " }) { break }
      code.append(line)
    }
    return "<pre class=\"code\"><code>\(HTMLWriter.escaped(code.joined(separator: "\n")))</code></pre>\n"
  }

  private mutating func quotation() -> String {
    var inner: [Substring] = []
    while let line = lines.first {
      let trimmed = line.drop { $0 == " " }
      guard trimmed.hasPrefix(">") else { break }
      lines.removeFirst()
      let rest = trimmed.dropFirst()
      inner.append(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
    }
    var renderer = BlockRenderer(lines: inner[...], depth: depth + 1)
    return "<blockquote>\n\(renderer.blocks())</blockquote>\n"
  }

  /// `- `, `* `, `+ ` or `1. `: whether it counts, and how wide it is.
  private func listMarker(_ line: Substring) -> (isOrdered: Bool, width: Int)? {
    if let first = line.first, first == "-" || first == "*" || first == "+", line.dropFirst().first == " " {
      return (false, 2)
    }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    let rest = line.dropFirst(digits.count)
    guard let dot = rest.first, dot == "." || dot == ")", rest.dropFirst().first == " " else { return nil }
    return (true, digits.count + 2)
  }

  private mutating func list(isOrdered: Bool) -> String {
    var items = ""
    while let line = lines.first {
      let indent = line.prefix { $0 == " " }.count
      let trimmed = line.dropFirst(indent)
      guard let marker = listMarker(trimmed), marker.isOrdered == isOrdered else { break }
      lines.removeFirst()
      let inset = indent + marker.width
      var inner = [trimmed.dropFirst(marker.width)]
      while let next = lines.first {
        let nextIndent = next.prefix { $0 == " " }.count
        let isBlank = nextIndent == next.count
        if isBlank {
          guard let after = lines.dropFirst().first, after.prefix(while: { $0 == " " }).count >= inset else { break }
        } else if nextIndent < inset {
          guard listMarker(next.dropFirst(nextIndent)) == nil, headingLevel(next.dropFirst(nextIndent)) == nil else {
            break
          }
        }
        lines.removeFirst()
        inner.append(next.dropFirst(min(nextIndent, inset)))
      }
      var renderer = BlockRenderer(lines: inner[...], depth: depth + 1)
      var content = renderer.blocks()
      // A lone paragraph needs no element of its own.
      if content.hasPrefix("<p>"), content.hasSuffix("</p>\n"), content.dropFirst(3).range(of: "<p>") == nil {
        content = String(content.dropFirst(3).dropLast(5))
      }
      items += "<li>\(content)</li>\n"
      while let blank = lines.first, blank.allSatisfy({ $0 == " " }), let after = lines.dropFirst().first,
        listMarker(after.drop { $0 == " " })?.isOrdered == isOrdered
      { lines.removeFirst() }
    }
    let tag = isOrdered ? "ol" : "ul"
    return "<\(tag)>\n\(items)</\(tag)>\n"
  }

  private func isTableRule(_ line: Substring) -> Bool {
    line.contains("-") && line.contains("|") && line.allSatisfy { "|:- ".contains($0) }
  }

  private mutating func table() -> String {
    func cells(_ line: Substring) -> [String] {
      var parts: [String] = [""]
      var isEscaped = false
      for character in line {
        if character == "|", !isEscaped {
          parts.append("")
        } else {
          parts[parts.count - 1].append(character)
        }
        isEscaped = character == "\\" && !isEscaped
      }
      var trimmed = parts.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
      if trimmed.first == "" { trimmed.removeFirst() }
      if trimmed.last == "" { trimmed.removeLast() }
      return trimmed
    }
    var rows: [[String]] = []
    while let line = lines.first, line.contains("|") {
      lines.removeFirst()
      if rows.count == 1, isTableRule(line) { continue }
      rows.append(cells(line))
    }
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(InlineRenderer.html($0[...]))</\(tag)>" }.joined() + "</tr>\n"
    }
    let head = rows.first.map { row($0, "th") } ?? ""
    return
      "<table>\n<thead>\(head)</thead>\n<tbody>\n\(rows.dropFirst().map { row($0, "td") }.joined())</tbody>\n</table>\n"
  }

  private mutating func paragraph() -> String {
    var text: [Substring] = []
    while let line = lines.first {
      let trimmed = line.drop { $0 == " " }
      if trimmed.isEmpty { break }
      let isStart =
        headingLevel(trimmed) != nil || trimmed.hasPrefix("```")
        || (depth < Self.maximumDepth && (trimmed.hasPrefix(">") || listMarker(trimmed) != nil))
      if !text.isEmpty, isStart { break }
      lines.removeFirst()
      text.append(trimmed)
    }
    return "<p>\(InlineRenderer.html(text.joined(separator: "\n")[...]))</p>\n"
  }
}

extension Substring {
  /// Where a text begins in this one.
  fileprivate func range(of text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}
