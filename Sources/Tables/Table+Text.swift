import FileFormats

extension Table {
  /// How many rows a display shows at most; longer tables show the first and last half of them.
  public static let displayedRows = 20
  /// How many characters wide a display is at most; wider tables leave columns out in the middle.
  public static let displayedWidth = 120
  /// How many characters of one text a display shows.
  static let displayedText = 40

  /// The table as aligned text: numbers by their decimal points, with at most six significant digits; texts to the left.
  ///
  /// A table that is cut ends with a comment that says its whole size.
  public func text(maximumRows: Int = displayedRows, maximumWidth: Int = displayedWidth) -> String {
    guard !names.isEmpty else { return "# an empty table" }
    let half = max(1, maximumRows / 2)
    let isLong = rowCount > max(maximumRows, 2)
    let shown = isLong ? Array(0..<half) + Array(rowCount - half..<rowCount) : Array(0..<rowCount)

    var blocks = zip(names, columns).map { Table.block(name: $0, column: $1, rows: shown, gap: isLong ? half : nil) }
    let cut = Table.fit(&blocks, width: maximumWidth)
    let height = blocks.first?.count ?? 0
    var lines: [String] = []
    for line in 0..<height {
      var text = blocks.map { $0[line] }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      lines.append(text)
    }
    if isLong || cut || rowCount == 0 {
      lines.append(
        "# \(rowCount) row\(rowCount == 1 ? "" : "s"), \(names.count) column\(names.count == 1 ? "" : "s")")
    }
    return lines.joined(separator: "\n")
  }

  /// The lines of one column, all of the same width: its name, then its values.
  private static func block(name: String, column: Column, rows: [Int], gap: Int?) -> [String] {
    var cells = rows.map { row in
      switch column[row] {
      case .number(let value): NumberText.general(value)
      case .bool(let value): value ? "true" : "false"
      case .missing: "none"
      case .text(let text): shortened(text)
      }
    }
    let isNumeric = if case .numbers = column { true } else { false }
    if isNumeric { alignPoints(&cells) }
    if let gap { cells.insert("…", at: gap) }
    cells.insert(shortened(name), at: 0)
    let width = cells.map(TextWidth.columns).max() ?? 0
    return cells.map { cell in
      let padding = String(repeating: " ", count: width - TextWidth.columns(cell))
      return isNumeric ? padding + cell : cell + padding
    }
  }

  /// Pads numbers on the right so that their decimal points stand below each other.
  private static func alignPoints(_ cells: inout [String]) {
    let tails = cells.map { cell in cell.firstIndex { $0 == "." || $0 == "e" }.map { cell[$0...].count } ?? 0 }
    let longest = tails.max() ?? 0
    for index in cells.indices { cells[index] += String(repeating: " ", count: longest - tails[index]) }
  }

  /// A text on one line, cut where it is long.
  private static func shortened(_ text: String) -> String {
    var line = ""
    for (index, character) in text.enumerated() {
      if index == displayedText {
        line.removeLast()
        return line + "…"
      }
      switch character {
      case "\n", "\r\n": line += "\\n"
      case "\t": line += "\\t"
      case "\r": line += "\\r"
      default: line.append(character)
      }
    }
    return line
  }

  /// Replaces columns in the middle by one of dots until the rest fits; whether any was replaced.
  private static func fit(_ blocks: inout [[String]], width: Int) -> Bool {
    let widths = blocks.map { TextWidth.columns($0[0]) + 2 }
    guard blocks.count > 2, widths.reduce(-2, +) > width, let height = blocks.first?.count else { return false }
    var left = 1
    var right = 1
    var total = widths[0] + widths[blocks.count - 1] + 1
    while left + right < blocks.count {
      let takesLeft = left <= right
      let next = takesLeft ? widths[left] : widths[blocks.count - 1 - right]
      guard total + next <= width else { break }
      total += next
      if takesLeft { left += 1 } else { right += 1 }
    }
    blocks.replaceSubrange(left..<blocks.count - right, with: [[String](repeating: "…", count: height)])
    return true
  }
}

/// How much room a text takes in a terminal.
enum TextWidth {
  /// Columns of a text: one for each character, two for those of East Asian scripts and emoji.
  static func columns(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + columns($1) }
  }

  private static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if character.unicodeScalars.contains(where: { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }) {
      return 2
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
