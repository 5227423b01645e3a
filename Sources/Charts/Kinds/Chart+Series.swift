extension Chart {
  /// Values over their positions, or over `x`: one line for each series.
  ///
  /// - Parameters:
  ///   - series: names (empty for none) and values.
  ///   - x: the places of the values; nil counts from 0.
  public static func lines(
    _ series: [(name: String, values: [Double])], x: [Double]? = nil, title: String = "", xLabel: String = "",
    yLabel: String = ""
  ) -> Chart {
    let marks = series.map { series in
      Mark.line(LineMark(x: x ?? series.values.indices.map(Double.init), y: series.values, name: series.name))
    }
    return Chart(Panel(marks: marks, title: title, x: Axis(label: xLabel), y: Axis(label: yLabel)))
  }

  /// Points in the plane; with classes, one colour for each.
  ///
  /// - Parameter classes: the class of each point, and nil for points of one kind.
  public static func scatter(
    x: [Double], y: [Double], classes: [Int]? = nil, classNames: [String] = [], title: String = "",
    xLabel: String = "", yLabel: String = ""
  ) -> Chart {
    Chart(
      Panel(
        marks: points(x: x, y: y, classes: classes, names: classNames), title: title, x: Axis(label: xLabel),
        y: Axis(label: yLabel)))
  }

  static func points(x: [Double], y: [Double], classes: [Int]?, names: [String]) -> [Mark] {
    guard let classes else { return [.points(PointMark(x: x, y: y))] }
    let count = min(x.count, y.count, classes.count)
    return Set(classes.prefix(count)).sorted().enumerated().map { position, number in
      let rows = (0..<count).filter { classes[$0] == number }
      let name = names.indices.contains(number) ? names[number] : "\(number)"
      return .points(
        PointMark(x: rows.map { x[$0] }, y: rows.map { y[$0] }, name: name, ink: .series(position)))
    }
  }

  /// One group of bars for each category; in it one bar for each series.
  public static func bars(
    categories: [String], series: [(name: String, values: [Double])], title: String = "", xLabel: String = "",
    yLabel: String = ""
  ) -> Chart {
    let share = 0.72 / Double(max(1, series.count))
    let marks = series.enumerated().map { position, series in
      let starts = series.values.indices.map { Double($0) - 0.36 + Double(position) * share }
      return Mark.bars(
        BarMark(starts: starts, ends: starts.map { $0 + share * 0.96 }, heights: series.values, name: series.name))
    }
    return Chart(
      Panel(marks: marks, title: title, x: Axis(label: xLabel, categories: categories), y: Axis(label: yLabel)))
  }

  /// How many values fall between neighbouring edges.
  ///
  /// - Parameter bins: how many steps of equal width; nil chooses by the number of values and their spread.
  public static func histogram(
    _ series: [(name: String, values: [Double])], bins: Int? = nil, title: String = "", xLabel: String = "",
    yLabel: String = "count"
  ) -> Chart {
    let edges = Histogram.edges(series.flatMap(\.values), bins: bins)
    let marks = series.map { series in
      Mark.bars(
        BarMark(
          starts: edges.dropLast(), ends: Array(edges.dropFirst()),
          heights: Histogram.counts(series.values, edges: edges),
          name: series.name, touches: true))
    }
    return Chart(Panel(marks: marks, title: title, x: Axis(label: xLabel), y: Axis(label: yLabel)))
  }

  /// A histogram whose counts are known already: `edges` has one element more than `counts`.
  public static func histogram(
    counts: [Double], edges: [Double], title: String = "", xLabel: String = "", yLabel: String = "count"
  ) -> Chart {
    Chart(
      Panel(
        marks: [
          .bars(BarMark(starts: edges.dropLast(), ends: Array(edges.dropFirst()), heights: counts, touches: true))
        ], title: title, x: Axis(label: xLabel), y: Axis(label: yLabel)))
  }
}

extension BarMark {
  /// With the starts as a slice, as they come from edges.
  init(
    starts: ArraySlice<Double>, ends: [Double], heights: [Double], name: String = "", ink: Ink = .automatic,
    touches: Bool = false
  ) {
    self.init(starts: Array(starts), ends: ends, heights: heights, name: name, ink: ink, touches: touches)
  }
}

/// Counting values in steps of equal width.
enum Histogram {
  /// The edges of the steps: round numbers whose distance follows from the quartiles and the number of values (Freedman
  /// and Diaconis, 1981), or `bins` equal steps over the values.
  static func edges(_ values: [Double], bins: Int?) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return [0, 1] }
    let (low, high) = Domain.widened(first, last, isLogarithmic: false)
    if let bins {
      let count = min(max(bins, 1), 10_000)
      return (0...count).map { low + (high - low) * Double($0) / Double(count) }
    }
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let width = 2 * spread / Double.cubeRoot(Double(sorted.count))
    let wanted = width > 0 ? (high - low) / width : Double(sorted.count).squareRoot()
    let step = Ticks.step(low, high, count: Int(bounded: min(max(wanted * 1.4, 12), 60)))
    guard step > 0 else { return [low, high] }
    let start = (low / step).rounded(.down)
    let end = max(start + 1, (high / step).rounded(.up))
    guard end - start < 1000 else { return [low, high] }
    var edges = (0...Int(end - start)).map { (start + Double($0)) * step }
    if let top = edges.last, last >= top { edges.append(top + step) }
    return edges
  }

  /// How many values lie between neighbouring edges; the last step holds its upper edge too.
  static func counts(_ values: [Double], edges: [Double]) -> [Double] {
    guard let low = edges.first, let high = edges.last, edges.count > 1 else { return [] }
    var counts = [Double](repeating: 0, count: edges.count - 1)
    let step = (high - low) / Double(counts.count)
    for value in values where value >= low && value <= high && value.isFinite {
      var bin = min(counts.count - 1, max(0, Int(bounded: ((value - low) / step).rounded(.down))))
      // Division rounds: the edges themselves decide.
      if value < edges[bin], bin > 0 { bin -= 1 }
      if bin + 1 < counts.count, value >= edges[bin + 1] { bin += 1 }
      counts[bin] += 1
    }
    return counts
  }
}

extension Double {
  fileprivate static func cubeRoot(_ value: Double) -> Double { Domain.power(value, 1.0 / 3) }
}
