// Where lines break before any of them is measured: mostly where the user has broken them.

extension Formatter {
  mutating func setBreaks() {
    breaks = items.indices.map(userBreaks)
    for index in items.indices where items[index].partner.map({ $0 > index }) ?? false {
      normalizeGroup(index)
    }
  }

  /// The line ends that stay before an item: 0 for none, 1 for a new line, more for blank lines.
  private func userBreaks(_ index: Int) -> Int {
    let item = items[index]
    guard index > 0 else { return 0 }
    let before = items[index - 1]
    let isInside = item.group != nil || item.kind == .rightBrace
    let most = 1 + (isInside ? Self.maximumBlankLinesInside : Self.maximumBlankLines)
    // After a comment a line begins, and so does a comment that had its own.
    if before.isComment { return clipped(max(1, item.lineEnds), most, index) }
    if item.lineEnds == 0 { return 0 }
    if item.isComment { return clipped(item.lineEnds, most, index) }
    switch item.kind {
    case .elseKeyword, .catchKeyword, .comma: return 0
    case .semicolon where !isInBlock(index): return 0
    case .leftBrace where item.isBlock: return 0
    default: break
    }
    switch before.kind {
    case .dot, .ellipsis, .notKeyword: return 0
    case .minus where before.isUnary: return 0
    default: return clipped(item.lineEnds, most, index)
    }
  }

  /// Blank lines neither follow an opening bracket nor stand before a closing one.
  private func clipped(_ count: Int, _ most: Int, _ index: Int) -> Int {
    let opens = !items[index - 1].isComment && (items[index - 1].partner ?? 0) > index - 1
    let closes = items[index].partner.map { $0 < index } ?? false
    return opens || closes ? 1 : min(count, most)
  }

  /// Brackets that hold a line break of their own stand at the ends of lines, their content between them.
  mutating func normalizeGroup(_ open: Int) {
    guard let close = items[open].partner, close > open + 1 else {
      if let close = items[open].partner { breaks[close] = 0 }
      return
    }
    var index = open + 1
    var hasBreak = breaks[close] > 0
    while index < close, !hasBreak {
      hasBreak = breaks[index] > 0
      if let partner = items[index].partner, partner > index { index = partner }
      index += 1
    }
    if hasBreak { breakOpen(open) }
  }

  /// Puts a bracket's content on lines of its own.
  mutating func breakOpen(_ open: Int) {
    guard let close = items[open].partner, close > open + 1 else { return }
    // A comment may stay on the line of the bracket.
    if !items[open + 1].isComment || items[open + 1].lineEnds > 0 { breaks[open + 1] = max(1, breaks[open + 1]) }
    breaks[close] = 1
  }
}
