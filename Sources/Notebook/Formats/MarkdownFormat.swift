import Session

/// Markdown (CommonMark with GitHub's tables): what every forge and editor shows. A report is this format with outputs.
public struct MarkdownFormat: NotebookFormat {
  public let ending = "md"

  public init() {}

  /// The marks of the fences around code that is Glia.
  static let codeWords: Set<Substring> = ["glia", "{glia}", "python glia"]

  // MARK: Reading

  /// Fenced blocks of Glia are code cells; what stands between them are text cells.
  public func read(_ text: String) -> Notebook {
    var cells: [Cell] = []
    var lines: [Substring] = []
    var start = 1
    var fence: (mark: Substring, isCode: Bool)?
    func finish(_ kind: Cell.Kind) {
      var kept = lines[...]
      if kind == .markdown {
        while let first = kept.first, first.allSatisfy(\.isWhitespace) { kept.removeFirst() }
        while let last = kept.last, last.allSatisfy(\.isWhitespace) { kept.removeLast() }
        if kept.isEmpty { return }
      }
      cells.append(Cell(kind, kept.joined(separator: "\n"), firstLine: start))
    }
    for (number, line) in PercentFormat.lines(of: text).enumerated() {
      if let open = fence {
        let isEnd = line.hasPrefix(open.mark) && line.allSatisfy { $0 == open.mark.first || $0 == " " }
        if isEnd { fence = nil }
        if isEnd && open.isCode {
          finish(.code)
          lines = []
          start = number + 2
        } else {
          lines.append(line)
        }
      } else if line.hasPrefix("```") || line.hasPrefix("~~~") {
        let mark = line.prefix { $0 == line.first }
        let word = line.dropFirst(mark.count).drop { $0 == " " }
        let isCode = Self.codeWords.contains(word)
        fence = (mark, isCode)
        if isCode {
          finish(.markdown)
          lines = []
          start = number + 2
        } else {
          lines.append(line)
        }
      } else {
        lines.append(line)
      }
    }
    finish(fence?.isCode == true ? .code : .markdown)
    return Notebook(cells: cells)
  }

  // MARK: Writing

  public func write(_ run: NotebookRun, name: String) -> [ReportFile] {
    var pictures: [ReportFile] = []
    var parts: [String] = []
    if let failure = run.failure { parts.append(Self.failure(failure, of: run)) }
    for (index, cell) in run.notebook.cells.enumerated() {
      if cell.kind != .code {
        if !cell.title.isEmpty { parts.append("**\(cell.title)**") }
        if !cell.text.isEmpty { parts.append(cell.text) }
        continue
      }
      if !cell.title.isEmpty { parts.append("**\(cell.title)**") }
      if !cell.text.isEmpty { parts.append(Self.fenced(cell.text, "glia")) }
      guard index < run.cells.count else { continue }
      let result = run.cells[index]
      var count = 0
      for output in result.outputs {
        if case .display(let value) = output, let svg = value.svg {
          count += 1
          let picture = "\(name)-cell-\(Self.number(index + 1))" + (count > 1 ? "-\(count)" : "") + ".svg"
          pictures.append(ReportFile(picture, svg))
          parts.append("![\(Self.caption(cell, index))](\(picture))")
        } else {
          parts.append(Self.output(output))
        }
      }
      parts += result.errors.map { Self.fenced($0.rendered(), "text") }
      if case .skipped(let reason) = result.outcome { parts.append("*Not run: \(reason).*") }
    }
    let text = parts.isEmpty ? "" : parts.joined(separator: "\n\n") + "\n"
    return [ReportFile(name + "." + ending, text)] + pictures
  }

  private static func number(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func caption(_ cell: Cell, _ index: Int) -> String {
    let text = cell.title.isEmpty ? "cell \(index + 1)" : cell.title
    return text.filter { $0 != "[" && $0 != "]" }
  }

  private static func output(_ output: CellOutput) -> String {
    switch output {
    case .text(let text): return fenced(text, "text")
    case .display(let value):
      if let table = value.table { return self.table(table) }
      return fenced(value.text, "text")
    }
  }

  /// The error of a failed run, at the top of its report.
  private static func failure(_ failure: NotebookRun.Failure, of run: NotebookRun) -> String {
    let place = run.notebook.label(of: failure.cell).map { " in \($0)" } ?? ""
    let errors = failure.errors.map { fenced($0.rendered(), "text") }
    return (["**\(failure.title)\(place).**"] + errors).joined(separator: "\n\n")
  }

  /// A text between fences that are longer than any in it.
  static func fenced(_ text: String, _ word: String) -> String {
    var longest = 0
    var current = 0
    for byte in text.utf8 {
      current = byte == UInt8(ascii: "`") ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(word)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
  }

  /// Rows with a header as a table; numbers stand to the right.
  static func table(_ rows: [[String]]) -> String {
    guard let header = rows.first else { return "" }
    func line(_ cells: [String]) -> String {
      "| "
        + cells.map { $0.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined() }.joined(separator: " | ")
        + " |"
    }
    let isNumeric = header.indices.map { HTMLWriter.isNumeric(column: $0, rows.dropFirst()) }
    let rule = "| " + isNumeric.map { $0 ? "---:" : "---" }.joined(separator: " | ") + " |"
    return ([line(header), rule] + rows.dropFirst().map(line)).joined(separator: "\n")
  }
}
