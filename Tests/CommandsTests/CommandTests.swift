import Commands
import Diagnostics
import Foundation
import Notebook
import Session
import Testing

/// A folder of its own, and what commands write.
final class Desk {
  let folder: URL
  var output = ""
  var errors = ""
  var hasTerminal = false

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("glia-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var console: Console {
    Console(
      write: { self.output += $0 }, report: { self.errors += $0 + "\n" }, usesColor: false, hasTerminal: hasTerminal,
      workingDirectory: folder.path)
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  func read(_ name: String) -> String? { try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) }

  func run(_ path: String, _ change: (inout RunJob) -> Void = { _ in }) -> Int32 {
    var job = RunJob(path)
    job.out = folder.appendingPathComponent("out").path
    change(&job)
    output = ""
    errors = ""
    return job.run(console)
  }
}

@Suite("glia run", .serialized)
struct RunTests {
  @Test("prints and displays, writes a report and run.json; at a terminal standard error says where the report is")
  func success() throws {
    let desk = try Desk()
    let path = try desk.write("# %% One\nprint(1 + 1)\n\n# %% Two\nlet x = 3\nx * 2\n", to: "n.glia")
    #expect(desk.run(path) == 0)
    #expect(desk.output == "2\n6\n")
    #expect(desk.errors.isEmpty)
    desk.hasTerminal = true
    #expect(desk.run(path) == 0)
    #expect(desk.errors == "report: \(desk.folder.path)/out/n/report.md\n")
    #expect(
      desk.read("out/n/report.md")?.contains("**Two**\n\n```glia\nlet x = 3\nx * 2\n```\n\n```text\n6\n```") == true)
    #expect(desk.read("out/n/run.json")?.contains("\"outcome\": \"succeeded\"") == true)
    #expect(desk.run(path, { $0.isQuiet = true }) == 0)
    #expect(desk.output == "2\n" && desk.errors.isEmpty)
  }

  @Test("a failure gives status 1, the error on standard error and in the report, and keeps what came before")
  func failure() throws {
    let desk = try Desk()
    let path = try desk.write("# %%\nprint(\"first\")\n# %% Bad\nlet y = qqq\n# %%\nprint(\"never\")\n", to: "n.glia")
    #expect(desk.run(path) == 1)
    #expect(desk.output == "first\n")
    #expect(desk.errors.contains("error[name]") && desk.errors.contains("n.glia:4:9 in cell 2 (Bad)"))
    let report = try #require(desk.read("out/n/report.md"))
    #expect(report.hasPrefix("**This run failed in cell 2 (Bad).**") && report.contains("first"))
    #expect(desk.run(path, { $0.keepsGoing = true }) == 1)
    #expect(desk.output == "first\nnever\n")
  }

  @Test("mistakes in the source: status 3, nothing ran, no report")
  func invalid() throws {
    let desk = try Desk()
    #expect(desk.run(try desk.write("print(1)\nlet = 2\n", to: "s.glia")) == 3)
    #expect(desk.output.isEmpty && desk.errors.contains("s.glia:2:5"))
    #expect(desk.read("out/s/report.md") == nil)
    try Data([0x61, 0xFF]).write(to: desk.folder.appendingPathComponent("b.glia"))
    #expect(desk.run(desk.folder.appendingPathComponent("b.glia").path) == 3)
  }

  @Test("a missing file is a mistake on the command line, with the nearest name")
  func missing() throws {
    let desk = try Desk()
    try desk.write("", to: "digits.glia")
    #expect(desk.run(desk.folder.path + "/digit.glia") == 2)
    #expect(desk.errors.contains("did you mean") && desk.errors.contains("digits.glia"))
  }

  @Test("--set gives parameters their values")
  func parameters() throws {
    let desk = try Desk()
    let path = try desk.write("# %% tags=[\"parameters\"]\nlet n = 2\n# %%\nprint(n * 10)\n", to: "n.glia")
    #expect(desk.run(path, { $0.overrides = [ParameterOverride(name: "n", expression: "2 + 3")] }) == 0)
    #expect(desk.output == "50\n")
    #expect(desk.run(path, { $0.overrides = [ParameterOverride(name: "m", expression: "2")] }) == 2)
    #expect(desk.output.isEmpty)
  }

  @Test("--verify: 0 where all is as before, 4 with the difference, 2 without an earlier run; the old report stays")
  func verify() throws {
    let desk = try Desk()
    let path = try desk.write("print(0.5)\n", to: "n.glia")
    #expect(desk.run(path, { $0.verifies = true }) == 2)
    #expect(desk.run(path) == 0)
    let report = desk.read("out/n/report.md")
    #expect(desk.run(path, { $0.verifies = true }) == 0)
    try desk.write("print(0.25 * 3)\n", to: "n.glia")
    #expect(desk.run(path, { $0.verifies = true }) == 4)
    #expect(desk.errors.contains("- 0.5") && desk.errors.contains("+ 0.75"))
    #expect(desk.read("out/n/report.md") == report)
  }

  @Test("a time limit gives status 5")
  func timeLimit() throws {
    let desk = try Desk()
    let path = try desk.write("var i = 0\nwhile true { i += 1 }\n", to: "n.glia")
    #expect(desk.run(path, { $0.timeLimit = 0.05 }) == 5)
    #expect(desk.read("out/n/run.json")?.contains("timed out") == true)
  }

  @Test("the formats that are asked for, and the same bytes each time")
  func formats() throws {
    let desk = try Desk()
    let path = try desk.write("# %% [markdown]\n# # Title\n# %%\n(1, 2)\n", to: "n.glia")
    #expect(desk.run(path, { $0.formats = ["md", "html", "ipynb"] }) == 0)
    let first = ["report.md", "report.html", "n.ipynb"].map { desk.read("out/n/\($0)") }
    #expect(first.allSatisfy { $0 != nil })
    #expect(desk.run(path, { $0.formats = ["md", "html", "ipynb"] }) == 0)
    #expect(["report.md", "report.html", "n.ipynb"].map { desk.read("out/n/\($0)") } == first)
  }
}

@Suite("Other commands", .serialized)
struct OtherCommandTests {
  @Test("-e and standard input: values are shown, statuses are those of a run")
  func evaluation() throws {
    let desk = try Desk()
    #expect(Evaluation(desk.console).run(SourceFile(name: "-e", text: "print(2); 1 + 1")) == 0)
    #expect(desk.output == "2\n2\n")
    #expect(Evaluation(desk.console).run(SourceFile(name: "-e", text: "1 +")) == 3)
    #expect(Evaluation(desk.console).run(SourceFile(name: "-e", text: "[1, 2] + \"a\"")) == 1)
    #expect(desk.errors.contains("--> -e:1:"))
  }

  @Test("check finds unknown names and wrong arguments without running; JSON has one object a line")
  func check() throws {
    let desk = try Desk()
    let path = try desk.write("print(sigmod([1]))\nzeros_like()\nlet a = 1\na = 2\n", to: "c.glia")
    #expect(Checking(known: Session.knownNames).run([path], asJSON: false, desk.console) == 1)
    #expect(desk.output.isEmpty)
    #expect(desk.errors.contains("did you mean `sigmoid`?") && desk.errors.contains("`zeros_like` needs"))
    #expect(Checking(known: Session.knownNames).run([path], asJSON: true, desk.console) == 1)
    #expect(desk.output.split(separator: "\n").count == 3)
    #expect(desk.output.contains("\"line\": 4, \"column\": 1"))
    #expect(
      Checking(known: Session.knownNames).run([try desk.write("print(1)", to: "d.glia")], asJSON: false, desk.console)
        == 0)
    #expect(
      Checking(known: Session.knownNames).run([try desk.write("let = 1", to: "e.glia")], asJSON: false, desk.console)
        == 1)
  }

  @Test("format lays files out in place, or only says which it would")
  func format() throws {
    let desk = try Desk()
    let path = try desk.write("let  x=1", to: "f.glia")
    #expect(Formatting(onlyChecks: true).run([path], desk.console) == 1)
    #expect(desk.read("f.glia") == "let  x=1")
    #expect(Formatting(onlyChecks: false).run([path], desk.console) == 0)
    #expect(desk.read("f.glia") == "let x = 1\n")
    #expect(Formatting(onlyChecks: true).run([path], desk.console) == 0)
    #expect(Formatting(onlyChecks: false).run([try desk.write("let =", to: "g.glia")], desk.console) == 3)
    #expect(Formatting(onlyChecks: false).run([desk.folder.path + "/none.glia"], desk.console) == 2)
  }

  @Test("convert there and back loses nothing")
  func convert() throws {
    let desk = try Desk()
    let text = "# %% [markdown]\n# # Title\n\n# %% Train tags=[\"parameters\"]\nlet a = 1\n"
    let from = try desk.write(text, to: "a.glia")
    let jupyter = desk.folder.path + "/b.ipynb"
    #expect(Conversion().run(from: from, to: jupyter, desk.console) == 0)
    #expect(Conversion().run(from: jupyter, to: desk.folder.path + "/c.glia", desk.console) == 0)
    #expect(desk.read("c.glia") == text)
    #expect(Conversion().run(from: from, to: desk.folder.path + "/d.html", desk.console) == 0)
    #expect(Conversion().run(from: desk.folder.path + "/d.html", to: from, desk.console) == 2)
    #expect(Conversion().run(from: from, to: "e.pdf", desk.console) == 2)
    #expect(desk.errors.contains("none of the formats"))
  }

  @Test("help asks the language's own documentation")
  func help() throws {
    let desk = try Desk()
    #expect(Helping().run("relu", desk.console) == 0)
    #expect(desk.output.contains("relu("))
    #expect(Helping().run("a\"b{c", desk.console) == 0)
  }

  @Test("colour follows the destination")
  func colour() {
    func wanted(_ choice: ColorChoice, _ environment: [String: String], _ isTerminal: Bool) -> Bool {
      choice.isWanted(environment: { environment[$0] }, isTerminal: isTerminal)
    }
    #expect(wanted(.auto, [:], true) && !wanted(.auto, [:], false))
    #expect(!wanted(.auto, ["NO_COLOR": "1"], true) && wanted(.auto, ["NO_COLOR": ""], true))
    #expect(!wanted(.auto, ["TERM": "dumb", "FORCE_COLOR": "1"], true))
    #expect(wanted(.auto, ["FORCE_COLOR": "1"], false) && !wanted(.auto, ["FORCE_COLOR": "1", "NO_COLOR": "1"], false))
    #expect(wanted(.always, ["NO_COLOR": "1"], false) && !wanted(.never, ["FORCE_COLOR": "1"], true))
  }

  @Test(
    "a wrong command line gives status 2",
    arguments: [["rum"], ["run"], ["run", "--timeout", "-1", "a"], ["check", "--format", "xml", "a"], ["--nope"]])
  func wrong(_ arguments: [String]) { #expect(Glia.main(arguments: arguments) == 2) }
}
