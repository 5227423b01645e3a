import Tables
import Testing

@Suite struct CSVTests {
  func read(_ text: String, _ options: CSV.Options = .init()) throws -> Table {
    try CSV.read(Array(text.utf8), options)
  }

  func text(_ table: Table) -> String { String(decoding: CSV.text(table), as: UTF8.self) }

  @Test func typesQuotesAndMissingValues() throws {
    let table = try read(
      #"""
      name,age,city,member
      Ada,36,London,true
      "Smith, J.",41.5,"New
      York",false
      "She said ""hi""",,Paris,true
      Zoë,29,,false

      """#)
    #expect(
      try table
        == Table([
          ("name", .texts(["Ada", "Smith, J.", "She said \"hi\"", "Zoë"])), ("age", .numbers([36, 41.5, .nan, 29])),
          ("city", .texts(["London", "New\nYork", "Paris", nil])), ("member", .bools([true, false, true, false])),
        ]))
  }

  @Test(arguments: ["a,b\n1,x\n2,y\n", "a;b\r\n1;x\r\n2;y", "a\tb\r1\tx\r2\ty\r", "\u{FEFF}a|b\n1|x\n\n2|y\n\n"])
  func separatorsAndLineEndsAreToldApart(text: String) throws {
    #expect(try read(text) == Table([("a", .numbers([1, 2])), ("b", .texts(["x", "y"]))]))
  }

  @Test func commasInsideFieldsAreNoSeparators() throws {
    #expect(try read("a;b\n1,5;2\n2,5;3\n").names == ["a", "b"])
    #expect(try read("text\nhello; there\nyou\n").names == ["text"])
  }

  @Test func numbersInAllSpellings() throws {
    let table = try read("a\n 1 \n-2.5e-3\n+7\n.5\n5.\ninf\n-Infinity\nNA\nnan\nnull\n1e400\n")
    #expect(table["a"] == .numbers([1, -0.0025, 7, 0.5, 5, .infinity, -.infinity, .nan, .nan, .nan, .infinity]))
  }

  @Test func aLateTextMakesAColumnOfTexts() throws {
    let table = try read("a,b,c\n1,true,\n02,false,\n,true,3\nx,maybe,\"\"\n")
    #expect(table["a"] == .texts(["1", "02", nil, "x"]))
    #expect(table["b"] == .texts(["true", "false", "true", "maybe"]))
    #expect(table["c"] == .texts([nil, nil, "3", ""]))
  }

  @Test func quotesSayTextUnlessEverythingIsQuoted() throws {
    #expect(try read("a,b\n\"1\",2\n")["a"] == .texts(["1"]))
    #expect(try read("\"a\",\"b\"\n\"1\",\"x\"\n") == Table([("a", .numbers([1])), ("b", .texts(["x"]))]))
  }

  @Test func headersAreCompletedAndToldApart() throws {
    #expect(try read(",a, a ,\"\"\n1,2,3,4\n").names == ["column_1", "a", "a_2", "column_4"])
    #expect(try read("1,2\n3,4\n", .init(hasHeader: false))["column_2"] == .numbers([2, 4]))
    #expect(try read("a,b") == Table([("a", .numbers([])), ("b", .numbers([]))]))
  }

  @Test func errorsNameTheLine() {
    #expect(throws: TableError.raggedLine(line: 4, count: 1, expected: 2)) { try read("a,b\n\"1\n\",2\n3\n") }
    #expect(throws: TableError.raggedLine(line: 2, count: 3, expected: 2)) { try read("a,b\n1,2,3\n") }
    #expect(throws: TableError.openQuote(line: 3)) { try read("a,b\n1,2\n3,\"x\n4,5\n") }
    #expect(throws: TableError.textAfterQuote(line: 2)) { try read("a,b\n\"x\"y,2\n") }
    #expect(throws: TableError.noHeader) { try read("\n\n") }
    #expect(throws: TableError.notUTF8(line: 2)) { try CSV.read(Array("a,b\nx".utf8) + [0xFF] + Array(",1\n".utf8)) }
    #expect(
      TableError.raggedLine(line: 2, count: 3, expected: 2).description == "line 2 has 3 fields and the header has 2")
  }

  @Test func writtenTextIsMinimalAndExact() throws {
    let table = try Table([
      ("text", .texts(["plain", "a,b", "q\"q", "two\nlines", " spaces ", "1", "true", "", nil])),
      ("n", .numbers([1, -2.5, 1.0 / 3, 1e-9, 123_456_789, 0, .nan, .infinity, 1e16])),
      ("b", .bools([true, false, true, false, true, false, true, false, true])),
    ])
    #expect(
      text(table) == #"""
        text,n,b
        plain,1,true
        "a,b",-2.5,false
        "q""q",0.3333333333333333,true
        "two
        lines",1e-09,false
         spaces ,123456789,true
        "1",0,false
        "true",,true
        "",inf,false
        ,1e+16,true

        """#)
    #expect(try CSV.read(CSV.text(table)) == table)
    #expect(try CSV.read(CSV.text(table, separator: 9)) == table)
  }

  @Test func tablesOfOneColumnKeepTheirRows() throws {
    for column in [
      Column.numbers([.nan, 1, .nan]), .texts([nil, "a", nil, "b"]), .texts(["", " ", "\u{FEFF}"]),
    ] {
      for name in ["x", "a,b", "\u{FEFF}x", " x"] {
        let table = try Table([(name, column)])
        #expect(try CSV.read(CSV.text(table)) == table)
      }
    }
    #expect(try read("x\n1\n2\n\n\n")["x"] == .numbers([1, 2]))
  }

  @Test func randomTablesRoundTrip() throws {
    var random = SeededRandom(seed: 11)
    let pieces = ["a", "\"", ",", ";", "\n", "\r", " ", "1", "é", "\t", "nan", "true", "-", "|"]
    for _ in 0..<300 {
      let rows = Int.random(in: 1...6, using: &random)
      let texts = (0..<rows).map { _ -> String? in
        let count = Int.random(in: 0...4, using: &random)
        return count == 0 ? nil : (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      }
      guard texts.contains(where: { $0 != nil }) else { continue }
      let numbers = (0..<rows).map { _ in Double(bitPattern: random.next()) }
      let table = try Table([("t,", .texts(texts)), ("n", .numbers(numbers))])
      #expect(try CSV.read(CSV.text(table), .init(separator: UInt8(ascii: ","))) == table)
    }
  }

  @Test func mutatedTextsGiveTablesOrErrors() throws {
    let whole = Array("a,b,c\n1,\"x,\"\"y\",true\n2.5,,false\r\n\"3\",z,true\n".utf8)
    var random = SeededRandom(seed: 5)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<3 {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert([34, 44, 10, 13, 59].randomElement(using: &random) ?? 0, at: at)
        default: bytes.removeLast(bytes.count - max(at, 1))
        }
      }
      let outcome = Result { try CSV.read(bytes) }
      if case .success(let table) = outcome {
        #expect(table.columns.allSatisfy { $0.count == table.rowCount })
      }
    }
  }
}

/// A small generator with a seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
  }
}
