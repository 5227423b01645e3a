import Diagnostics
import Testing

@testable import Interpreter

/// What holds across cells, files and interruptions.
struct SessionBehaviourTests {
  @Test func cellsShareTheirTopLevel() throws {
    let host = TestHost()
    #expect(try host.run("var n = 1\nfn next() { n += 1\n n }\nnext()") == "2\n")
    #expect(try host.run("next()") == "3\n")
    #expect(try host.run("n;") == "")
    #expect(try host.run("let n = 100\nnext()") == "4\n")
    #expect(try host.run("n") == "100\n")
    // A function mentions what a later cell defines.
    #expect(try host.run("fn late() = defined_later + 1") == "")
    #expect(throws: Diagnostic.self) { try host.run("late()") }
    #expect(try host.run("let defined_later = 1\nlate()") == "2\n")
  }

  @Test func aCellThatFailsKeepsWhatItDid() throws {
    let host = TestHost()
    #expect(throws: Diagnostic.self) { try host.run("let a = 1\nlet b = a + \"x\"\nlet c = 3") }
    #expect(try host.run("a") == "1\n")
    #expect(throws: Diagnostic.self) { try host.run("c") }
  }

  @Test func filesRunOnce() {
    let files = [
      "lib/a.glia": "print(\"a runs\")\nvar n = 0\nfn count() { n += 1\n n }", "ping.glia": "import \"pong.glia\"",
      "pong.glia": "import \"ping.glia\"",
    ]
    #expect(
      output(
        of: "import \"lib/a.glia\"\nimport \"lib/a.glia\" as b\nprint(a.count(), b.count(), type(a))", files: files)
        == "a runs\n1 2 module\n")
    #expect(output(of: "import stats as s\nprint(s.double(4), s.double)", files: files) == "8 <fn double(x)>\n")
    #expect(
      output(of: "import \"ping.glia\"", files: files)
        == "value 1:1 these files import each other: ping.glia → pong.glia → ping.glia")
    #expect(output(of: "import stat", files: files) == "io 1:1 there is no module `stat`")
    #expect(output(of: "import \"lib/a.glia\" as a\na.cont()", files: files).hasSuffix("has no member `cont`"))
  }

  @Test func aBuiltinKnowsWhereItWasCalled() throws {
    let program = "fn f() {\n here()\n}\nprint(here(), f(),\n here(x: 1), 1.here())\nprint((1, 2).map(x -> here()))"
    #expect(try TestHost().run(program) == "4 2 5 5\n(6, 6)\n")
  }

  @Test func interruptsPassThroughCatch() throws {
    let host = TestHost()
    host.machine.interruption.request()
    #expect(throws: Diagnostic.self) { try host.run("try { while true { } } catch e { print(\"caught\") }") }
    host.machine.interruption.clear()
    #expect(try host.run("1 + 1") == "2\n")
  }

  @Test func theCallTraceNamesFunctionsAndPlaces() throws {
    let host = TestHost()
    let error = #expect(throws: Diagnostic.self) {
      try host.run("fn inner(x) = x + \"a\"\nfn outer(x) = (x,).map(y -> inner(y))\nouter(1)")
    }
    let calls = try #require(error).calls
    #expect(calls.map(\.function) == ["inner", "a function", "outer"])
    #expect(calls.map { $0.call.map { $0.source.position(of: $0.span.start).line } } == [2, 2, 3])
  }

  @Test(arguments: [
    (
      "let w = [1, 2; 3, 4]\nlet x = [1, 2, 3]\nx @ w",
      ["`x` of shape 3 was made at cell1:2:5", "`w` of shape 2×2 was made at cell1:1:5"]
    ),
    (
      "let w = [1, 2]\nfn f(x) {\n  let y = [1, 2, 3]\n  w + y }\nf(1)",
      ["`w` of shape 2 was made at cell1:1:5", "`y` of shape 3 was made at cell1:3:7"]
    ),
    (
      "fn f() {\n let a = [1, 2]\n let g = x -> {\n  x + a }\n g([1, 2, 3]) }\nf()",
      ["`a` of shape 2 was made at cell1:2:6"]
    ),
    ("fn f() {\n if true { let a = [1, 2, 3, 4]\n }\n let (p, q) = ([1, 2], [1, 2, 3]); p - q }\nf()", []),
    (
      "fn f() {\n let (p, q) = ([1, 2], [1, 2, 3])\n p + q }\nf()",
      ["`p` of shape 2 was made at cell1:2:7", "`q` of shape 3 was made at cell1:2:10"]
    ),
    ("let a = [1, 2]; a + [1, 2, 3]", []),
    ("var a = [1, 2]\na + [1, 2, 3]", []),
    ("let a = [1, 2]\na[5]", []),
  ])
  func aShapeErrorSaysWhereTheValuesWereMade(program: String, origins: [String]) throws {
    let error = #expect(throws: Diagnostic.self) { try TestHost().run(program) }
    #expect(try #require(error).hints.filter { $0.contains("was made") } == origins)
  }

  @Test func changesInPlaceCopyNothing() throws {
    let host = TestHost()
    let programs = [
      "fn f() {\n var xs = ()\n for i in range(1000) { xs.push(i)\n xs += (i,)\n xs[i] = xs[0] + 1 }\n len(xs) }\nf();",
      "var ys = ()\nfor i in range(1000) { ys.push(i)\n ys += (i,)\n ys[i] = ys[0] + len(ys) };",
      "var s = \"\"\nfor i in range(1000) { s += \"{i}\" };",
      "var r = {n: 0}\nfor i in range(1000) { r[\"k{i}\"] = i\n r.n += 1 };",
      "var nested = ((1, 2), {xs: (1, 2)})\nfor i in range(100) { nested[0][1] += i\n nested[1].xs[0] = i };",
      "fn g() {\n var xs = (1, 2)\n for i in range(100) {\n if true { let old = xs[0]\n print(old, len(xs)) }\n xs.push(i) } }\ng();",
      "fn bodies() {\n var xs = ({v: 1}, {v: 2})\n for k in range(100) { for i in range(2) { xs[i].v += 2 * xs[i].v } }\n xs[0].v }\nbodies();",
      "fn h() {\n var xs = (1, 2)\n let add = x -> { xs.push(x) }\n for i in range(100) { add(i) } }\nh();",
    ]
    for program in programs {
      let before = host.machine.copies
      try host.run(program)
      // The literal that a variable starts with may be shared with the code.
      #expect(host.machine.copies - before <= 2, "\(program)")
    }
  }
}
