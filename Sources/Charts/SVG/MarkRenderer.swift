import FileFormats

/// Draws the marks that stand between axes.
struct MarkRenderer {
  let layout: PanelLayout

  func draw(_ mark: Mark, on canvas: inout SVGCanvas) {
    switch mark {
    case .line(let mark): draw(mark, on: &canvas)
    case .points(let mark): draw(mark, on: &canvas)
    case .bars(let mark): draw(mark, on: &canvas)
    case .cells(let mark): CellRenderer(layout: layout, mark: mark).draw(on: &canvas)
    case .raster(let mark): draw(mark, on: &canvas)
    case .contour(let mark): draw(mark, on: &canvas)
    case .rule(let mark): draw(mark, on: &canvas)
    case .text(let mark):
      guard let x = layout.x(mark.x), let y = layout.y(mark.y) else { return }
      canvas.text(mark.text, x, y + 4, mark.ink == .muted ? "t" : "l", anchor: .middle)
    case .gallery(let mark): mark.draw(in: layout.plot, on: &canvas)
    case .graph(let mark): GraphLayout(mark).draw(in: layout.plot, on: &canvas)
    case .neurons(let mark): mark.draw(in: layout.plot, on: &canvas)
    case .surface(let mark):
      SurfaceRenderer(mark: mark, panel: layout.resolved.panel).draw(in: layout.plot, on: &canvas)
    }
  }

  private func n(_ value: Double) -> String { SVGCanvas.number(value) }

  // MARK: - Lines

  private func draw(_ line: LineMark, on canvas: inout SVGCanvas) {
    let runs = Polyline.runs(line, x: layout.x, y: layout.y, width: layout.plot.width)
    var data = ""
    var area = ""
    let base = layout.y(0).map { min(max($0, layout.plot.y), layout.plot.bottom) } ?? layout.plot.bottom
    for run in runs {
      let text = run.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L")
      data += "M" + text + (run.count == 1 ? "h0" : "")
      if line.fillsToZero, let first = run.first, let last = run.last {
        area += "M\(n(first.x)) \(n(base))L\(text)L\(n(last.x)) \(n(base))Z"
      }
    }
    if line.fillsToZero {
      let fill = canvas.paint(line.ink, .fill)
      canvas.path(area, "\(fill) fill-opacity=\".18\"")
    }
    let paint = canvas.paint(line.ink, .stroke)
    let cap = line.dash == .dotted ? "" : " stroke-linecap=\"round\""
    canvas.path(
      data, "\(paint) stroke-width=\"\(n(line.width))\" stroke-linejoin=\"round\"\(cap)\(line.dash.attribute)")
  }

  // MARK: - Points

  private func draw(_ points: PointMark, on canvas: inout SVGCanvas) {
    let plot = layout.plot
    var places: [(x: Double, y: Double)] = []
    for (x, y) in zip(points.x, points.y) where x.isFinite && y.isFinite {
      guard let x = layout.x(x), let y = layout.y(y), x >= plot.x - 2, x <= plot.right + 2, y >= plot.y - 2,
        y <= plot.bottom + 2
      else { continue }
      places.append((x, y))
    }
    // Many points are drawn smaller, and as one path: a stroke of no length with round ends is a dot.
    let radius = places.count <= 500 ? points.radius : max(1, points.radius * (500 / Double(places.count)).squareRoot())
    if places.count <= 500 {
      let paint = canvas.paint(points.ink, .fill)
      guard !places.isEmpty else { return }
      canvas.raw("<g \(paint)>")
      for place in places { canvas.circle(place.x, place.y, radius, "class=\"o\" stroke-width=\".8\"") }
      canvas.raw("</g>")
    } else {
      let paint = canvas.paint(points.ink, .stroke)
      let data = places.map { "M\(n($0.x)) \(n($0.y))h0" }.joined()
      canvas.path(data, "\(paint) stroke-width=\"\(n(2 * radius))\" stroke-linecap=\"round\" stroke-opacity=\".75\"")
    }
  }

  // MARK: - Bars

  private func draw(_ bars: BarMark, on canvas: inout SVGCanvas) {
    var data = ""
    let floor = layout.resolved.y.isLogarithmic ? layout.plot.bottom : layout.y(0) ?? layout.plot.bottom
    for index in bars.heights.indices where bars.heights[index].isFinite && bars.heights[index] != 0 {
      guard let left = layout.x(bars.starts[index]), let right = layout.x(bars.ends[index]),
        let top = layout.y(bars.heights[index])
      else { continue }
      // A hair's breadth between touching bars.
      let inset = bars.touches && abs(right - left) > 3 ? 0.5 : 0
      data += "M\(n(min(left, right) + inset)) \(n(floor))V\(n(top))H\(n(max(left, right) - inset))V\(n(floor))Z"
    }
    let paint = canvas.paint(bars.ink, .fill)
    canvas.path(data, bars.touches ? "\(paint) fill-opacity=\".72\"" : paint)
  }

  // MARK: - Pictures, contours, rules

  private func draw(_ raster: RasterMark, on canvas: inout SVGCanvas) {
    guard let x0 = layout.x(raster.x.lowerBound), let x1 = layout.x(raster.x.upperBound),
      let y0 = layout.y(raster.y.lowerBound), let y1 = layout.y(raster.y.upperBound)
    else { return }
    canvas.image(raster.image, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0), isSmooth: raster.isSmooth)
  }

  private func draw(_ contour: ContourMark, on canvas: inout SVGCanvas) {
    var data = ""
    for line in contour.lines() {
      let places = line.points.compactMap { point -> String? in
        guard let x = layout.x(point.x), let y = layout.y(point.y) else { return nil }
        return "\(n(x)) \(n(y))"
      }
      guard places.count > 1 else { continue }
      data += "M" + places.joined(separator: "L") + (line.isClosed ? "Z" : "")
    }
    let paint = canvas.paint(contour.ink, .stroke)
    let faint = contour.ink == .muted ? " stroke-opacity=\".6\"" : ""
    canvas.path(data, "\(paint) stroke-width=\"\(n(contour.width))\" stroke-linejoin=\"round\"\(faint)")
  }

  private func draw(_ rule: RuleMark, on canvas: inout SVGCanvas) {
    let plot = layout.plot
    let paint = canvas.paint(rule.ink, .stroke)
    let attributes = "\(paint) stroke-width=\"1.5\"\(rule.dash.attribute)"
    switch rule.place {
    case .horizontal(let value):
      if let y = layout.y(value) { canvas.line(plot.x, y, plot.right, y, attributes) }
    case .vertical(let value):
      if let x = layout.x(value) { canvas.line(x, plot.y, x, plot.bottom, attributes) }
    case .diagonal: canvas.line(plot.x, plot.bottom, plot.right, plot.y, attributes)
    }
  }
}

/// Lines as runs of pixels.
enum Polyline {
  /// The runs of a line between its gaps. Of more points than pixels, each pixel column keeps its first, lowest, highest
  /// and last: the picture stays the same.
  static func runs(
    _ line: LineMark, x: (Double) -> Double?, y: (Double) -> Double?, width: Double
  ) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = []
    var run: [(x: Double, y: Double)] = []
    for index in line.x.indices {
      if let px = x(line.x[index]), let py = y(line.y[index]) {
        run.append((min(max(px, -1e5), 1e5), min(max(py, -1e5), 1e5)))
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs.map { thinned($0, width: width) }
  }

  private static func thinned(_ run: [(x: Double, y: Double)], width: Double) -> [(x: Double, y: Double)] {
    guard Double(run.count) > width * 2, zip(run, run.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return run }
    var result: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      var end = start + 1
      while end < run.count, run[end].x.rounded(.down) == run[start].x.rounded(.down) { end += 1 }
      let group = run[start..<end]
      var kept: [Int] = [start, end - 1]
      if let low = group.indices.min(by: { run[$0].y < run[$1].y }) { kept.append(low) }
      if let high = group.indices.max(by: { run[$0].y < run[$1].y }) { kept.append(high) }
      for index in Set(kept).sorted() { result.append(run[index]) }
      start = end
    }
    return result
  }
}
