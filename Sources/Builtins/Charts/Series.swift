import Charts
import Interpreter
import Tables
import Tensors

/// Lines, points, bars.
func registerSeries(_ catalogue: inout Catalogue) {
  catalogue.chart(
    "plot", "data, y = none, x = none, name = \"\"",
    """
    A line chart: `plot(y)`, `plot(x, y)`, `plot(run)`, `plot(table, x: "epoch", y: ("loss", "val_loss"))`.

    Several lines: a list of tensors, a record of them (its names explain the lines), or a matrix, whose columns are lines.
    In a notebook a chart is a picture in the report, at the prompt it is drawn in characters. `a + b` puts charts over
    each other, `grid((a, b))` beside each other, `export(chart, "p.svg")` writes a file.
    """, example: "type(plot([1, 4, 9]))  # chart"
  ) { a, _ in try plot(&a) }

  catalogue.chart(
    "scatter", "x, y = none, classes = none, names = ()",
    "Points: `scatter(x, y)`, or `scatter(points)` of a matrix with two columns; `classes` gives each a colour, `names` the classes' names.",
    example: "type(scatter([1, 2], [3, 4]))  # chart"
  ) { a, _ in
    let classes = a.isNone(2) ? nil : try a.classNumbers(2)
    if a.isNone(1) {
      let (values, rows, columns) = try a.matrix(0)
      guard columns == 2 else {
        throw RuntimeError(.shape, "`scatter` wants points as a matrix with 2 columns, and got \(rows)×\(columns)")
      }
      return .scatter(
        x: stride(from: 0, to: values.count, by: 2).map { values[$0] },
        y: stride(from: 1, to: values.count, by: 2).map { values[$0] },
        classes: classes, classNames: try a.names(3))
    }
    let (x, y) = (try a.plotNumbers(0), try a.plotNumbers(1))
    try requireEqual(x.count, y.count, of: "scatter")
    return .scatter(x: x, y: y, classes: classes, classNames: try a.names(3))
  }

  catalogue.chart(
    "bar", "names, values",
    "Bars: `bar((\"a\", \"b\"), [3, 5])`; a record of values makes a group of bars for each name.",
    example: "type(bar((\"a\", \"b\"), [3, 5]))  # chart"
  ) { a, _ in
    let categories = try a.items(0).map { $0.text(.printed) }
    let series = try lines(of: a[1], name: "", function: "bar")
    for line in series { try requireEqual(categories.count, line.values.count, of: "bar") }
    return .bars(categories: categories, series: series)
  }

  catalogue.chart(
    "hist", "x, bins = none",
    "A histogram of all elements of a tensor; a record of tensors makes one for each. Without `bins` their number follows from the data.",
    example: "type(hist(randn(100)))  # chart"
  ) { a, _ in
    let bins = try a.optionalInteger(1, in: 1...10_000)
    if case .record(let record) = a[0] {
      return .histogram(
        try zip(record.names, record.values).map { (name: $0, values: try tensorFromValue($1, of: "hist").doubles()) },
        bins: bins)
    }
    return .histogram([(name: "", values: try a.numericTensor(0).doubles())], bins: bins)
  }

  catalogue.add(
    "grid", "(charts, columns = 2, title = \"\", size = none)", .charts,
    "Charts beside each other, in rows of `columns`.",
    example: "type(grid((plot([1, 2]), plot([2, 1]))))  # chart"
  ) { a, _ in
    let charts = try a.items(0).map { value -> Chart in
      guard case .object(let object as ChartObject) = value else { throw a.mismatch(0, wanted: "a list of charts") }
      return object.chart
    }
    var chart = Chart.grid(charts, columns: try a.integer(1, in: 1...100), title: try a.string(2))
    if !a.isNone(3) {
      let sizes = try a.sizes(3, count: 2, in: 40...10_000)
      chart.size = Size(width: Double(sizes[0]), height: Double(sizes[1]))
    }
    return .object(ChartObject(chart))
  }
}

/// `plot`.
private func plot(_ a: inout BoundArguments) throws -> Chart {
  if case .object(let object as RunObject) = a[0] { return historyChart(object) }
  if case .object(let object as TableObject) = a[0] { return try tableChart(object.table, a) }
  let name = try a.string(3)
  if a.isNone(1) {
    let x = a.isNone(2) ? nil : try a.plotNumbers(2)
    return .lines(try lines(of: a[0], name: name, function: "plot"), x: x)
  }
  let x = try a.plotNumbers(0)
  let series = try lines(of: a[1], name: name, function: "plot")
  for line in series { try requireEqual(x.count, line.values.count, of: "plot") }
  return .lines(series, x: x)
}

/// The lines of a tensor of rank 1 or 2, a list of tensors, or a record of them.
private func lines(of value: Value, name: String, function: String) throws -> [(name: String, values: [Double])] {
  switch value {
  case .record(let record):
    return try zip(record.names, record.values).map {
      (name: $0, values: try tensorFromValue($1, of: function).flatten().doubles())
    }
  case .list(let list) where list.items.asNumbers == nil:
    return try list.items.map { (name: name, values: try tensorFromValue($0, of: function).flatten().doubles()) }
  default:
    let tensor = try tensorFromValue(value, of: function)
    let values = try tensor.doubles()
    guard tensor.rank == 2, tensor.shape[1] > 1 else {
      guard tensor.rank <= 2 else {
        throw RuntimeError(
          .shape, "`\(function)` draws tensors of rank 1 or 2, and got shape \(tensor.shape.shapeText)")
      }
      return [(name: name, values: values)]
    }
    let columns = tensor.shape[1]
    return (0..<columns).map { column in
      (
        name: "\(name.isEmpty ? "column" : name) \(column)",
        values: stride(from: column, to: values.count, by: columns).map { values[$0] }
      )
    }
  }
}

private func requireEqual(_ x: Int, _ y: Int, of function: String) throws {
  guard x == y else {
    throw RuntimeError(.shape, "`\(function)` wants as many values as places, and got \(y) values for \(x)")
  }
}

/// The curves of a training.
private func historyChart(_ run: RunObject) -> Chart {
  let history = run.run.history
  func curve(_ name: String) -> Chart.Curve {
    Chart.Curve(name: name, values: history.numbers(name), validation: history.numbers("val_" + name))
  }
  let metrics = history.names.filter { !$0.hasPrefix("val_") && !["epoch", "loss", "rate"].contains($0) }
  return .history(epochs: history.numbers("epoch"), loss: curve("loss"), metrics: metrics.map(curve))
}

/// Columns of a table over another one.
private func tableChart(_ table: Table, _ a: BoundArguments) throws -> Chart {
  let xName = try a.optionalString(2)
  let numeric = zip(table.names, table.columns).filter { $0.1.numbers != nil }.map(\.0)
  let wanted = a.isNone(1) ? numeric.filter { $0 != xName } : try a.names(1)
  func numbers(_ name: String) throws -> [Double] {
    let column = try tabular { try table.column(name) }
    guard let numbers = column.numbers else {
      throw RuntimeError(.type, "`plot` draws columns of numbers, and `\(name)` holds \(column.typeName)")
    }
    return numbers
  }
  let series = try wanted.map { (name: $0, values: try numbers($0)) }
  return .lines(
    series, x: try xName.map(numbers), xLabel: xName ?? "", yLabel: wanted.count == 1 ? wanted[0] : "")
}
