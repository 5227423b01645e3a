/// The percent format, in which a notebook is a Glia file: `# %%` begins a cell, the lines of a text cell are comments.
public struct PercentFormat: NotebookFormat {
  public let ending = "glia"

  public init() {}

  public func read(_ text: String) -> Notebook {
    var text = text
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    var cells: [Cell] = []
    var marker: CellMarker?
    var lines: [Substring] = []
    var firstLine = 1
    func finish() {
      cells += Self.cells(marker, lines, firstLine: firstLine)
    }
    for (number, line) in Self.lines(of: text).enumerated() {
      if CellMarker.isMarker(line) {
        finish()
        marker = CellMarker(line: line)
        lines = []
        firstLine = number + 2
      } else {
        lines.append(line)
      }
    }
    finish()
    return Notebook(cells: cells)
  }

  /// The lines of a text, without their ends; CRLF counts as one.
  static func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
  }

  /// The cell of a marker and the lines below it. Code that follows the comments of a text cell is a cell of its own.
  private static func cells(_ marker: CellMarker?, _ lines: [Substring], firstLine: Int) -> [Cell] {
    let isBlank = { (line: Substring) in line.allSatisfy { $0 == " " || $0 == "\t" } }
    guard let marker else {
      // Before the first marker: a cell where there is anything.
      if lines.allSatisfy(isBlank) { return [] }
      return [code(lines, CellMarker(), firstLine: firstLine, isMarked: false)]
    }
    guard marker.kind != .code else { return [code(lines, marker, firstLine: firstLine, isMarked: true)] }
    let end = lines.firstIndex { !$0.hasPrefix("#") && !isBlank($0) } ?? lines.count
    var comments = lines[..<end]
    while let last = comments.last, isBlank(last) { comments.removeLast() }
    let text = comments.map { line in
      let body = line.dropFirst(line.hasPrefix("#") ? 1 : 0)
      return String(body.hasPrefix(" ") ? body.dropFirst() : body)
    }
    let cell = Cell(
      marker.kind, text.joined(separator: "\n"), title: marker.title, tags: marker.tags, metadata: marker.metadata,
      firstLine: firstLine)
    if end == lines.count { return [cell] }
    return [cell, code(lines[end...], CellMarker(), firstLine: firstLine + end, isMarked: true)]
  }

  private static func code(_ lines: some Collection<Substring>, _ marker: CellMarker, firstLine: Int, isMarked: Bool)
    -> Cell
  {
    var kept = Array(lines)
    while let last = kept.last, last.allSatisfy({ $0 == " " || $0 == "\t" }) { kept.removeLast() }
    return Cell(
      .code, kept.map { unescaped($0) }.joined(separator: "\n"), title: marker.title, tags: marker.tags,
      metadata: marker.metadata, firstLine: firstLine, isMarked: isMarked)
  }

  /// A line of code that looks like a marker is written with one more `# `, and read without it.
  private static func unescaped(_ line: Substring) -> String {
    isEscaped(line) ? String(line.dropFirst(2)) : String(line)
  }

  private static func isEscaped(_ line: Substring) -> Bool {
    var inner = line
    while inner.hasPrefix("# # ") { inner = inner.dropFirst(2) }
    return inner.startIndex > line.startIndex && CellMarker.isMarker(inner)
  }

  public func write(_ run: NotebookRun, name: String) -> [ReportFile] {
    [ReportFile(name + "." + ending, text(of: run.notebook))]
  }

  /// The text of a notebook in this format.
  public func text(of notebook: Notebook) -> String {
    var parts: [String] = []
    for (index, cell) in notebook.cells.enumerated() {
      var lines: [String] = []
      let isFirst = index == 0 && !cell.isMarked && cell.kind == .code && cell.title.isEmpty && cell.tags.isEmpty
      if !isFirst { lines.append(CellMarker.line(of: cell)) }
      let body = cell.text.isEmpty ? [] : Self.lines(of: cell.text)
      for line in body {
        if cell.kind == .code {
          lines.append((CellMarker.isMarker(line) || Self.isEscaped(line) ? "# " : "") + line)
        } else {
          // `# %%` would begin a cell.
          lines.append((line.isEmpty || line.hasPrefix("%%") ? "#" : "# ") + line)
        }
      }
      parts.append(lines.joined(separator: "\n"))
    }
    return parts.isEmpty ? "" : parts.joined(separator: "\n\n") + "\n"
  }
}
