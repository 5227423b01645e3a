/// What fits at the cursor.
public struct Completions: Equatable, Sendable {
  /// One way to go on.
  public struct Candidate: Equatable, Sendable {
    /// What would stand in place of the word at the cursor.
    public var text: String
    /// What the list shows; the text itself where it is empty.
    public var title: String
    /// What is written after the text when it is the only candidate: `(`, `: `, `"`.
    public var ending: String

    public init(_ text: String, title: String = "", ending: String = "") {
      self.text = text
      self.title = title
      self.ending = ending
    }
  }

  /// The word before the cursor that a candidate replaces; it must be the end of the line.
  public var word: String
  public var candidates: [Candidate]

  public init(word: String = "", candidates: [Candidate] = []) {
    self.word = word
    self.candidates = candidates
  }

  /// What the tab key does.
  enum Action: Equatable {
    case nothing
    /// Remove so many code points before the cursor and write a text.
    case replace(Int, String)
    /// Show all candidates.
    case list
  }

  /// A single candidate is written; several are completed as far as they agree; when that adds nothing, the second press
  /// shows them.
  func action(line: String, wasPressedHere: Bool) -> Action {
    guard !candidates.isEmpty, line.hasSuffix(word) else { return .nothing }
    let count = word.unicodeScalars.count
    if candidates.count == 1 {
      let text = candidates[0].text + candidates[0].ending
      return text == word ? .nothing : .replace(count, text)
    }
    let common = Completions.commonPrefix(candidates.map(\.text))
    if common.count > word.count { return .replace(count, common) }
    return wasPressedHere ? .list : .nothing
  }

  /// The longest text that all begin with.
  static func commonPrefix(_ texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      while !text.hasPrefix(common) { common.removeLast() }
    }
    return common
  }

  /// The candidates in columns, read downwards, at most so wide; long lists are cut.
  func listing(width: Int) -> String {
    let limit = 200
    let titles = candidates.prefix(limit).map { $0.title.isEmpty ? $0.text : $0.title }
    let widest = titles.map(TerminalColumns.count).max() ?? 0
    let columns = max(1, min(titles.count, (max(1, width) - 1) / (widest + 2)))
    let rows = (titles.count + columns - 1) / columns
    var text = ""
    for row in 0..<rows {
      var line = ""
      for index in stride(from: row, to: titles.count, by: rows) {
        line += titles[index]
        if index + rows < titles.count {
          line += String(repeating: " ", count: widest + 2 - TerminalColumns.count(titles[index]))
        }
      }
      text += line + "\n"
    }
    if candidates.count > limit { text += "… and \(candidates.count - limit) more\n" }
    return text
  }
}

/// How many columns a text takes in a terminal.
enum TerminalColumns {
  /// One for each character, two for those of East Asian scripts and emoji, none for colour codes.
  static func count(_ text: String) -> Int {
    PromptText.plain(text).reduce(0) { total, character in
      guard let first = character.unicodeScalars.first else { return total }
      let isWide =
        first.properties.isEmojiPresentation || (0x1100...0x115F).contains(first.value)
        || (0x2E80...0xA4CF).contains(first.value) || (0xAC00...0xD7A3).contains(first.value)
        || (0xF900...0xFAFF).contains(first.value) || (0xFF00...0xFF60).contains(first.value)
        || (0x20000...0x3FFFD).contains(first.value)
      return total + (isWide ? 2 : 1)
    }
  }
}
