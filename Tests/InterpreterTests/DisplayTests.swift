import Testing

@testable import Interpreter

struct DisplayTests {
  @Test(arguments: [
    (1.0 / 3, "0.333333"), (1e-7, "1e-07"), (1_234_567, "1234567"), (123456.789, "123457"),
    (0.00012345678, "0.000123457"),
    (-0.0, "0"), (9_007_199_254_740_992, "9007199254740992"), (1e16, "1e+16"), (2.5, "2.5"), (.infinity, "inf"),
    (-.infinity, "-inf"), (.nan, "nan"), (0.30000000000000004, "0.3"),
  ])
  func numbersHaveSixDigits(number: Double, text: String) {
    #expect(NumberText.short(number) == text)
  }

  @Test(arguments: [
    (1.0 / 3, "0.3333333333333333"), (0.1 + 0.2, "0.30000000000000004"), (1e-7, "1e-07"), (1.5e300, "1.5e+300"),
  ])
  func fullNumbersReadBack(number: Double, text: String) {
    #expect(NumberText.full(number) == text)
    #expect(Double(text) == number)
  }

  @Test func nestedStringsAreQuoted() {
    let list = Value.items([.text("a\"b"), .items([.number(1)]), .fields([("with space", .none), ("x", .bool(true))])])
    #expect(list.text(.printed) == #"("a\"b", (1,), {"with space": none, x: true})"#)
  }

  @Test func deepValuesNeedNoStack() throws {
    var deep = Value.items([])
    var other = Value.items([])
    for _ in 0..<200_000 {
      deep = .items([deep])
      other = .items([other])
    }
    #expect(deep.isEqual(to: other))
    #expect(try deep.fullText().utf8.count == 600_002)
    #expect(deep.text(.nested).contains("…"))
  }
}
