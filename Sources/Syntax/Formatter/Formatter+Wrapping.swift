// Lines that are too long are broken at the outermost place that helps, again and again until all fit or none can.

extension Formatter {
  mutating func wrap() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for line in lines() where line.width > Self.maximumWidth && !line.isMultiline {
        if breakLine(line) { isChanged = true }
      }
    }
  }

  /// Adds breaks to a line that is too long; gives false where nothing can be broken.
  private mutating func breakLine(_ line: Line) -> Bool {
    let group = items[line.items.lowerBound].group
    let direct = line.items.dropFirst().filter { items[$0].group == group && !items[$0].isComment }
    return breakAfterSeparators(line, direct, group) || breakBefore(direct) { $0 == .pipe || $0 == .compose }
      || breakGroup(line, group) || breakAtOperators(line, direct)
  }

  /// Between the rows and elements of the brackets around the line, and between statements.
  private mutating func breakAfterSeparators(_ line: Line, _ direct: [Int], _ group: Int?) -> Bool {
    let rows = direct.filter { items[$0 - 1].kind == .semicolon }
    if !rows.isEmpty {
      for index in rows { breaks[index] = 1 }
      return true
    }
    guard let group, !items[group].isBlock else { return false }
    let elements = direct.filter { items[$0 - 1].kind == .comma && items[$0 - 1].group == group }
    guard !elements.isEmpty else { return false }
    if line.items.allSatisfy({ isSimple($0) }) {
      fill(line, elements)
    } else {
      for index in elements { breaks[index] = 1 }
    }
    // The line may have begun behind an inner bracket, with the outer one still closed.
    if breaks[group + 1] == 0 { breakOpen(group) }
    return true
  }

  private func isSimple(_ index: Int) -> Bool {
    switch items[index].kind {
    case .number, .comma, .name, .trueKeyword, .falseKeyword, .stringStart: true
    case .minus: items[index].isUnary
    default: items[index].isComment
    }
  }

  /// As many elements on a line as fit.
  private mutating func fill(_ line: Line, _ elements: [Int]) {
    var column = line.indent
    var start = line.items.lowerBound
    for (number, element) in elements.enumerated() {
      let end = number + 1 < elements.count ? elements[number + 1] : line.items.upperBound
      column += width(start..<element)
      if column + 1 + width(element..<end) > Self.maximumWidth {
        breaks[element] = 1
        column = line.indent
      } else {
        column += 1
      }
      start = element
    }
  }

  /// The columns that items take on one line.
  private func width(_ range: Range<Int>) -> Int {
    range.reduce(0) { $0 + items[$1].width + ($1 > range.lowerBound ? gap($1) : 0) }
  }

  private mutating func breakBefore(_ candidates: [Int], _ isWanted: (TokenKind) -> Bool) -> Bool {
    let places = candidates.filter { isWanted(items[$0].kind) }
    for index in places { breaks[index] = 1 }
    return !places.isEmpty
  }

  /// Opens the widest brackets of the line; of blocks all, since they belong together.
  private mutating func breakGroup(_ line: Line, _ group: Int?) -> Bool {
    let opens = line.items.filter { index in
      guard items[index].group == group, let close = items[index].partner, close > index + 1 else { return false }
      return breaks[index + 1] == 0
    }
    func size(_ open: Int) -> Int { width(open..<min(items[open].partner ?? open, line.items.upperBound)) }
    guard let widest = opens.max(by: { size($0) < size($1) }), size(widest) > 8 else { return false }
    for open in opens where open == widest || (items[open].isBlock && items[widest].isBlock) { breakOpen(open) }
    return true
  }

  /// At the operators that bind least: before `and` and `or`, after others.
  private mutating func breakAtOperators(_ line: Line, _ direct: [Int]) -> Bool {
    if breakBefore(direct, { $0 == .orKeyword }) || breakBefore(direct, { $0 == .andKeyword }) { return true }
    for kinds in Self.operatorsToBreakAfter {
      let places = direct.filter { index in
        let before = items[index - 1]
        return kinds.contains(before.kind) && !before.isUnary && index - 1 >= line.items.lowerBound
          && breaks[index] == 0
      }
      for index in places { breaks[index] = 1 }
      if !places.isEmpty { return true }
    }
    return false
  }

  private static let operatorsToBreakAfter: [Set<TokenKind>] = [
    [.assign], [.arrow], [.equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .inKeyword], [.plus, .minus],
    [.star, .slash, .doubleSlash, .percent, .at],
  ]
}
