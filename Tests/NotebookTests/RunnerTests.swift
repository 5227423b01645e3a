import Diagnostics
import FileFormats
import Notebook
import Session
import Testing

/// Runs a cell by its text: `fail` fails, `slow` exceeds its time, anything else prints itself.
final class EchoEvaluator: CellEvaluator {
  var ran: [String] = []

  func evaluate(_ source: SourceFile) -> CellResult {
    ran.append(source.text)
    let place = Location(source: source, span: Span(0, 4))
    if source.text.contains("fail()") {
      return CellResult(
        status: .failed, outputs: [.text("before\n")], diagnostics: [Diagnostic(.value, "it failed", at: place)])
    }
    if source.text.contains("slow()") {
      return CellResult(status: .timedOut, diagnostics: [Diagnostic(.interrupt, "too slow", at: place)])
    }
    if source.text.contains("leave()") { return CellResult(status: .exited(7)) }
    if source.text.contains("draw()") {
      return CellResult(
        status: .succeeded, outputs: [.display(DisplayedValue(text: "▂", svg: "<svg>1.5</svg>"))], artifacts: ["x.csv"])
    }
    return CellResult(status: .succeeded, outputs: [.text(source.text + "\n")])
  }
}

@Suite("Running notebooks")
struct RunnerTests {
  func notebook(_ cells: [String]) -> Notebook {
    PercentFormat().read(cells.map { "# %% " + $0 }.joined(separator: "\n"))
  }

  func run(_ cells: [String], overrides: [String] = [], keepsGoing: Bool = false) throws -> (NotebookRun, [String]) {
    let evaluator = EchoEvaluator()
    var runner = NotebookRunner(notebook(cells), fileName: "n.glia")
    runner.overrides = overrides.compactMap { ParameterOverride($0) }
    runner.keepsGoing = keepsGoing
    return (try runner.run(evaluator), evaluator.ran)
  }

  @Test("cells run in order; the first failure ends the run")
  func order() throws {
    let (result, ran) = try run(["A\nlet a = 1", "[markdown]\n# text", "B\nfail()", "C\nlet c = 1"])
    #expect(ran == ["let a = 1", "fail()"])
    #expect(result.outcome == .failed && result.outcome.status == 1)
    #expect(result.cells.map(\.outcome) == [.finished(.succeeded), .notRun, .finished(.failed), .notRun])
    #expect(result.cells[2].outputs == [.text("before\n")])
    #expect(result.failure?.cell == 2)
    #expect(result.failure?.errors.first?.rendered().contains("n.glia:6:1 in cell 3 (B)") == true)
  }

  @Test("with --keep-going the cells run that do not depend on a failure, at any remove")
  func keepGoing() throws {
    let (result, ran) = try run(
      ["\nlet a = fail()", "\nlet b = 1", "\nlet c = a + b", "\nlet d = c", "\nlet a = 2", "\nprint(a)", "\nb.c()"],
      keepsGoing: true)
    #expect(ran == ["let a = fail()", "let b = 1", "let a = 2", "print(a)"])
    #expect(result.outcome == .failed)
    #expect(result.cells[2].outcome == .skipped("it needs `a` from cell 1, which failed"))
    #expect(result.cells[3].outcome == .skipped("it needs `c` from cell 1, which failed"))
    #expect(result.cells[6].outcome == .skipped("it needs `c` from cell 1, which failed"))
  }

  @Test("mistakes in any cell keep everything from running")
  func invalid() throws {
    let (result, ran) = try run(["\nlet a = 1", "\nlet = 2"])
    #expect(ran.isEmpty)
    #expect(result.outcome.status == 3)
    #expect(result.cells[1].errors.count == 1)
  }

  @Test("statuses of time limits and of exit")
  func statuses() throws {
    #expect(try run(["\nslow()"]).0.outcome.status == 5)
    #expect(try run(["\nleave()", "\nlet a = 1"]).0.outcome == .exited(7))
    #expect(
      RunOutcome.interrupted.status == 130 && RunOutcome.different.status == 4 && RunOutcome.succeeded.status == 0)
  }

  let settings = "Settings tags=[\"parameters\"]\nlet epochs = 20  # how long\nvar rate = 0.1"

  @Test("overrides run right after the parameters cell")
  func overriding() throws {
    let (result, ran) = try run([settings, "\nprint(epochs)"], overrides: ["rate=1e-3", "epochs = 2 + 3"])
    #expect(
      ran == ["let epochs = 20  # how long\nvar rate = 0.1", "var rate = 1e-3", "let epochs = 2 + 3", "print(epochs)"])
    #expect(result.outcome == .succeeded)
  }

  @Test("parameters are listed with their values and comments")
  func parameters() {
    let parameters = notebook([settings]).parameters
    #expect(parameters.map(\.name) == ["epochs", "rate"])
    #expect(parameters.map(\.value) == ["20", "0.1"])
    #expect(parameters.map(\.comment) == ["how long", ""])
    #expect(parameters.map(\.isVariable) == [false, true])
  }

  @Test(
    "an override that does not fit is a mistake on the command line, and nothing runs",
    arguments: [
      ("epoch=3", "did you mean `epochs`?"), ("zzz=3", "known: `epochs`, `rate`"), ("epochs=3 +", "no expression"),
      ("epochs=1; exit()", "no expression"),
    ])
  func badOverrides(_ override: String, _ words: String) {
    let evaluator = EchoEvaluator()
    var runner = NotebookRunner(notebook([settings]), fileName: "n.glia")
    runner.overrides = [override].compactMap { ParameterOverride($0) }
    let error = #expect(throws: ParameterMistake.self) { try runner.run(evaluator) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(evaluator.ran.isEmpty)
  }

  @Test("the report opens with the error, keeps what came before, and has pictures as files")
  func report() throws {
    let (result, _) = try run(["[markdown]\n# # Title", "Draw\ndraw()", "B\nfail()"])
    let files = MarkdownFormat().write(result, name: "report")
    #expect(files.map(\.name) == ["report.md", "report-cell-02.svg"])
    #expect(
      String(decoding: files[0].bytes, as: UTF8.self) == """
        **This run failed in cell 3 (B).**

        ```text
        error[value]: it failed
         --> n.glia:6:1 in cell 3 (B)
          |
        6 | fail()
          | ^^^^
        ```

        # Title

        **Draw**

        ```glia
        draw()
        ```

        ![Draw](report-cell-02.svg)

        **B**

        ```glia
        fail()
        ```

        ```text
        before
        ```

        ```text
        error[value]: it failed
         --> n.glia:6:1 in cell 3 (B)
          |
        6 | fail()
          | ^^^^
        ```

        """)
    #expect(result.artifacts == ["x.csv"])
  }

  @Test("run.json says what ran, with which parameters and digest")
  func summary() throws {
    let (result, _) = try run([settings, "B\nfail()"], overrides: ["epochs=3"])
    let summary = RunSummary(version: "1.2", file: "n.glia", bytes: Array("abc".utf8), seed: 7, seconds: 1.5)
    let json = summary.json(of: result, status: 1)
    #expect(json["digest"] == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(json["parameters"] == ["epochs": "3", "rate": "0.1"])
    #expect(json["outcome"] == "failed" && json["seed"] == 7 && json["glia"] == "1.2")
    #expect(json["cells"]?[1]?["error"]?["message"] == "it failed")
  }

  @Test("verification: text exactly, numbers within the tolerance, also in pictures")
  func verification() {
    let old = [ReportFile("report.md", "loss  0.5000001\nname x2\n"), ReportFile("a.svg", "<path d=\"M1.0 2\"/>")]
    func differences(_ text: String, _ svg: String) -> [String] {
      Verification().differences(old: old, new: [ReportFile("report.md", text), ReportFile("a.svg", svg)])
    }
    #expect(differences("loss 0.5\nname x2\n", "<path d=\"M1 2.0\"/>").isEmpty)
    #expect(
      differences("loss 0.6\nname x2\n", "<path d=\"M1.0 2\"/>") == [
        "report.md:1 - loss  0.5000001", "report.md:1 + loss 0.6",
      ])
    #expect(differences("loss 0.5\nname y2\n", "<path d=\"M1.0 2\"/>").count == 2)
    #expect(differences("loss 0.5\nname x2\n", "<path d=\"M1.0 3\"/>").count == 2)
    #expect(Verification().differences(old: [], new: [ReportFile("b.svg", "")]).count == 1)
    #expect(
      Verification(tolerance: 0.5).differences(old: [ReportFile("r", "1")], new: [ReportFile("r", "1.4")]).isEmpty)
  }

  @Test(
    "the digest of FIPS 180-4's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (String(repeating: "a", count: 10_000), "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711"),
    ])
  func digest(_ text: String, _ expected: String) { #expect(SHA256.hexadecimal(Array(text.utf8)) == expected) }
}
