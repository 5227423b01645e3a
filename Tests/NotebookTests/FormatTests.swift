import Diagnostics
import FileFormats
import Foundation
import Notebook
import Session
import Testing

@Suite("Notebook formats")
struct FormatTests {
  static let percent = """
    let before = 1

    # %% [markdown]
    # # Digits
    #
    # A first *network*.

    # %% Settings tags=["parameters", "a b"]
    let epochs = 20  # how long

    # %% Train, and then rest mode="fast" depth=3
    let run = 1


    print(run)

    # %% Notes [markdown] tags=["x"]
    # end

    # %% [raw]
    # \\section{x}

    # %%

    """

  @Test("the percent format is read cell by cell")
  func percentCells() {
    let cells = PercentFormat().read(Self.percent).cells
    #expect(cells.map(\.kind) == [.code, .markdown, .code, .code, .markdown, .raw, .code])
    #expect(cells.map(\.title) == ["", "", "Settings", "Train, and then rest", "Notes", "", ""])
    #expect(cells.map(\.tags) == [[], [], ["parameters", "a b"], [], ["x"], [], []])
    #expect(cells[1].text == "# Digits\n\nA first *network*.")
    #expect(cells[3].text == "let run = 1\n\n\nprint(run)")
    #expect(cells[3].metadata == [JSONField("mode", "fast"), JSONField("depth", 3)])
    #expect(cells.map(\.firstLine) == [1, 4, 9, 12, 18, 21, 24])
    #expect(!cells[0].isMarked && cells[1].isMarked)
    #expect(cells[5].text == "\\section{x}")
  }

  @Test("what is read and written again is the same text")
  func percentRoundTrip() {
    let notebook = PercentFormat().read(Self.percent)
    #expect(PercentFormat().text(of: notebook) == Self.percent)
    #expect(PercentFormat().read(PercentFormat().text(of: notebook)) == notebook)
  }

  @Test("a file without markers is one cell; CRLF and a byte-order mark are fine")
  func script() {
    let notebook = PercentFormat().read("\u{FEFF}let a = 1\r\nprint(a)\r\n")
    #expect(notebook.isScript)
    #expect(notebook.cells.map(\.text) == ["let a = 1\nprint(a)"])
    #expect(notebook.label(of: 0) == nil)
    #expect(PercentFormat().read("").cells.isEmpty)
    #expect(PercentFormat().text(of: PercentFormat().read("")).isEmpty)
  }

  @Test("code below the comments of a text cell is a cell of its own; `# %%x` is no marker")
  func edges() {
    let notebook = PercentFormat().read("# %% [markdown]\n# text\n\nlet a = 1\n# %%x\n")
    #expect(notebook.cells.map(\.kind) == [.markdown, .code])
    #expect(notebook.cells[1].text == "let a = 1\n# %%x")
    #expect(notebook.cells[1].firstLine == 4)
    #expect(notebook.label(of: 1) == "cell 2")
  }

  @Test("code that looks like a marker survives both ways")
  func escapes() {
    let notebook = Notebook(cells: [
      Cell(.code, "a\n# %% not a cell\n# # %% nor this"), Cell(.markdown, "%% text\n# %% more"),
    ])
    let text = PercentFormat().text(of: notebook)
    let again = PercentFormat().read(text)
    #expect(again.cells.map(\.text) == notebook.cells.map(\.text))
    #expect(again.cells.count == 2)
  }

  static let jupyter = """
    {"cells": [
      {"cell_type": "markdown", "id": "abc", "metadata": {"tags": ["t"]}, "source": ["# Title\\n", "text"]},
      {"cell_type": "code", "id": "d-1", "metadata": {"title": "Train", "tags": ["parameters"], "collapsed": true},
       "execution_count": 3, "outputs": [], "source": "let a = 1\\n# %% x\\nprint(a)"},
      {"cell_type": "raw", "metadata": {}, "source": []}],
     "metadata": {"kernelspec": {"name": "glia", "display_name": "Glia"}, "authors": ["x"]}, "nbformat": 4, "nbformat_minor": 5}
    """

  @Test("Jupyter notebooks, there and back, also through the percent format")
  func jupyterRoundTrip() throws {
    let notebook = try JupyterFormat().read(Self.jupyter)
    #expect(notebook.cells.map(\.text) == ["# Title\ntext", "let a = 1\n# %% x\nprint(a)", ""])
    #expect(notebook.cells[1].title == "Train" && notebook.cells[1].tags == ["parameters"])
    #expect(notebook.cells.map(\.identifier) == ["abc", "d-1", nil])
    let written = JupyterFormat().write(NotebookRun(notebook), name: "n")
    #expect(written.map(\.name) == ["n.ipynb"])
    var again = try JupyterFormat().read(String(decoding: written[0].bytes, as: UTF8.self))
    #expect(again.cells[2].identifier == "cell-3")
    again.cells[2].identifier = nil
    #expect(again == notebook)
    let percent = PercentFormat().read(PercentFormat().text(of: notebook))
    #expect(percent.cells.map(\.text) == notebook.cells.map(\.text))
    #expect(percent.cells.map(\.title) == notebook.cells.map(\.title))
    #expect(percent.cells.map(\.tags) == notebook.cells.map(\.tags))
    #expect(percent.cells.map(\.kind) == notebook.cells.map(\.kind))
    #expect(percent.cells.map(\.metadata) == notebook.cells.map(\.metadata))
  }

  @Test(
    "what is no Jupyter notebook is refused in words",
    arguments: [
      ("{", "this is not JSON"), ("[]", "no object"), ("{\"nbformat\": 3, \"worksheets\": []}", "format 3"),
      ("{\"cells\": 1}", "no list"),
      ("{\"cells\": [{}]}", "no `cell_type`"), ("{\"cells\": [{\"cell_type\": \"x\"}]}", "`x` cell"),
      ("{\"cells\": [{\"cell_type\": \"code\", \"source\": [1]}]}", "no text"),
    ])
  func badJupyter(_ text: String, _ words: String) throws {
    let error = #expect(throws: NotebookError.self) { try JupyterFormat().read(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("outputs in a Jupyter notebook")
  func jupyterOutputs() throws {
    let notebook = Notebook(cells: [Cell(.code, "plot(x)")])
    let outputs: [CellOutput] = [
      .text("a\nb\n"), .display(DisplayedValue(text: "▂▃", svg: "<svg/>")),
      .display(DisplayedValue(text: "t", table: [["a"], ["1"]])),
    ]
    let run = NotebookRun(
      notebook, cells: [CellRun(.finished(.failed), outputs: outputs, errors: [Diagnostic(.value, "no")])],
      outcome: .failed)
    let json = try JSON.parse(JupyterFormat().write(run, name: "n")[0].bytes)
    let cell = json["cells"]?[0]
    #expect(cell?["execution_count"]?.integer == 1)
    #expect(cell?["outputs"]?[0]?["text"] == ["a\n", "b\n"])
    #expect(cell?["outputs"]?[1]?["data"]?["image/svg+xml"] == ["<svg/>"])
    #expect(cell?["outputs"]?[2]?["data"]?["text/html"]?.array?.isEmpty == false)
    #expect(cell?["outputs"]?[3]?["ename"] == "value")
  }

  @Test("Markdown: fences of Glia are cells, other fences are text")
  func markdown() {
    let text = "# Title\n\ntext\n\n```glia\nlet a = 1\n```\n\n```python\nx\n```\n\n````glia\n```\n````\n"
    let notebook = MarkdownFormat().read(text)
    #expect(notebook.cells.map(\.kind) == [.markdown, .code, .markdown, .code])
    #expect(notebook.cells.map(\.text) == ["# Title\n\ntext", "let a = 1", "```python\nx\n```", "```"])
    #expect(notebook.cells[1].firstLine == 6)
    #expect(String(decoding: MarkdownFormat().write(NotebookRun(notebook), name: "n")[0].bytes, as: UTF8.self) == text)
  }

  @Test("a page is whole and escapes what is not meant as HTML")
  func html() throws {
    let notebook = Notebook(cells: [Cell(.markdown, "# A & B\n<script>"), Cell(.code, "1 < 2", title: "<t>")])
    let run = NotebookRun(
      notebook,
      cells: [
        CellRun(),
        CellRun(.finished(.succeeded), outputs: [.display(DisplayedValue(text: "x", svg: "<svg a=\"1\"/>"))]),
      ])
    let page = String(decoding: HTMLFormat().write(run, name: "n")[0].bytes, as: UTF8.self)
    #expect(page.contains("<title>A &amp; B</title>"))
    #expect(page.contains("&lt;script&gt;") && !page.contains("<script>"))
    #expect(page.contains("1 &lt; 2") && page.contains("&lt;t&gt;"))
    #expect(page.contains("src=\"data:image/svg+xml,%3Csvg%20a=%221%22/%3E\""))
    #expect(throws: NotebookError.self) { try HTMLFormat().read(page) }
  }

  @Test("each ending has one format", arguments: ["glia", "ipynb", "md", "html"])
  func endings(_ ending: String) {
    #expect(NotebookFormats.format(ofPath: "a/b.\(ending)")?.ending == ending)
    #expect(NotebookFormats.format(ofPath: "a.b/c") == nil)
  }
}

@Suite("Markdown as HTML")
struct MarkdownRendererTests {
  func html(_ text: String) -> String {
    let page = HTMLFormat().write(NotebookRun(Notebook(cells: [Cell(.markdown, text)])), name: "n")[0]
    let lines = String(decoding: page.bytes, as: UTF8.self)
    guard let start = lines.range(of: "<section class=\"text\">\n"), let end = lines.range(of: "</section>") else {
      return ""
    }
    return String(lines[start.upperBound..<end.lowerBound])
  }

  @Test(
    "blocks and lines",
    arguments: [
      ("# A *b*\ntext\nmore", "<h1>A <em>b</em></h1>\n<p>text\nmore</p>\n"),
      (
        "- a\n- b\n  - c\n\ntext",
        "<ul>\n<li>a</li>\n<li><p>b</p>\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n<p>text</p>\n"
      ),
      ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
      ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>\n"),
      ("```glia\n1 < 2\n```", "<pre class=\"code\"><code>1 &lt; 2</code></pre>\n"),
      (
        "a `x*y*` **b** [c](https://d.e) $x_1 * y_1 *$",
        "<p>a <code>x*y*</code> <strong>b</strong> <a href=\"https://d.e\">c</a> $x_1 * y_1 *$</p>\n"
      ),
      ("[x](javascript:y)", "<p>[x](javascript:y)</p>\n"),
      ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>\n"), ("---", "<hr>\n"),
      (
        "| a | b |\n|---|--:|\n| 1 | 2 |",
        "<table>\n<thead><tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody>\n</table>\n"
      ),
      ("\\*a\\* <b>", "<p>*a* &lt;b&gt;</p>\n"),
    ])
  func rendering(_ text: String, _ expected: String) { #expect(html(text) == expected) }

  @Test("hostile texts end quickly", arguments: [">", "- ", "*", "`", "[", "1. ", "**", "|", "_a", "$", "  "])
  func hostile(_ unit: String) { #expect(!html(String(repeating: unit, count: 20_000) + "x").isEmpty) }
}
