import FileFormats
import Testing

@Suite struct JSONTests {
  @Test func valuesRoundTrip() throws {
    let text = #"{"b":[1,-2.5,1e-09,true,false,null],"a":{"text":"é\n\"\\","empty":[],"none":{}}}"#
    let value = try JSON.parse(text)
    #expect(value.text() == text)
    #expect(value["b"]?[1]?.number == -2.5)
    #expect(value["a"]?["text"]?.string == "é\n\"\\")
    #expect(try JSON.parse(value.text(.indented(2))) == value)
  }

  @Test func indentedLayout() {
    let value: JSON = ["a": [1, 2], "b": [["c": true]], "d": [:]]
    #expect(
      value.text(.indented(2)) == """
        {
          "a": [1, 2],
          "b": [
            {
              "c": true
            }
          ],
          "d": {}
        }
        """)
  }

  @Test func escapesAndSurrogates() throws {
    #expect(try JSON.parse(#""\u00e9\ud83d\ude00\ud800x\/\b""#) == .string("é😀\u{FFFD}x/\u{8}"))
    #expect(JSON.string("\u{1}\u{7F}").text() == #""\u0001\u007f""#)
  }

  @Test func notANumberIsNull() throws {
    #expect(JSON.array([.number(.nan), .number(.infinity)]).text() == "[null,null]")
    #expect(
      try JSON.parse("[Infinity,-Infinity]", allowingNonFinite: true) == [.number(.infinity), .number(-.infinity)])
    #expect(throws: FormatError.self) { try JSON.parse("[NaN]") }
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "01", "-", "1.", "1e", "\"a", "\"\u{1}\"", "\"\\x\"", "[1] 2", "tru",
    "{1:2}", "+1", "'a'", "[1 2]",
  ])
  func malformedTextsAreRefused(text: String) {
    #expect(throws: FormatError.self) { try JSON.parse(text) }
  }

  @Test func errorsNameThePlace() {
    #expect(throws: FormatError.damaged(format: "JSON", reason: "a value is missing at line 2, column 4")) {
      try JSON.parse("[1,\n2, ]")
    }
  }

  @Test func depthIsLimited() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: FormatError.self) { try JSON.parse(deep) }
    let fine = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(try JSON.parse(fine).text() == fine)
  }

  @Test func ofDoubledFieldsTheLastCounts() throws {
    #expect(try JSON.parse(#"{"a":1,"b":2,"a":3}"#).text() == #"{"a":3,"b":2}"#)
  }
}
