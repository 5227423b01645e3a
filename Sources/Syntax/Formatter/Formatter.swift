import Diagnostics

/// Lays a program out in the one usual way: four spaces of indent, one space around operators, lines of at most 100
/// columns. It never changes what the program means: the tree before and after is the same, comments stay, and so do
/// the line breaks and blank lines that a person has set, where they do no harm.
///
/// It works on tokens rather than on the tree: a token that is never dropped cannot be lost. Three steps follow each
/// other: where lines break (`Formatter+Breaks`), which lines are too long and break further (`Formatter+Wrapping`),
/// and the text itself (`Formatter+Output`).
public struct Formatter {
  /// The most columns of a line, where it can be broken.
  public static let maximumWidth = 100
  static let indentWidth = 4
  /// The most blank lines in a row: at the top level, and inside brackets and blocks.
  static let maximumBlankLines = 2
  static let maximumBlankLinesInside = 1

  /// A token, a whole string, or a comment.
  struct Item {
    var text: String
    var kind: TokenKind
    var isComment = false
    /// Line ends between the item before and this one in the source.
    var lineEnds = 0
    /// The bracket that this one matches, as an index of an item.
    var partner: Int?
    /// The innermost bracket around it; brackets themselves belong to what is around them.
    var group: Int?
    /// Of `{`: true for a block, false for a record.
    var isBlock = false
    /// Of `-`: true where it has no left operand.
    var isUnary = false
    /// Columns that the text takes; of a text over several lines, those of its first.
    var width = 0
    var isMultiline = false
  }

  var items: [Item] = []
  /// Line ends to write before each item.
  var breaks: [Int] = []

  /// The program laid out, ending with a line end. The source must have no mistakes: otherwise they are thrown.
  public static func format(_ source: SourceFile) throws(FormatterRefusal) -> String {
    let tree = SyntaxTree(parsing: source)
    guard tree.diagnostics.isEmpty else { throw FormatterRefusal(diagnostics: tree.diagnostics) }
    var formatter = Formatter(source)
    formatter.setBreaks()
    formatter.wrap()
    let text = formatter.text()
    // A layout that changed the meaning would be a mistake of ours: the user's text is worth more.
    let result = SyntaxTree(parsing: SourceFile(name: source.name, text: text))
    return TreeShape.of(result) == TreeShape.of(tree) ? text : source.text
  }

  private init(_ source: SourceFile) {
    var lexer = Lexer(source)
    lexer.run()
    var comments = lexer.comments[...]
    var tokens = lexer.tokens.dropLast()[...]
    var end: Int32 = 0
    var open: [Int] = []
    while true {
      let first = tokens.first
      if let comment = comments.first, first.map({ comment.span.start < $0.start }) ?? true {
        comments.removeFirst()
        append(source, comment.span, .invalid, after: end, open: open, isComment: true)
        end = comment.span.end
        continue
      }
      guard let token = first else { break }
      tokens.removeFirst()
      var span = token.span
      if token.kind == .stringStart {
        var depth = 1
        while depth > 0, let next = tokens.popFirst() {
          if next.kind == .stringStart { depth += 1 }
          if next.kind == .stringEnd { depth -= 1 }
          span.end = next.end
        }
        comments = comments.drop { $0.span.start < span.end }
      }
      close(token.kind, &open)
      append(source, span, token.kind, after: end, open: open, isComment: false)
      if token.kind == .leftParenthesis || token.kind == .leftBracket || token.kind == .leftBrace {
        open.append(items.count - 1)
      }
      end = span.end
    }
    markRoles()
  }

  private mutating func close(_ kind: TokenKind, _ open: inout [Int]) {
    guard kind == .rightParenthesis || kind == .rightBracket || kind == .rightBrace, let start = open.popLast() else {
      return
    }
    items[start].partner = items.count
  }

  private mutating func append(
    _ source: SourceFile, _ span: Span, _ kind: TokenKind, after end: Int32, open: [Int], isComment: Bool
  ) {
    var item = Item(text: source.text(span), kind: kind, isComment: isComment, group: open.last)
    item.lineEnds = source.lines.line(of: span.start) - source.lines.line(of: end)
    item.isMultiline = item.text.utf8.contains(UInt8(ascii: "\n"))
    item.width = item.text.count
    items.append(item)
  }

  /// Finds out what the lexer cannot know: matching brackets, blocks and records, signs and differences.
  private mutating func markRoles() {
    var before: Int?
    for index in items.indices where !items[index].isComment {
      if let partner = items[index].partner, partner < items.count {
        items[partner].partner = index
        if items[index].kind == .leftBrace { items[index].isBlock = !beginsRecord(index) }
      }
      if items[index].kind == .rightBrace, let partner = items[index].partner {
        items[index].isBlock = items[partner].isBlock
      }
      if items[index].kind == .minus {
        let isStatement = items[index].lineEnds > 0 && isInBlock(index)
        items[index].isUnary = before.map { !items[$0].kind.endsValue } ?? true || (isStatement && !continues(index))
      }
      before = index
    }
  }

  /// True where statements stand directly around an item.
  func isInBlock(_ index: Int) -> Bool { items[index].group.map { items[$0].isBlock } ?? true }

  private func beginsRecord(_ index: Int) -> Bool {
    var next = index + 1
    func skipComments() -> Int? {
      while next < items.count, items[next].isComment { next += 1 }
      return next < items.count ? next : nil
    }
    guard let first = skipComments(),
      items[first].kind == .name || items[first].kind == .stringStart || items[first].kind.isKeyword
    else { return false }
    next = first + 1
    return skipComments().map { items[$0].kind == .colon } ?? false
  }

  /// The item before one that is no comment.
  func previous(_ index: Int) -> Int? {
    var index = index - 1
    while index >= 0, items[index].isComment { index -= 1 }
    return index >= 0 ? index : nil
  }

  /// True where a line that begins with this item goes on with the statement of the line before.
  func continues(_ index: Int) -> Bool {
    let item = items[index]
    if item.kind.continuesLine || item.kind == .dot { return true }
    guard let before = previous(index) else { return false }
    return items[before].kind.takesOperand || items[before].kind == .colon || items[before].kind == .dot
  }
}

/// Why a text was not laid out: it has mistakes.
public struct FormatterRefusal: Error {
  public let diagnostics: [Diagnostic]
}

extension TokenKind {
  /// True where a value can end with this token: a `(`, `[` or `-` after it continues that value.
  var endsValue: Bool {
    switch self {
    case .name, .number, .stringStart, .stringEnd, .rightParenthesis, .rightBracket, .rightBrace, .trueKeyword,
      .falseKeyword,
      .noneKeyword:
      true
    default: false
    }
  }
}
