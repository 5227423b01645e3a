import Interpreter
import Tables
import Tensors
import Training

/// A table as a value: `t.loss` is a column, `t[0:5]` rows, `t[("epoch", "loss")]` columns.
final class TableObject: ObjectValue {
  let table: Table

  init(_ table: Table) { self.table = table }

  override var typeName: String { "table" }
  override var count: Int? { table.rowCount }
  override func text(_ style: DisplayStyle) -> String { table.text() }
  override func isEqual(to other: ObjectValue) -> Bool { (other as? TableObject)?.table == table }

  override func element(at position: Int, _ context: CallContext) throws -> Value? { row(position) }

  /// A row as a record.
  func row(_ position: Int) -> Value {
    .fields(zip(table.names, table.columns).map { ($0, Value($1[position])) })
  }

  // MARK: Members

  override var memberNames: [String] { ["columns", "rows"] + table.names }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    if let column = table[name] { return try column.asValue() }
    switch name {
    case "columns": return .items(table.names.map { .text($0) })
    case "rows": return .items((0..<table.rowCount).map(row))
    default: return nil
    }
  }

  // MARK: Indexing

  override func index(_ parts: [IndexValue], _ context: CallContext) throws -> Value? {
    guard parts.count == 1 else {
      throw RuntimeError(
        .index, "a table takes one index: rows or columns", hint: "write t[0:5].loss, or t[(\"epoch\", \"loss\")][0:5]")
    }
    switch parts[0] {
    case .value(let value): return try select(value)
    case .slice(let start, let stop, let step):
      let positions = try slicePositions(start: start, stop: stop, step: step)
      return try tabular { .object(TableObject(try table.rows(at: positions))) }
    case .ellipsis: return .object(self)
    case .newAxis: throw RuntimeError(.type, "a table has no axes to add to: none is no index of a table")
    }
  }

  private func select(_ value: Value) throws -> Value {
    switch value {
    case .string(let name): return try tabular { try table.column(name.text).asValue() }
    case .list(let list):
      if let names = list.items.asStrings { return try tabular { .object(TableObject(try table.selecting(names))) } }
      return try rows(at: list.items.asNumbers ?? [.nan])
    case .range(let range): return try rows(at: range.elements().asNumbers ?? [])
    case .tensor(let tensor) where tensor.rank == 1:
      if tensor.dtype == .bool {
        return try tabular { .object(TableObject(try table.rows(where: tensor.bools()))) }
      }
      return try rows(at: tensor.doubles())
    default:
      guard let number = value.asNumber else {
        throw RuntimeError(
          .type,
          "a table is indexed by a row's position, a column's name, or a list of either, and this is \(value.kindText)")
      }
      return row(try position(number))
    }
  }

  private func rows(at positions: [Double]) throws -> Value {
    let rows = try positions.map(position)
    return try tabular { .object(TableObject(try table.rows(at: rows))) }
  }

  private func position(_ number: Double) throws -> Int {
    guard let whole = Int(exactly: number) else {
      throw RuntimeError(.type, "a row's position is a whole number, and this is \(NumberText.short(number))")
    }
    let place = whole < 0 ? whole + table.rowCount : whole
    guard place >= 0, place < table.rowCount else {
      throw RuntimeError(.index, "there is no row \(whole): the table has \(Wording.counted(table.rowCount, "row"))")
    }
    return place
  }

  /// Positions of a slice, clipped to the table.
  private func slicePositions(start: Int?, stop: Int?, step: Int?) throws -> [Int] {
    let step = step ?? 1
    guard step != 0 else { throw RuntimeError(.value, "a slice's step cannot be 0") }
    let count = table.rowCount
    func clipped(_ bound: Int?, _ missing: Int, _ low: Int, _ high: Int) -> Int {
      guard let bound else { return missing }
      return min(max(bound < 0 ? bound &+ count : bound, low), high)
    }
    let first = step > 0 ? clipped(start, 0, 0, count) : clipped(start, count - 1, -1, count - 1)
    let end = step > 0 ? clipped(stop, count, 0, count) : clipped(stop, -1, -1, count - 1)
    return Array(stride(from: first, to: end, by: step))
  }
}

/// Runs a table operation; its errors become the language's.
func tabular<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as TableError {
    switch error {
    case .unknownColumn(let name, let known):
      throw RuntimeError(.name, error.description, hint: didYouMean(name, among: known))
    case .doubledColumn: throw RuntimeError(.value, error.description)
    case .unequalLength, .maskLength, .differentColumns: throw RuntimeError(.shape, error.description)
    case .rowOutside: throw RuntimeError(.index, error.description)
    case .wrongType: throw RuntimeError(.type, error.description)
    case .raggedLine, .openQuote, .textAfterQuote, .notUTF8, .noHeader: throw RuntimeError(.value, error.description)
    }
  }
}

extension Value {
  /// A cell; missing texts are none.
  init(_ cell: Cell) {
    switch cell {
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .bool(let bool): self = .bool(bool)
    case .missing: self = .none
    }
  }
}

extension Value {
  /// Named columns of the library as a table.
  static func table(_ columns: Columns) throws -> Value {
    var pairs: [(name: String, values: Column)] = []
    for name in columns.names {
      switch columns[name] {
      case .numbers(let numbers)?: pairs.append((name, .numbers(numbers)))
      case .texts(let texts)?: pairs.append((name, .texts(texts)))
      case nil: break
      }
    }
    return try tabular { .object(TableObject(try Table(pairs))) }
  }
}

extension TableObject: Tabulated {
  /// The header, then every row.
  var allRows: [[String]] {
    [table.names] + (0..<table.rowCount).map { row in table.columns.map { Value($0[row]).text(.printed) } }
  }

  /// The header, then the rows that the text shows: the first and last ten of a long table.
  var displayedRows: [[String]] {
    let half = Table.displayedRows / 2
    let isLong = table.rowCount > Table.displayedRows
    let shown = isLong ? Array(0..<half) + Array((table.rowCount - half)..<table.rowCount) : Array(0..<table.rowCount)
    var rows = [table.names]
    for (place, row) in shown.enumerated() {
      if isLong, place == half { rows.append(table.names.map { _ in "…" }) }
      rows.append(table.columns.map { Value($0[row]).text(.printed) })
    }
    return rows
  }
}

extension TableObject: TensorConvertible {
  /// The columns side by side: (rows, columns).
  func asTensor() throws -> Tensor {
    let columns = try zip(table.names, table.columns).map { name, column in
      guard case .tensor(let tensor) = try column.asValue() else {
        throw RuntimeError(
          .type, "the column `\(name)` holds texts, and a tensor holds numbers",
          hint: "choose the columns: tensor(t[(\"a\", \"b\")])")
      }
      return tensor
    }
    let dtype: DType = columns.contains { $0.dtype == .float64 } ? .float64 : .float32
    return try Tensor.stack(columns.map { try $0.cast(to: dtype) }, axis: 1)
  }
}
