/// Named columns of equal length, in order. A table is a value: every operation gives a new one, and shares the columns
/// that stay the same.
public struct Table: Equatable, Sendable {
  /// The columns' names, in order.
  public private(set) var names: [String]
  /// The columns, in the order of their names.
  public private(set) var columns: [Column]
  /// The number of rows; 0 without columns.
  public var rowCount: Int { columns.first?.count ?? 0 }

  /// A table without columns.
  public init() {
    names = []
    columns = []
  }

  /// - Throws: ``TableError`` where a name is given twice or a column has another length than the first.
  public init(_ columns: [(name: String, values: Column)]) throws(TableError) {
    self.init()
    for (name, values) in columns {
      guard !names.contains(name) else { throw .doubledColumn(name) }
      if let first = self.columns.first, first.count != values.count {
        throw .unequalLength(column: name, count: values.count, expected: first.count)
      }
      names.append(name)
      self.columns.append(values)
    }
  }

  /// For columns whose names differ and whose lengths agree by construction.
  init(names: [String], columns: [Column]) {
    self.names = names
    self.columns = columns
  }

  /// The column of this name, or nil.
  public subscript(name: String) -> Column? { names.firstIndex(of: name).map { columns[$0] } }

  /// The column of this name.
  ///
  /// - Throws: ``TableError/unknownColumn(_:known:)``.
  public func column(_ name: String) throws(TableError) -> Column {
    guard let column = self[name] else { throw .unknownColumn(name, known: names) }
    return column
  }

  /// The values of one row, in the order of the columns.
  ///
  /// - Throws: ``TableError/rowOutside(_:count:)``.
  public func row(_ index: Int) throws(TableError) -> [Cell] {
    guard index >= 0, index < rowCount else { throw .rowOutside(index, count: rowCount) }
    return columns.map { $0[index] }
  }
}

// MARK: - Columns

extension Table {
  /// The table with a column added at the end, or replaced where the name exists.
  public func with(_ name: String, _ values: Column) throws(TableError) -> Table {
    let others = names.count - (names.contains(name) ? 1 : 0)
    if others > 0, values.count != rowCount {
      throw .unequalLength(column: name, count: values.count, expected: rowCount)
    }
    var table = self
    if let index = names.firstIndex(of: name) {
      table.columns[index] = values
    } else {
      table.names.append(name)
      table.columns.append(values)
    }
    return table
  }

  /// The columns of these names, in this order.
  public func selecting(_ wanted: [String]) throws(TableError) -> Table {
    var chosen: [(name: String, values: Column)] = []
    for name in wanted { chosen.append((name, try column(name))) }
    return try Table(chosen)
  }

  /// The table without these columns.
  public func without(_ unwanted: [String]) throws(TableError) -> Table {
    for name in unwanted { _ = try column(name) }
    let kept = names.indices.filter { !unwanted.contains(names[$0]) }
    return Table(names: kept.map { names[$0] }, columns: kept.map { columns[$0] })
  }

  /// The table with a column under another name.
  public func renaming(_ name: String, to new: String) throws(TableError) -> Table {
    _ = try column(name)
    guard name == new || !names.contains(new) else { throw .doubledColumn(new) }
    return Table(names: names.map { $0 == name ? new : $0 }, columns: columns)
  }
}

// MARK: - Rows

extension Table {
  /// The rows of a range; what lies outside the table is left out.
  public func rows(_ range: Range<Int>) -> Table {
    let clipped = range.clamped(to: 0..<rowCount)
    return Table(names: names, columns: columns.map { $0.taking(clipped) })
  }

  /// The rows at these positions, in this order, as often as they are named.
  public func rows(at positions: [Int]) throws(TableError) -> Table {
    let count = rowCount
    for position in positions where position < 0 || position >= count { throw .rowOutside(position, count: count) }
    return Table(names: names, columns: columns.map { $0.taking(positions) })
  }

  /// The rows whose element of the mask is true.
  public func rows(where mask: [Bool]) throws(TableError) -> Table {
    guard mask.count == rowCount else { throw .maskLength(count: mask.count, expected: rowCount) }
    let kept = mask.indices.filter { mask[$0] }
    return Table(names: names, columns: columns.map { $0.taking(kept) })
  }

  /// The rows of this table, then those of another with the same columns.
  public func appending(_ other: Table) throws(TableError) -> Table {
    if names.isEmpty { return other }
    guard names == other.names else { throw .differentColumns(names, other.names) }
    var joined: [Column] = []
    for (index, pair) in zip(columns, other.columns).enumerated() {
      switch pair {
      case (.numbers(let first), .numbers(let second)): joined.append(.numbers(first + second))
      case (.texts(let first), .texts(let second)): joined.append(.texts(first + second))
      case (.bools(let first), .bools(let second)): joined.append(.bools(first + second))
      default: throw .wrongType(column: names[index], is: pair.1.typeName, needed: pair.0.typeName)
      }
    }
    return Table(names: names, columns: joined)
  }
}
