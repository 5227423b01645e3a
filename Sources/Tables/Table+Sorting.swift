extension Table {
  /// The rows in the order of one or more columns: of two rows that agree in the first, the second decides, and so on.
  /// The order of equal rows stays; missing values come last either way; texts are ordered by code point, false comes
  /// before true.
  ///
  /// - Throws: ``TableError/unknownColumn(_:known:)``.
  public func sorted(by keys: [String], descending: Bool = false) throws(TableError) -> Table {
    var order = Array(0..<rowCount)
    // Stable sorts, the least important key first, give the order by all keys.
    for key in keys.reversed() { order = Table.sorted(order, by: try column(key), descending: descending) }
    return Table(names: names, columns: columns.map { $0.taking(order) })
  }

  /// Positions in the stable order of a column's values.
  static func sorted(_ positions: [Int], by column: Column, descending: Bool) -> [Int] {
    var present = positions.filter { !column.isMissing($0) }
    let missing = positions.filter { column.isMissing($0) }
    switch column {
    case .numbers(let values):
      present.sort { descending ? values[$0] > values[$1] : values[$0] < values[$1] }
    case .texts(let values):
      present.sort { left, right in
        let (first, second) = descending ? (values[right], values[left]) : (values[left], values[right])
        return (first ?? "").utf8.lexicographicallyPrecedes((second ?? "").utf8)
      }
    case .bools(let values):
      present.sort { descending ? values[$0] && !values[$1] : !values[$0] && values[$1] }
    }
    return present + missing
  }
}
