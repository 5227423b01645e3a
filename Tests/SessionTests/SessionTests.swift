import Diagnostics
import Foundation
import Session
import Syntax
import Testing

@Suite struct SessionTests {
  let folder = TemporaryFolder()

  func session(_ change: (inout SessionOptions) -> Void = { _ in }) -> Session {
    var options = SessionOptions(workingDirectory: folder.path)
    options.showsProgress = false
    change(&options)
    return Session(options)
  }

  @Test func layersSayWhereTheyWereMade() throws {
    let result = session().evaluate(source: "let d = dense(2)\nlet _ = d(ones(1, 3))\nd(ones(1, 4))", name: "net.glia")
    let error = try #require(result.diagnostics.first)
    #expect(error.message.hasPrefix("layer dense(2), made at net.glia:1, was built for 3 features"))
  }

  @Test func argumentsOfConstructorsAreTakenAsWritten() {
    let session = session()
    func show(_ source: String) -> String {
      session.evaluate(source: "print(\(source))", name: "a").outputs.map {
        if case .text(let text) = $0 { text } else { "" }
      }.joined()
    }
    #expect(show("adamw(weight_decay: none)") == "adamw(weight_decay: none)\n")
    #expect(show("dense(2, kernel_init: shape -> ones(shape))(ones(1, 2))") == "[[2, 2]]\n")
    let forgotten = session.evaluate(source: "dense(2, kernel_init: he_normal)", name: "a").diagnostics.first
    #expect(forgotten?.hints == ["write he_normal()"])
  }

  @Test func theCheckerKnowsWhichBuiltinsOnlyGiveAResult() {
    func warnings(_ call: String) -> [String] {
      let tree = SyntaxTree(parsing: SourceFile(name: "a", text: "fn f(xs) {\n  \(call)\n  xs\n}"))
      return Checker.check([tree], known: Session.knownNames).map(\.message)
    }
    #expect(warnings("reverse(xs)") == ["the result of `reverse` is not used"])
    #expect(warnings("push(xs, 4)") == ["the result of `push` is not used"])
    #expect(warnings("merge(xs, {a: 1})") == ["the result of `merge` is not used"])
    #expect(warnings("map(xs, print)") == [])
    #expect(warnings("print(xs)") == [])
  }

  @Test func namesStayFromCellToCell() {
    let session = session()
    #expect(session.evaluate(source: "let x = 2\nfn double(n) = n * 2", name: "a").status == .succeeded)
    let result = session.evaluate(source: "double(x)", name: "b")
    #expect(result.outputs == [.display(DisplayedValue(text: "4"))])
    #expect(session.definedNames == ["x", "double"])
  }

  @Test func printedTextIsOneOutput() {
    let result = session().evaluate(source: "print(1)\nprint(2)\n[1, 2]", name: "a")
    #expect(result.outputs == [.text("1\n2\n"), .display(DisplayedValue(text: "[1, 2]  # 2"))])
  }

  @Test func aSemicolonSilencesTheValue() {
    #expect(session().evaluate(source: "1 + 1;", name: "a").outputs.isEmpty)
  }

  @Test func mistakesOfSyntaxKeepEverythingFromRunning() {
    let result = session().evaluate(source: "print(1)\nlet = 3\nlet y 4", name: "a")
    #expect(result.status == .invalid)
    #expect(result.outputs.isEmpty)
    #expect(result.diagnostics.count == 2)
  }

  @Test func anErrorKeepsWhatCameBefore() {
    let result = session().evaluate(source: "print(1)\nprint(nothing)", name: "a")
    #expect(result.status == .failed)
    #expect(result.outputs == [.text("1\n")])
    #expect(result.diagnostics.first?.kind == .name)
  }

  @Test func theSeedMakesRunsRepeat() {
    let first = session().evaluate(source: "rand(3)", name: "a")
    let second = session().evaluate(source: "rand(3)", name: "a")
    #expect(first.outputs == second.outputs)
    let other = session { $0.seed = 7 }.evaluate(source: "rand(3)", name: "a")
    #expect(first.outputs != other.outputs)
  }

  @Test func aTimeLimitStopsALoop() {
    let result = session { $0.timeLimit = 0.05 }.evaluate(source: "while true { }", name: "a")
    #expect(result.status == .timedOut)
  }

  @Test func anInterruptStopsALoopAndNothingElse() {
    let session = session()
    let interrupt = session.interrupter
    let thread = Thread {
      usleep(50_000)
      interrupt()
    }
    thread.start()
    #expect(session.evaluate(source: "let kept = 1\nwhile true { }", name: "a").status == .interrupted)
    #expect(session.evaluate(source: "kept", name: "b").outputs == [.display(DisplayedValue(text: "1"))])
  }

  @Test func exitGivesItsStatus() {
    #expect(session().evaluate(source: "print(1)\nexit(3)\nprint(2)", name: "a").status == .exited(3))
  }

  @Test(arguments: ["inf", "-inf", "nan", "2 ^ 52", "2 ^ 60", "1e300", "-1e300", "3", "-4", "0.5"])
  func positionsOutsideAListAreErrors(position: String) {
    let result = session().evaluate(source: "let xs = (1, 2, 3)\nlet i = \(position)\nxs[i]", name: "a")
    #expect(result.status == .failed)
  }

  @Test func aListNestedAHundredThousandDeepIsLetGoOf() {
    let result = session().evaluate(
      source: "var deep = ()\nfor i in range(100000) { deep = (deep,) }\nlen(str(deep))", name: "a")
    #expect(result.outputs == [.display(DisplayedValue(text: "300002"))])
  }

  @Test func deepRecursionOfBuiltinsIsAnErrorNotACrash() {
    let result = session().evaluate(source: "fn f(x) = (1,).map(f)\nf(1)", name: "a")
    #expect(result.status == .failed)
  }
}

@Suite struct SessionFileTests {
  let folder = TemporaryFolder()

  func session() -> Session {
    var options = SessionOptions(workingDirectory: folder.path)
    options.runFolder = folder.path + "/out"
    options.sourceFolder = folder.path + "/notebooks"
    options.showsProgress = false
    try? FileManager.default.createDirectory(atPath: folder.path + "/notebooks", withIntermediateDirectories: true)
    return Session(options)
  }

  @Test func filesAreWrittenToTheRunsFolderAndReported() {
    let result = session().evaluate(source: #"export({a: 1}, "sub/a.json")"#, name: "a")
    #expect(result.status == .succeeded)
    #expect(result.artifacts == ["sub/a.json"])
    #expect(FileManager.default.fileExists(atPath: folder.path + "/out/sub/a.json"))
  }

  @Test(arguments: ["../a.json", "/a.json", "x/../../a.json"])
  func writingOutsideIsRefused(path: String) {
    let result = session().evaluate(source: "export({a: 1}, \"\(path)\")", name: "a")
    #expect(result.diagnostics.first?.kind == .io)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.json"))
  }

  @Test func aLinkOutOfTheFolderIsNoWayOut() throws {
    try FileManager.default.createDirectory(atPath: folder.path + "/out", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/out/link", withDestinationPath: folder.path)
    let result = session().evaluate(source: #"export({a: 1}, "link/a.json")"#, name: "a")
    #expect(result.diagnostics.first?.kind == .io)
  }

  @Test func readingLooksInTheRunsFolderThenBesideTheNotebook() throws {
    let session = session()
    try "beside".write(toFile: folder.path + "/notebooks/a.txt", atomically: true, encoding: .utf8)
    #expect(
      session.evaluate(source: #"read_text("a.txt")"#, name: "a").outputs == [.display(DisplayedValue(text: "beside"))])
    _ = session.evaluate(source: #"export("own", "a.txt")"#, name: "a")
    #expect(
      session.evaluate(source: #"read_text("a.txt")"#, name: "a").outputs == [.display(DisplayedValue(text: "own"))])
    #expect(session.evaluate(source: #"read_text("/etc/hostname")"#, name: "a").diagnostics.first?.kind == .io)
  }

  @Test func aMissingFileNamesItsNeighbour() throws {
    try "x".write(toFile: folder.path + "/notes.txt", atomically: true, encoding: .utf8)
    let result = session().evaluate(source: #"read_text("nots.txt")"#, name: "a")
    #expect(result.diagnostics.first?.hints.joined().contains("notes.txt") == true)
  }
}

@Suite struct CompletionTests {
  func proposals(_ text: String, after source: String = "") -> [String] {
    var options = SessionOptions(workingDirectory: "/")
    options.showsProgress = false
    let session = Session(options)
    _ = session.evaluate(source: source, name: "a")
    return session.completions(for: text).map(\.text)
  }

  @Test func namesOfTheSessionAndOfTheLanguage() {
    #expect(proposals("let y = soft").contains("softmax"))
    #expect(proposals("my_", after: "let my_value = 1") == ["my_value"])
    #expect(proposals("wh").contains("while"))
  }

  @Test func membersAfterADot() {
    #expect(proposals("r.", after: "let r = {rate: 1, epochs: 2}").contains("rate"))
    #expect(proposals("x.sh", after: "let x = [1, 2]").contains("shape"))
    #expect(proposals("x.resh", after: "let x = [1, 2]").contains("reshape"))
  }

  @Test func keywordArgumentsInsideACall() {
    #expect(proposals("fit(net, x, y, opt").contains("optimizer:"))
    #expect(proposals("f(wi", after: "fn f(width, height = 1) = width").contains("width:"))
  }

  @Test func modulesAfterImport() {
    #expect(proposals("import st") == ["stats"])
  }

  @Test func everyModuleOfTheStandardLibraryIsThere() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let folder = here.appendingPathComponent("../../stdlib").standardizedFileURL.path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".glia") }
    #expect(proposals("import ").sorted() == files.map { String($0.dropLast(5)) }.sorted())
  }
}
