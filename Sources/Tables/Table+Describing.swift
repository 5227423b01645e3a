extension Table {
  /// One row a column: how many values it has and lacks, and, for numbers, their mean, standard deviation (divided by
  /// n), smallest, quartiles and largest. Missing values are left out.
  public func described() -> Table {
    var rows: [[Double]] = []
    for column in columns {
      let missing = (0..<rowCount).count { column.isMissing($0) }
      var row = [Double(rowCount - missing), Double(missing)]
      if let values = column.numbers {
        let present = values.filter { !$0.isNaN }.sorted()
        row += [Statistics.mean(present), Statistics.deviation(present)]
        row += [0, 0.25, 0.5, 0.75, 1].map { Statistics.quantile(present, $0) }
      } else {
        row += [Double](repeating: .nan, count: 7)
      }
      rows.append(row)
    }
    let titles = ["count", "missing", "mean", "std", "min", "q25", "median", "q75", "max"]
    return Table(
      names: ["column", "type"] + titles,
      columns: [.texts(names), .texts(columns.map { String($0.typeName.dropLast()) })]
        + titles.indices.map { index in .numbers(rows.map { $0[index] }) })
  }
}
