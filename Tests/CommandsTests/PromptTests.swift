import Diagnostics
import FileFormats
import Session
import Testing

@testable import Commands

/// A session that remembers what it was asked and answers from a list.
private final class RecordedSession: PromptSession {
  var asked: [String] = []
  var answers: [String: CellResult] = [:]
  var definedNames = ["net", "run"]

  func evaluate(source text: String, name: String, cell: String?) -> CellResult {
    asked.append(text)
    return answers[text] ?? CellResult(status: .succeeded)
  }

  func completions(for text: String) -> [Completion] { [] }
}

private final class ListedEntries: EntrySource {
  private var entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries.reversed() }

  func read(prompt: String, continuation: String) -> Entry { entries.popLast() ?? .end }
}

@Suite struct PromptTests {
  private func run(_ entries: [Entry], _ session: RecordedSession) -> (status: Int32, output: String, errors: String) {
    var output = ""
    var errors = ""
    let prompt = Conversation(
      session: session, source: ListedEntries(entries), usesColor: false, writeOutput: { output += $0 },
      writeError: { errors += $0 })
    return (prompt.run(), output, errors)
  }

  @Test func entriesRunUntilTheEnd() {
    let session = RecordedSession()
    let result = run([.text("1 + 1"), .text("  "), .interrupted, .text("let x = 2")], session)
    #expect(session.asked == ["1 + 1", "let x = 2"])
    #expect(result.status == 0)
  }

  @Test func exitLeavesWithItsStatus() {
    let session = RecordedSession()
    session.answers["exit(3)"] = CellResult(status: .exited(3))
    #expect(run([.text("exit(3)"), .text("1")], session).status == 3)
    #expect(session.asked == ["exit(3)"])
  }

  @Test func mistakesAreShownAndTheSessionGoesOn() {
    let session = RecordedSession()
    session.answers["y"] = CellResult(status: .failed, diagnostics: [Diagnostic(.name, "`y` is not defined", at: nil)])
    let result = run([.text("y"), .text("1")], session)
    #expect(result.errors.contains("error[name]: `y` is not defined"))
    #expect(session.asked == ["y", "1"])
  }

  @Test func colonCommands() {
    let session = RecordedSession()
    let result = run(
      [.text(":help dense"), .text(":names"), .text(":explain run"), .text(":oops"), .text(":quit"), .text("1")],
      session)
    #expect(session.asked == ["help(dense)", "explain(run)"])
    #expect(result.output == "net  run\n")
    #expect(result.errors == "there is no command `:oops`: `:help` lists them\n")
    #expect(PromptCommand("let a = 1") == nil)
    #expect(PromptCommand(" :h ") == .help(nil))
    #expect(PromptCommand(":save  a b.glia ") == .save("a b.glia"))
    for command in PromptCommand.all { #expect(PromptCommand.list.contains(command.purpose)) }
  }

  @Test func whatRanWellIsSavedAsANotebook() throws {
    let session = RecordedSession()
    session.answers["bad"] = CellResult(status: .failed)
    let path = "Prompt-\(UInt32.random(in: 0...(.max))).glia"
    defer { try? AtomicFile.remove(path) }
    let result = run([.text("let a = 1"), .text("bad"), .text("fn f(x) {\n    x\n}"), .text(":save \(path)")], session)
    #expect(result.output == "2 cells in \(path)\n")
    #expect(try FileReader.text(of: path) == "# %%\nlet a = 1\n\n# %%\nfn f(x) {\n    x\n}\n")
    #expect(run([.text(":save no/such/folder.glia")], session).errors.hasPrefix("error[io]: cannot write"))
  }
}

@Suite struct ResultHighlighterTests {
  @Test(arguments: [
    ("42", "42"), ("(1, \"a # b\", true)", "(1, \u{1B}[32m\"a # b\"\u{1B}[0m, \u{1B}[33mtrue\u{1B}[0m)"),
    ("[1, 2]  # 2", "[1, 2]  \u{1B}[2m# 2\u{1B}[0m"), ("{none: nan}", "{none: \u{1B}[33mnan\u{1B}[0m}"),
    ("info trueish", "info trueish"), ("\"open", "\"open"), ("\u{1B}[1mtrue\u{1B}[0m", "\u{1B}[1mtrue\u{1B}[0m"),
    ("\"a\\\"b\"\nnone", "\u{1B}[32m\"a\\\"b\"\u{1B}[0m\n\u{1B}[33mnone\u{1B}[0m"),
  ])
  func wordsTextsAndComments(shown: String, painted: String) {
    #expect(ResultHighlighter.painted(shown) == painted)
  }
}

@Suite struct PromptCompletionTests {
  private let completions = PromptCompletions(
    proposals: { _ in
      [
        Completion(text: "dense", note: "dense(units, activation: linear)"), Completion(text: "data", note: "table"),
        Completion(text: "delta:", note: "default 1"), Completion(text: "other"),
      ]
    },
    names: { $0 == "." ? ["a.csv", ".hidden", "deep/"] : $0 == "deep/" ? ["down.npy"] : [] })

  @Test func functionsOpenTheirParenthesis() {
    let found = completions.completions(for: "let n = d")
    #expect(found.word == "d")
    #expect(found.candidates.map(\.text) == ["dense", "data", "delta:"])
    #expect(found.candidates.map(\.ending) == ["(", "", " "])
    #expect(found.candidates[0].title == "dense(units, activation: linear)")
  }

  @Test func insideATextThereAreFiles() {
    #expect(completions.completions(for: "read_csv(\"").candidates.map(\.text) == ["a.csv", "deep/"])
    #expect(completions.completions(for: "read_csv(\"a").candidates.map(\.ending) == ["\""])
    #expect(completions.completions(for: "read_npy(\"deep/d").candidates.map(\.text) == ["down.npy"])
    #expect(completions.completions(for: "read_npy(\".h").candidates.map(\.text) == [".hidden"])
  }

  @Test(arguments: [("f(\"a\", \"b", "b"), ("\"a\\\"b", "a\"b")])
  func openTexts(text: String, content: String) { #expect(PromptCompletions.openText(text) == content) }

  @Test(arguments: ["x", "\"a\"", "# \"a", "\"{x", "\"\"\"a\nb"])
  func noOpenText(text: String) { #expect(PromptCompletions.openText(text) == nil) }

  @Test func colonsCompleteCommands() {
    #expect(completions.completions(for: ":ex").candidates.map(\.text) == [":explain"])
  }
}
