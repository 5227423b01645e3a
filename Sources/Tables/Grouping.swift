/// The rows of a table, put together by the values of some columns; made by ``Table/grouped(by:)``.
public struct Grouping: Sendable {
  /// The table whose rows are grouped.
  public let table: Table
  /// The names of the columns that make the groups.
  public let keys: [String]
  /// The rows of each group; groups are in the order of their keys.
  public let groups: [[Int]]

  /// How the values of a group become one. Missing values are left out.
  public enum Reduction: String, CaseIterable, Sendable {
    case mean, sum, min, max, median
    /// The standard deviation, divided by n.
    case std

    /// The one value; not-a-number where there are no values (a sum is 0).
    public func callAsFunction(_ values: [Double]) -> Double {
      let present = values.filter { !$0.isNaN }
      switch self {
      case .sum: return present.reduce(0, +)
      case .mean: return Statistics.mean(present)
      case .min: return present.min() ?? .nan
      case .max: return present.max() ?? .nan
      case .median: return Statistics.quantile(present.sorted(), 0.5)
      case .std: return Statistics.deviation(present)
      }
    }
  }

  /// One row a group: the keys, and every other column of numbers or truth values reduced.
  ///
  /// - Throws: ``TableError/wrongType(column:is:needed:)`` where a column of texts is named in `only`.
  public func reduced(_ reduction: Reduction, only: [String]? = nil) throws(TableError) -> Table {
    var result = try keyTable()
    for name in only ?? table.names where !keys.contains(name) {
      let column = try table.column(name)
      guard let values = column.numbers else {
        guard only == nil else { throw .wrongType(column: name, is: column.typeName, needed: "numbers") }
        continue
      }
      result = try result.with(name, .numbers(groups.map { rows in reduction(rows.map { values[$0] }) }))
    }
    return result
  }

  /// One row a group: the keys and the number of rows, as the column `count`.
  public func counts() throws(TableError) -> Table {
    try keyTable().with("count", .numbers(groups.map { Double($0.count) }))
  }

  /// Each group as a table of its own.
  public func tables() throws(TableError) -> [Table] {
    var tables: [Table] = []
    for rows in groups { tables.append(try table.rows(at: rows)) }
    return tables
  }

  private func keyTable() throws(TableError) -> Table {
    try table.selecting(keys).rows(at: groups.compactMap(\.first))
  }
}

extension Table {
  /// Puts rows with equal values in these columns together; groups are sorted by their keys.
  ///
  /// - Throws: ``TableError/unknownColumn(_:known:)``.
  public func grouped(by keys: [String]) throws(TableError) -> Grouping {
    var keyColumns: [Column] = []
    for key in keys { keyColumns.append(try column(key)) }
    var index: [[Cell]: Int] = [:]
    var groups: [[Int]] = []
    for row in 0..<rowCount {
      let key = keyColumns.map { $0[row] }
      if let group = index[key] {
        groups[group].append(row)
      } else {
        index[key] = groups.count
        groups.append([row])
      }
    }
    let byFirst = Dictionary(uniqueKeysWithValues: groups.map { ($0[0], $0) })
    var firsts = groups.map { $0[0] }
    for column in keyColumns.reversed() { firsts = Table.sorted(firsts, by: column, descending: false) }
    return Grouping(table: self, keys: keys, groups: firsts.compactMap { byFirst[$0] })
  }
}
