import FileFormats
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    (3.0, "3"), (-2.5, "-2.5"), (0.1, "0.1"), (1e-9, "1e-09"), (1e300, "1e+300"), (123_456_789, "123456789"),
    (9_007_199_254_740_992, "9007199254740992"), (-0.0, "-0"), (.nan, "nan"), (-.infinity, "-inf"),
  ])
  func shortestText(value: Double, text: String) {
    #expect(NumberText.shortest(value) == text)
  }

  @Test(arguments: [
    "0", "-0", "12.5", ".5", "5.", "1e3", "1E-3", "+7", "0.1", "123456789012345678901234567890", "1e-400", "1e400",
    "2.2250738585072014e-308", "9007199254740993", "0.000000000000000000000000000001", "4.35e-7",
  ])
  func parsesLikeTheStandardLibrary(text: String) throws {
    let value = try #require(DecimalParser.parse(Array(text.utf8)[...]))
    #expect(value == Double(text.hasSuffix(".") ? text + "0" : text.hasPrefix(".") ? "0" + text : text))
    #expect(text != "-0" || value.sign == .minus)
  }

  @Test(arguments: ["", "-", ".", "e5", "1e", "1e+", "0x10", "1 ", " 1", "nan", "inf", "1_000", "--1", "1.2.3", "1,5"])
  func refusesWhatIsNoNumber(text: String) {
    #expect(DecimalParser.parse(Array(text.utf8)[...]) == nil)
  }

  @Test func randomDoublesRoundTrip() {
    var random = SplitMix(seed: 7)
    for _ in 0..<2000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(DecimalParser.parse(Array(NumberText.shortest(value).utf8)[...]) == value)
    }
  }
}
