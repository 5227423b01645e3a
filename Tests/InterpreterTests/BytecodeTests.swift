import Diagnostics
import Testing

@testable import Interpreter

struct BytecodeTests {
  private func code(_ program: String) throws -> Code {
    let host = TestHost()
    return try host.machine.compile(host.machine.parse(SourceFile(name: "p", text: program)), in: host.scope)
  }

  @Test func theDisassemblyFollowsTheTable() throws {
    let text = try code("fn f(n) {\n  var s = 0\n  for i in range(n) { s += i * 2 }\n  s\n}").disassembly
    let function = try #require(text.components(separatedBy: "f 9 registers\n").last)
    #expect(
      function == """
           0  line 2  loadNumber r2 0
           1  line 3  move r4 r0
           2  line 3  loadNone r5
           3  line 3  loadNone r6
           4  line 3  prepareRange r3 → 8
           5  line 3  multiplyRK r8 r7 2
           6  line 3  addRR r2 r2 r8 live 9
           7  line 3  nextInRange r3 → 5
           8  line 4  move r1 r2
           9  line 1  giveBack r1
        """)
  }

  @Test func pairsOfInstructionsRunInOneStep() throws {
    let text = try code("fn f(a, b, s) = s + a[0] + a[s] * b[s]").disassembly
    #expect(text.contains("getIndexTwice"))
    #expect(text.contains("multiplyThenAdd"))
    #expect(try code("fn f(a, s) = s * a[s]").disassembly.contains("getIndexThenMultiply"))
    #expect(try code("fn f(a, s) = s + a[s]").disassembly.contains("getIndexThenAdd"))
  }

  @Test(arguments: [
    // Each instruction of a pair keeps its own meaning for all other values, and its own place in errors.
    ("let a = (2, \"x\", (1,))\nfn f(s, i) = s + a[i]\nprint(f(1, 0), f(\"y\", 1), f((0,), 2))", "3 yx (0, 1)\n"),
    ("let a = (2, \"x\")\nfn f(s, i) = s * a[i]\nprint(f(3, 0))\nf(3, 1)", "type 2:14 "),
    ("let a = (2, 3)\nfn f(s, i) = s * a[i]\nf(3, 7)", "index 2:18 "),
    ("let a = ((1, 2), (3, 4))\nfn f(i, j) = a[i][j]\nprint(f(1, 0), f(-1, -0))\nf(0, 5)", "index 2:14 "),
    ("fn f(a, b, c) = a * b + c\nprint(f(2, 3, 4))\nf(2, 3, \"x\")", "type 1:17 "),
    ("fn f(a, b, c) = c + a * b\nf(2, \"x\", 4)", "type 1:21 "),
    ("fn f(c, s, a, i) = s * (if c { 5 } else { a[i] })\nprint(f(true, 2, (7,), 0), f(false, 2, (7,), 0))", "10 14\n"),
  ])
  func pairsOfInstructionsMeanWhatEachMeans(program: String, expected: String) {
    let found = output(of: program)
    #expect(found.contains(expected), "\(found)")
  }

  @Test(arguments: [
    ("for i in range(-2, 1) { print(i) }", "-2\n-1\n0\n"), ("for i in range(0.5, 3) { print(i) }", "0.5\n1.5\n2.5\n"),
    ("for i in range(2.5) { print(i) }", "0\n1\n2\n"), ("for i in range(-0, 2) { print(i) }", "0\n1\n"),
    ("for i in range(3, 3) { print(i) }\nprint(1)", "1\n"), ("for i in range(4, 0, -2) { print(i) }", "4\n2\n"),
    ("for k in range(2) { for i in range(k, k + 2) { print(i) } }", "0\n1\n1\n2\n"),
    ("for i in range(9007199254740990, 9007199254740993) { print(i == 9007199254740991) }", "false\ntrue\n"),
  ])
  func loopsOverRanges(program: String, expected: String) {
    let found = output(of: program)
    #expect(found.contains(expected), "\(found)")
  }

  @Test func theVerifierFindsWhatIsWrong() throws {
    let good = try code("fn f(x) = x + 1\nprint(f(1))")
    #expect(good.mistakes == [])
    let cases: [(Instruction, String)] = [
      (Instruction(.move, 900, 0), "register 900"), (Instruction(.loadNumber, 0, 0, 0, 50), "number 50"),
      (Instruction(.jump, 0, 0, 0, 99), "jump to 100"), (Instruction(.getMember, 0, 0, 0, 77), "site 77"),
      (Instruction(.callBuiltin, 0, 300, 0, 0), "registers 0..<301"),
    ]
    for (instruction, mistake) in cases {
      let bad = try code("1 + 1")
      bad.instructions[0] = instruction
      #expect(bad.mistakes.contains { $0.hasSuffix(mistake) }, "\(mistake) in \(bad.mistakes)")
    }
    let open = try code("1 + 1")
    open.instructions[open.instructionCount - 1] = Instruction(.loadNone, 0)
    #expect(open.mistakes.contains { $0.contains("does not return") })
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
