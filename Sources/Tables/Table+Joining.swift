extension Table {
  /// Which rows a join keeps.
  public enum JoinKind: String, CaseIterable, Sendable {
    /// Rows whose keys are in both tables.
    case inner
    /// All rows of the first table.
    case left
    /// All rows of both tables.
    case outer
  }

  /// Rows of two tables side by side where the values of the key columns agree.
  ///
  /// Rows come in the order of the first table, the matches of each in the order of the second; columns of the second
  /// that the first has too get the ending `_right`. What has no partner is missing: `nan` or `none`.
  ///
  /// - Throws: ``TableError`` where a key is no column of both, or its types differ.
  public func joined(with other: Table, on keys: [String], kind: JoinKind = .inner) throws(TableError) -> Table {
    var leftKeys: [Column] = []
    var rightKeys: [Column] = []
    for key in keys {
      let (left, right) = (try column(key), try other.column(key))
      guard left.typeName == right.typeName else {
        throw .wrongType(column: key, is: right.typeName, needed: left.typeName)
      }
      leftKeys.append(left)
      rightKeys.append(right)
    }
    var matches: [[Cell]: [Int]] = [:]
    for row in 0..<other.rowCount { matches[rightKeys.map { $0[row] }, default: []].append(row) }

    var leftRows: [Int?] = []
    var rightRows: [Int?] = []
    var used = [Bool](repeating: false, count: other.rowCount)
    for row in 0..<rowCount {
      if let partners = matches[leftKeys.map { $0[row] }] {
        for partner in partners {
          leftRows.append(row)
          rightRows.append(partner)
          used[partner] = true
        }
      } else if kind != .inner {
        leftRows.append(row)
        rightRows.append(nil)
      }
    }
    let matched = leftRows.count
    if kind == .outer {
      for row in used.indices where !used[row] {
        leftRows.append(nil)
        rightRows.append(row)
      }
    }

    var result: [(name: String, values: Column)] = []
    for (name, column) in zip(names, columns) {
      if keys.contains(name), let partner = other[name], leftRows.count > matched {
        // The keys of rows that only the second table has come from there.
        let own = column.taking(leftRows.prefix(matched).compactMap { $0 })
        let rest = partner.taking(rightRows.dropFirst(matched).compactMap { $0 })
        let whole = try Table([(name, own)]).appending(Table([(name, rest)]))
        result.append((name, whole.columns[0]))
      } else {
        result.append((name, column.taking(leftRows)))
      }
    }
    for (name, column) in zip(other.names, other.columns) where !keys.contains(name) {
      var free = name
      while result.contains(where: { $0.name == free }) { free += "_right" }
      result.append((free, column.taking(rightRows)))
    }
    return try Table(result)
  }
}
