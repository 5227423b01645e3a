import Charts
import Interpreter
import Tensors

/// What every chart takes: `title: x_label: y_label: legend: log: size:`.
enum ChartOptions {
  /// The parameters as they follow others in a signature.
  static let signature = "title = \"\", x_label = \"\", y_label = \"\", legend = true, log = false, size = none)"
  static let note =
    "Common settings: `title x_label y_label legend` (false hides it), `log` (true or \"y\", \"x\", \"both\"), `size` (width, height) in pixels."

  /// The chart with the settings of a call; they are the last six parameters.
  static func apply(_ a: BoundArguments, to chart: Chart) throws -> Value {
    let first = a.count - 6
    let (title, xLabel, yLabel) = (try a.string(first), try a.string(first + 1), try a.string(first + 2))
    let showsLegend = try a.boolean(first + 3)
    let logarithmic = try scales(a, first + 4)
    var chart = chart.changing { panel in
      if !title.isEmpty { panel.title = title }
      if !xLabel.isEmpty { panel.x.label = xLabel }
      if !yLabel.isEmpty { panel.y.label = yLabel }
      if !showsLegend { panel.showsLegend = false }
      if logarithmic.x { panel.x.scale = .log }
      if logarithmic.y { panel.y.scale = .log }
    }
    if case .grid = chart.content, !title.isEmpty { chart.title = title }
    if !a.isNone(first + 5) {
      let sizes = try a.sizes(first + 5, count: 2, in: 40...10_000)
      chart.size = Size(width: Double(sizes[0]), height: Double(sizes[1]))
    }
    return .object(ChartObject(chart))
  }

  private static func scales(_ a: BoundArguments, _ position: Int) throws -> (x: Bool, y: Bool) {
    if case .bool(let isLog) = a[position] { return (false, isLog) }
    let word = try a.choice(position, ["x", "y", "both"])
    return (word != "y", word != "x")
  }
}

extension Catalogue {
  /// A chart: `parameters` come before the common settings.
  mutating func chart(
    _ name: String, _ parameters: String, _ documentation: String, example: String,
    _ body: @escaping (inout BoundArguments, CallContext) throws -> Chart
  ) {
    add(
      name, "(\(parameters), \(ChartOptions.signature)", .charts, "\(documentation)\n\n\(ChartOptions.note)",
      example: example
    ) { a, c in
      let chart = try body(&a, c)
      return try ChartOptions.apply(a, to: chart)
    }
  }
}

extension BoundArguments {
  /// The numbers of a tensor of rank 1, a list or a range.
  func plotNumbers(_ position: Int) throws -> [Double] {
    let tensor = try numericTensor(position)
    guard tensor.rank <= 1 || tensor.rank == 2 && tensor.shape[1] == 1 else {
      throw RuntimeError(
        .shape, "`\(function)` wants numbers in a row for `\(name(position))`, and got shape \(tensor.shape.shapeText)")
    }
    return try tensor.doubles()
  }

  /// A matrix's rows as numbers, with its sizes.
  func matrix(_ position: Int) throws -> (values: [Double], rows: Int, columns: Int) {
    let tensor = try tensor(position)
    guard tensor.rank == 2, tensor.count > 0 else {
      throw RuntimeError(
        .shape, "`\(function)` wants a matrix for `\(name(position))`, and got shape \(tensor.shape.shapeText)")
    }
    return (try tensor.doubles(), tensor.shape[0], tensor.shape[1])
  }

  /// Whole class numbers.
  func classNumbers(_ position: Int) throws -> [Int] { try positions(position).flatten().int32s().map(Int.init) }

  /// A pair of numbers as a range.
  func range(_ position: Int) throws -> ClosedRange<Double> {
    let ends = try numericTensor(position).doubles()
    guard ends.count == 2, ends[0] < ends[1], ends.allSatisfy(\.isFinite) else {
      throw mismatch(position, wanted: "a pair of numbers, the smaller one first")
    }
    return ends[0]...ends[1]
  }
}
