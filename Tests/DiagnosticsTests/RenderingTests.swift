import Diagnostics
import Testing

@Suite("Rendering of diagnostics")
struct RenderingTests {
  let source = SourceFile(
    name: "digits.glia", text: "fn f(x) {\n\tlet h = x @ w\n}\nf(ones(64, 784))\n", firstLine: 13,
    label: "cell 3 (Train)")

  func place(_ text: String) throws -> Location {
    let bytes = Array(text.utf8)
    let start = try #require((0..<source.bytes.count).first { source.bytes[$0...].starts(with: bytes) })
    return Location(source: source, span: Span(Int32(start), Int32(start + bytes.count)))
  }

  @Test("title, place, source line, marks, help and calls stand as in the reference")
  func whole() throws {
    let diagnostic = Diagnostic(
      .shape, "@ needs the inner sizes to agree", at: try place("x @ w"), hints: ["w.T is 10×128"],
      calls: [CallNote(function: "f", definition: try place("fn f(x)"), call: try place("f(ones(64, 784))"))])
    #expect(
      diagnostic.rendered() == """
        error[shape]: @ needs the inner sizes to agree
          --> digits.glia:14:10 in cell 3 (Train)
           |
        14 | \tlet h = x @ w
           | \t        ^^^^^
           = help: w.T is 10×128
           = in f (digits.glia:13:1), called from digits.glia:16:1
        """)
  }

  @Test("a span over several lines is marked to the end of its first line")
  func severalLines() throws {
    let span = Span(0, Int32(source.bytes.count))
    let text = Diagnostic(.type, "no", at: Location(source: source, span: span)).rendered()
    #expect(text.hasSuffix("13 | fn f(x) {\n   | ^^^^^^^^^"))
  }

  @Test("wide characters take two columns, an empty span one mark")
  func wide() {
    let source = SourceFile(name: "a", text: "let 日本 = 🎉 + x")
    let x = Int32(source.bytes.count - 1)
    #expect(
      Diagnostic(.name, "no", at: Location(source: source, span: Span(x, x))).rendered()
        .hasSuffix("1 | let 日本 = 🎉 + x\n  |                 ^"))
    #expect(source.position(of: x) == Position(line: 1, column: 14))
  }

  @Test("of a very long line a window is shown")
  func longLine() {
    let source = SourceFile(name: "a", text: String(repeating: "1 + ", count: 10_000) + "x")
    let x = Int32(source.bytes.count - 1)
    let lines = Diagnostic(.name, "no", at: Location(source: source, span: Span(x, x + 1))).rendered().split(
      separator: "\n")
    #expect(lines.allSatisfy { $0.count < 140 })
    #expect(lines[3].hasPrefix("1 | …") && lines[3].hasSuffix("+ x"))
    #expect(lines[4].count == lines[3].count)
  }

  @Test("without a place only the title and the help stand")
  func noPlace() {
    #expect(
      Diagnostic(.io, "there is no\nfile", hints: ["look\nagain"]).rendered()
        == "error[io]: there is no file\n  = help: look\n          again")
  }

  @Test("repeated calls stand once, long traces are cut in the middle")
  func traces() throws {
    let call = CallNote(function: "down", definition: nil, call: try place("x @ w"))
    let endless = Diagnostic(.value, "too deep", calls: [CallNote](repeating: call, count: 500))
    #expect(endless.rendered().hasSuffix("  = in down, called from digits.glia:14:10 (500 times)"))
    let many = Diagnostic(
      .value, "too deep", calls: (0..<100).map { CallNote(function: "f\($0)", definition: nil, call: nil) })
    #expect(
      many.rendered().split(separator: "\n").dropFirst().map(String.init)
        == ["f0", "f1", "f2", "f3"].map { "  = in \($0)" } + ["  = … 93 more calls"]
        + ["f97", "f98", "f99"].map { "  = in \($0)" })
  }

  @Test("colour only where asked for, and the text is the same")
  func colour() throws {
    let diagnostic = Diagnostic(.name, "no", at: try place("w"), hints: ["x"], severity: .warning)
    let plain = diagnostic.rendered()
    let colored = diagnostic.rendered(colored: true)
    #expect(plain.hasPrefix("warning[name]: no"))
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1;33m"))
    #expect(colored.replacing(/\x1B\[[0-9;]*m/, with: "") == plain)
  }

  @Test("control characters of the source do not reach the terminal")
  func controlCharacters() {
    let source = SourceFile(name: "a", text: "x\u{1B}[31m")
    #expect(Diagnostic(.syntax, "no", at: Location(source: source, span: Span(0, 1))).rendered().contains("1 | x·[31m"))
  }

  @Test("the machine-readable form")
  func json() throws {
    let diagnostic = Diagnostic(.shape, "a \"quoted\"\ttext", at: try place("x @ w"), hints: ["h"])
    #expect(
      diagnostic.json == """
        {"file": "digits.glia", "line": 14, "column": 10, "end_line": 14, "end_column": 15, "cell": "cell 3 (Train)", \
        "severity": "error", "kind": "shape", "message": "a \\"quoted\\"\\ttext", "hint": "h", "calls": []}
        """)
  }
}

@Suite("Places in a source")
struct LineMapTests {
  @Test("a byte-order mark takes no column, CRLF ends a line, offsets past the end are the end")
  func positions() {
    let source = SourceFile(name: "a", bytes: LineMap.byteOrderMark + Array("ab\r\ncd".utf8))
    #expect(source.position(of: 3) == Position(line: 1, column: 1))
    #expect(source.position(of: 4) == Position(line: 1, column: 2))
    #expect(source.position(of: 7) == Position(line: 2, column: 1))
    #expect(source.position(of: 100) == Position(line: 2, column: 3))
    #expect(source.text(Span(3, 5)) == "ab")
    #expect(Diagnostic(.syntax, "no", at: Location(source: source, span: Span(3, 5))).rendered().contains("1 | ab\n"))
  }
}

@Suite("Suggestions")
struct SuggestionTests {
  @Test(
    "the nearest name",
    arguments: [
      ("sigmod", "sigmoid"), ("cuont", "count"), ("totl", "total"), ("epoch", "epochs"),
      ("crossEntropy", "cross_entropy"), ("binary_crossentropy", "binary_cross_entropy"), ("Dense", "dense"),
      ("lenght", "length"),
    ])
  func near(_ name: String, _ expected: String) {
    let names = [
      "sigmoid", "count", "total", "epochs", "cross_entropy", "binary_cross_entropy", "dense", "length", "x",
    ]
    #expect(Suggestion.nearest(to: name, among: names) == expected)
  }

  @Test(
    "nothing is suggested for what is far off, or for the name itself",
    arguments: ["y", "foo", "dense", "entropie_totale"])
  func far(_ name: String) {
    #expect(Suggestion.nearest(to: name, among: ["x", "dense", "cross_entropy", "q"]) == nil)
  }

  @Test("names as long as a page are not compared")
  func long() {
    let name = String(repeating: "a", count: 100_000)
    #expect(Suggestion.nearest(to: name, among: [name + "b"]) == nil)
  }

  @Test("names of other languages have their own hint")
  func foreign() {
    #expect(Suggestion.hint(forUnknown: "None", among: ["none_left"]) == "in Glia this is `none`")
    #expect(Suggestion.hint(forUnknown: "sigmod", among: ["sigmoid"]) == "did you mean `sigmoid`?")
    #expect(Suggestion.hint(forUnknown: "zzz", among: ["sigmoid"]) == nil)
  }
}
