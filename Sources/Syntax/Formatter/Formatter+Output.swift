// Spaces, indents and the text.

extension Formatter {
  /// A line of the result: its items, and the spaces before them.
  struct Line {
    var items: Range<Int>
    var indent: Int
    /// Columns up to the end of the code; a comment at the end does not count.
    var width: Int
    var isMultiline: Bool
  }

  /// The spaces between an item and the one before it on its line.
  func gap(_ index: Int) -> Int {
    let item = items[index]
    let before = items[index - 1]
    if item.isComment { return 2 }
    switch (before.kind, item.kind) {
    case (.comma, .colon), (.comma, .dot): return 1
    case (_, .comma), (_, .semicolon), (_, .rightParenthesis), (_, .rightBracket), (_, .colon), (_, .dot), (_, .caret):
      return 0
    case (.leftParenthesis, _), (.leftBracket, _), (.dot, _), (.caret, _), (.ellipsis, _): return 0
    case (.leftBrace, .rightBrace): return 0
    case (.leftBrace, _): return before.isBlock ? 1 : 0
    case (_, .rightBrace): return item.isBlock ? 1 : 0
    case (.colon, _): return before.group.map { items[$0].kind == .leftBracket } ?? false ? 0 : 1
    case (.minus, _) where before.isUnary: return 0
    case (_, .leftParenthesis), (_, .leftBracket): return before.kind.endsValue ? 0 : 1
    default: return 1
    }
  }

  /// The lines that the breaks make.
  func lines() -> [Line] {
    var lines: [Line] = []
    var indents: [Int: Int] = [:]
    var start = 0
    while start < items.count {
      var end = start + 1
      while end < items.count, breaks[end] == 0 { end += 1 }
      let indent = indent(of: start, indents)
      var line = Line(items: start..<end, indent: indent, width: indent, isMultiline: false)
      for index in start..<end {
        if items[index].partner.map({ $0 > index }) ?? false { indents[index] = indent }
        if items[index].isComment, index > start { continue }
        line.width += items[index].width + (index > start ? gap(index) : 0)
        line.isMultiline = line.isMultiline || items[index].isMultiline
      }
      lines.append(line)
      start = end
    }
    return lines
  }

  /// How far a line is indented; `indents` are those of the lines on which each open bracket stands.
  private func indent(of index: Int, _ indents: [Int: Int]) -> Int {
    let item = items[index]
    if let partner = item.partner, partner < index { return indents[partner] ?? 0 }
    if item.isComment, item.text.hasPrefix("# %%"), item.group == nil { return 0 }
    let base = item.group.flatMap { indents[$0] }.map { $0 + Self.indentWidth } ?? 0
    return isInBlock(index) && continues(index) ? base + Self.indentWidth : base
  }

  func text() -> String {
    var result: [String] = []
    let lines = lines()
    let columns = commentColumns(lines)
    for (number, line) in lines.enumerated() {
      let first = line.items.lowerBound
      for _ in 0..<max(0, breaks[first] - 1) { result.append("") }
      var text = String(repeating: " ", count: line.indent)
      for index in line.items {
        if index > first {
          let isTrailing = items[index].isComment
          text += String(repeating: " ", count: isTrailing ? max(2, columns[number] - line.width) : gap(index))
        }
        text += items[index].text
      }
      result.append(text)
    }
    return result.isEmpty ? "" : result.joined(separator: "\n") + "\n"
  }

  /// The column of the comment at the end of each line: those of neighbouring lines stand below each other.
  private func commentColumns(_ lines: [Line]) -> [Int] {
    var columns = lines.map(\.width)
    func isAligned(_ number: Int) -> Bool {
      let line = lines[number]
      let last = line.items.upperBound - 1
      return items[last].isComment && last > line.items.lowerBound && line.width <= Self.maximumWidth / 2
        && !line.isMultiline
    }
    var start = 0
    while start < lines.count {
      var end = start
      while end < lines.count, isAligned(end), end == start || breaks[lines[end].items.lowerBound] == 1 { end += 1 }
      let column = (lines[start..<end].map(\.width).max() ?? 0) + 2
      for number in start..<end { columns[number] = column }
      start = max(end, start + 1)
    }
    return columns
  }
}
