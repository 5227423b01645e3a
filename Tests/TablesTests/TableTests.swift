import Tables
import Testing

@Suite struct TableTests {
  let table: Table

  init() throws {
    table = try Table([
      ("epoch", .numbers([1, 2, 3, 4])), ("loss", .numbers([0.5, 0.25, .nan, 0.125])),
      ("name", .texts(["b", "a", nil, "b"])), ("best", .bools([false, false, true, true])),
    ])
  }

  @Test func columnsMustFit() {
    #expect(throws: TableError.unequalLength(column: "b", count: 3, expected: 2)) {
      try Table([("a", .numbers([1, 2])), ("b", .numbers([1, 2, 3]))])
    }
    #expect(throws: TableError.doubledColumn("a")) { try Table([("a", .numbers([])), ("a", .texts([]))]) }
    #expect(throws: TableError.unknownColumn("los", known: ["epoch", "loss", "name", "best"])) {
      try table.column("los")
    }
    #expect(
      TableError.unknownColumn("los", known: ["epoch", "loss"]).description
        == "there is no column `los`: the table has `epoch`, `loss`")
  }

  @Test func columnsAreAddedReplacedAndChosen() throws {
    let wider = try table.with("double", .numbers([1, 2, 3, 4])).with("epoch", .numbers([5, 6, 7, 8]))
    #expect(wider.names == ["epoch", "loss", "name", "best", "double"])
    #expect(wider["epoch"] == .numbers([5, 6, 7, 8]))
    #expect(table["epoch"] == .numbers([1, 2, 3, 4]))
    #expect(try table.selecting(["name", "epoch"]).names == ["name", "epoch"])
    #expect(try table.without(["loss", "best"]).names == ["epoch", "name"])
    #expect(try table.renaming("loss", to: "error").names[1] == "error")
    #expect(throws: TableError.doubledColumn("epoch")) { try table.renaming("loss", to: "epoch") }
    #expect(throws: TableError.unequalLength(column: "x", count: 1, expected: 4)) {
      try table.with("x", .numbers([1]))
    }
    #expect(try Table([("a", .numbers([1]))]).with("a", .numbers([1, 2])).rowCount == 2)
  }

  @Test func rowsByRangePositionAndMask() throws {
    #expect(table.rows(1..<3)["name"] == .texts(["a", nil]))
    #expect(table.rows(2..<99).rowCount == 2)
    #expect(try table.rows(at: [3, 0, 0])["epoch"] == .numbers([4, 1, 1]))
    #expect(throws: TableError.rowOutside(4, count: 4)) { try table.rows(at: [4]) }
    #expect(try table.rows(where: [true, false, false, true])["epoch"] == .numbers([1, 4]))
    #expect(throws: TableError.maskLength(count: 1, expected: 4)) { try table.rows(where: [true]) }
    #expect(try table.row(2) == [.number(3), .number(.nan), .missing, .bool(true)])
    #expect(try table.appending(table).rowCount == 8)
    #expect(throws: TableError.self) { try table.appending(table.without(["loss"])) }
  }

  @Test func sortingIsStableWithMissingLast() throws {
    #expect(try table.sorted(by: ["loss"])["epoch"] == .numbers([4, 2, 1, 3]))
    #expect(try table.sorted(by: ["loss"], descending: true)["epoch"] == .numbers([1, 2, 4, 3]))
    #expect(try table.sorted(by: ["name"])["epoch"] == .numbers([2, 1, 4, 3]))
    #expect(try table.sorted(by: ["best"], descending: true)["epoch"] == .numbers([3, 4, 1, 2]))
    #expect(try table.sorted(by: ["name", "loss"])["epoch"] == .numbers([2, 4, 1, 3]))
  }

  @Test func textsSortByCodePoint() throws {
    let names = try Table([("n", .texts(["é", "z", "Z", "a", "𝄞", "ﬀ"]))]).sorted(by: ["n"])
    #expect(names["n"] == .texts(["Z", "a", "z", "é", "ﬀ", "𝄞"]))
  }

  @Test func groupsAreReduced() throws {
    let groups = try table.grouped(by: ["name"])
    #expect(
      try groups.reduced(.mean)
        == Table([
          ("name", .texts(["a", "b", nil])), ("epoch", .numbers([2, 2.5, 3])),
          ("loss", .numbers([0.25, 0.3125, .nan])),
          ("best", .numbers([0, 0.5, 1])),
        ]))
    #expect(try groups.counts()["count"] == .numbers([1, 2, 1]))
    #expect(try groups.reduced(.sum, only: ["loss"])["loss"] == .numbers([0.25, 0.625, 0]))
    #expect(try groups.reduced(.std)["epoch"] == .numbers([0, 1.5, 0]))
    #expect(try table.grouped(by: ["best", "name"]).groups == [[1], [0], [3], [2]])
    #expect(try groups.tables().map(\.rowCount) == [1, 2, 1])
    #expect(throws: TableError.wrongType(column: "name", is: "texts", needed: "numbers")) {
      try table.grouped(by: ["best"]).reduced(.max, only: ["name"])
    }
  }

  @Test func joins() throws {
    let other = try Table([
      ("name", .texts(["b", "b", "c"])), ("loss", .numbers([10, 20, 30])), ("on", .bools([true, false, true])),
    ])
    let inner = try table.joined(with: other, on: ["name"])
    #expect(inner.names == ["epoch", "loss", "name", "best", "loss_right", "on"])
    #expect(inner["epoch"] == .numbers([1, 1, 4, 4]))
    #expect(inner["loss_right"] == .numbers([10, 20, 10, 20]))
    let left = try table.joined(with: other, on: ["name"], kind: .left)
    #expect(left["loss_right"] == .numbers([10, 20, .nan, .nan, 10, 20]))
    #expect(left["on"] == .numbers([1, 0, .nan, .nan, 1, 0]))
    let outer = try table.joined(with: other, on: ["name"], kind: .outer)
    #expect(outer["name"] == .texts(["b", "b", "a", nil, "b", "b", "c"]))
    #expect(outer["epoch"] == .numbers([1, 1, 2, 3, 4, 4, .nan]))
    #expect(throws: TableError.wrongType(column: "epoch", is: "texts", needed: "numbers")) {
      try table.joined(with: Table([("epoch", .texts(["1"]))]), on: ["epoch"])
    }
  }

  @Test func descriptionLeavesMissingValuesOut() throws {
    let about = table.described()
    #expect(about["column"] == .texts(["epoch", "loss", "name", "best"]))
    #expect(about["type"] == .texts(["number", "number", "text", "bool"]))
    #expect(about["count"] == .numbers([4, 3, 3, 4]))
    #expect(about["missing"] == .numbers([0, 1, 1, 0]))
    #expect(about["median"] == .numbers([2.5, 0.25, .nan, 0.5]))
    #expect(about["q25"] == .numbers([1.75, 0.1875, .nan, 0]))
    #expect(about["max"] == .numbers([4, 0.5, .nan, 1]))
  }

  @Test func jsonHoldsColumns() {
    #expect(
      table.json.text()
        == #"{"epoch":[1,2,3,4],"loss":[0.5,0.25,null,0.125],"name":["b","a",null,"b"],"best":[false,false,true,true]}"#
    )
  }
}

@Suite struct TableTextTests {
  @Test func numbersAlignAtTheirPoints() throws {
    let table = try Table([
      ("epoch", .numbers([1, 10, 100])), ("loss", .numbers([0.693147181, 12.5, 1e-7])),
      ("name", .texts(["a", nil, "two\nlines"])), ("ok", .bools([true, false, true])),
    ])
    #expect(
      table.text() == """
        epoch       loss  name        ok
            1   0.693147  a           true
           10  12.5       none        false
          100   1e-07     two\\nlines  true
        """)
  }

  @Test func longTablesShowTheirEnds() throws {
    let numbers = (0..<100).map(Double.init)
    let lines = try Table([("n", .numbers(numbers))]).text().split(separator: "\n")
    #expect(lines.count == 23)
    #expect(lines[1] == " 0" && lines[10] == " 9" && lines[11] == " …" && lines[12] == "90" && lines[21] == "99")
    #expect(lines[22] == "# 100 rows, 1 column")
    #expect(try Table([("n", .numbers(Array(numbers.prefix(20))))]).text().split(separator: "\n").count == 21)
  }

  @Test func wideTablesLeaveColumnsOut() throws {
    let table = try Table((0..<50).map { ("column\($0)", .numbers([Double($0)])) })
    let lines = table.text().split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= Table.displayedWidth })
    #expect(lines[0].hasPrefix("column0  column1") && lines[0].hasSuffix("column49"))
    #expect(lines[2] == "# 1 row, 50 columns")
  }

  @Test func emptyTablesAndWideCharacters() throws {
    #expect(Table().text() == "# an empty table")
    #expect(try Table([("a", .numbers([])), ("b", .texts([]))]).text() == "a  b\n# 0 rows, 2 columns")
    #expect(try Table([("字", .texts(["漢字", "x"])), ("n", .numbers([1, 2]))]).text() == "字    n\n漢字  1\nx     2")
    let long = String(repeating: "x", count: 50)
    #expect(try Table([("t", .texts([long]))]).text() == "t\n" + long.prefix(39) + "…")
  }
}
