import Session

/// A page that needs nothing beside it: text, code, outputs and pictures in one file, readable in light and dark.
public struct HTMLFormat: NotebookFormat {
  public let ending = "html"

  public init() {}

  public func read(_ text: String) throws -> Notebook { throw NotebookError.cannotRead(ending: ending) }

  public func write(_ run: NotebookRun, name: String) -> [ReportFile] {
    var body: [String] = []
    if let failure = run.failure {
      let place = run.notebook.label(of: failure.cell).map { " in \($0)" } ?? ""
      body.append("<div class=\"failure\"><p><strong>\(HTMLWriter.escaped(failure.title + place)).</strong></p>")
      body += failure.errors.map { "<pre class=\"error\">\(HTMLWriter.escaped($0.rendered()))</pre>" }
      body.append("</div>")
    }
    for (index, cell) in run.notebook.cells.enumerated() {
      let title = cell.title.isEmpty ? "" : "<p class=\"title\">\(HTMLWriter.escaped(cell.title))</p>\n"
      guard cell.kind == .code else {
        body.append("<section class=\"text\">\n\(title)\(MarkdownRenderer.html(cell.text))</section>")
        continue
      }
      var parts = [
        title.isEmpty ? nil : title,
        cell.text.isEmpty ? nil : "<pre class=\"code\"><code>\(HTMLWriter.escaped(cell.text))</code></pre>\n",
      ].compactMap { $0 }
      if index < run.cells.count {
        parts += run.cells[index].outputs.map {
          Self.output($0, caption: cell.title.isEmpty ? "cell \(index + 1)" : cell.title)
        }
        parts += run.cells[index].errors.map { "<pre class=\"error\">\(HTMLWriter.escaped($0.rendered()))</pre>\n" }
        if case .skipped(let reason) = run.cells[index].outcome {
          parts.append("<p class=\"note\">Not run: \(HTMLWriter.escaped(reason)).</p>\n")
        }
      }
      body.append("<section class=\"code\" id=\"cell-\(index + 1)\">\n\(parts.joined())</section>")
    }
    return [
      ReportFile(name + "." + ending, HTMLWriter.page(title: Self.title(run, name), body: body.joined(separator: "\n")))
    ]
  }

  /// The first heading of the notebook, else the file's name.
  private static func title(_ run: NotebookRun, _ name: String) -> String {
    for cell in run.notebook.cells where cell.kind == .markdown {
      for line in cell.text.split(separator: "\n") where line.hasPrefix("# ") { return String(line.dropFirst(2)) }
    }
    return name
  }

  private static func output(_ output: CellOutput, caption: String) -> String {
    switch output {
    case .text(let text): return "<pre class=\"output\">\(HTMLWriter.escaped(text))</pre>\n"
    case .display(let value):
      if let svg = value.svg {
        return
          "<p class=\"picture\"><img alt=\"\(HTMLWriter.escaped(caption))\" src=\"\(HTMLWriter.dataAddress(svg: svg))\"></p>\n"
      }
      if let table = value.table { return HTMLWriter.table(table) + "\n" }
      return "<pre class=\"output\">\(HTMLWriter.escaped(value.text))</pre>\n"
    }
  }
}
