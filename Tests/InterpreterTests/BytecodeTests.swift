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
