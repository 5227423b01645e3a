import FileFormats

extension Chart {
  /// The chart as an SVG file: deterministic, with its colours for light and dark backgrounds inside.
  public func svg() -> String {
    let total = resolvedSize
    var canvas = SVGCanvas()
    let margin = 12.0
    let frame = Rectangle(x: margin, y: margin, width: total.width - 2 * margin, height: total.height - 2 * margin)
    SVGRenderer.draw(self, in: frame, on: &canvas)
    let width = SVGCanvas.number(total.width)
    let height = SVGCanvas.number(total.height)
    let label = SVGCanvas.escaped(describedTitle)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="glia" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(label)">
      \(SVGStyle.sheet(usedSeries: canvas.usedSeries))
      <rect class="p" width="100%" height="100%" rx="6"/>
      \(canvas.body)</svg>

      """
  }

  /// The size in pixels, given or fitted to the content.
  public var resolvedSize: Size {
    if let size { return size }
    switch content {
    case .panel(let panel): return SVGRenderer.size(of: panel)
    case .grid(let charts, let columns):
      let rows = SVGRenderer.rows(charts, columns: columns)
      let width = columns == 1 ? 640.0 : min(1080, 360 * Double(min(columns, max(1, charts.count))))
      let heights = rows.map { SVGRenderer.rowHeight($0, columns: columns, width: width) }
      return Size(width: width, height: heights.reduce(24 + (title.isEmpty ? 0 : 28), +))
    }
  }

  /// What the picture is called, for those who cannot see it.
  private var describedTitle: String {
    switch content {
    case .panel(let panel):
      if !panel.title.isEmpty { return panel.title }
      let axes = [panel.y.label, panel.x.label].filter { !$0.isEmpty }
      return axes.isEmpty ? "chart" : axes.joined(separator: " by ")
    case .grid(let charts, _):
      return title.isEmpty ? charts.map(\.describedTitle).joined(separator: "; ") : title
    }
  }
}

/// Draws charts as SVG elements.
enum SVGRenderer {
  /// The size of a panel by what it shows.
  static func size(of panel: Panel) -> Size {
    var panel = panel
    panel.x.label = ""
    for mark in panel.marks {
      switch mark {
      case .gallery(let gallery): return gallery.size(titled: !panel.title.isEmpty)
      case .graph(let graph): return GraphLayout(graph).size(titled: !panel.title.isEmpty)
      case .neurons: return Size(width: 640, height: 400)
      case .surface: return Size(width: 560, height: 440)
      case .cells(let cells) where !cells.labels.isEmpty:
        let side = Double(max(cells.rows, cells.columns))
        return Size(width: min(900, max(380, 170 + side * 46)), height: min(860, max(340, 120 + side * 42)))
      default: break
      }
    }
    if panel.hasEqualSteps {
      let resolved = ResolvedPanel(panel)
      let ratio = (resolved.y.high - resolved.y.low) / (resolved.x.high - resolved.x.low)
      if ratio.isFinite { return Size(width: 480, height: 430 * min(max(ratio, 0.3), 1.6) + 50) }
    }
    return Size(width: 640, height: 384)
  }

  static func rows(_ charts: [Chart], columns: Int) -> [[Chart]] {
    stride(from: 0, to: charts.count, by: columns).map { Array(charts[$0..<min($0 + columns, charts.count)]) }
  }

  private static let gap = 16.0

  static func rowHeight(_ row: [Chart], columns: Int, width: Double) -> Double {
    if columns == 1, row.count == 1, case .panel(let panel) = row[0].content, row[0].size == nil,
      panel.showsAxes, !panel.hasEqualSteps
    {
      return 236
    }
    let cell = (width - 24 - gap * Double(columns - 1)) / Double(columns)
    let heights = row.map { chart -> Double in
      let size = chart.resolvedSize
      // Small panels with axes need some more height for their labels.
      if chart.size == nil, size == Size(width: 640, height: 384) { return cell * 0.74 }
      return size.height * cell / size.width
    }
    return max(120, heights.max() ?? 0) + gap
  }

  static func draw(_ chart: Chart, in frame: Rectangle, on canvas: inout SVGCanvas) {
    switch chart.content {
    case .panel(let panel): draw(PanelLayout(panel, in: frame), on: &canvas)
    case .grid(let charts, let columns): draw(charts, columns: columns, title: chart.title, in: frame, on: &canvas)
    }
  }

  private static func draw(
    _ charts: [Chart], columns: Int, title: String, in frame: Rectangle, on canvas: inout SVGCanvas
  ) {
    let titleHeight = title.isEmpty ? 0.0 : 28
    canvas.text(title, frame.x, frame.y + 14, "h")
    let rows = rows(charts, columns: columns)
    let wanted = rows.map { rowHeight($0, columns: columns, width: frame.width + 24) }
    let stretch = (frame.height - titleHeight) / max(1, wanted.reduce(0, +))
    let cellWidth = (frame.width - gap * Double(columns - 1)) / Double(columns)
    var frames: [[Rectangle]] = []
    var y = frame.y + titleHeight
    for (row, height) in zip(rows, wanted) {
      let isLast = frames.count == rows.count - 1
      frames.append(
        row.indices.map { column in
          Rectangle(
            x: frame.x + Double(column) * (cellWidth + gap), y: y, width: cellWidth,
            height: height * stretch - (isLast ? 0 : gap))
        })
      y += height * stretch
    }
    // Panels above each other have their axes in line.
    var shared = [Margins](repeating: Margins(), count: columns)
    for (row, places) in zip(rows, frames) {
      for (column, chart) in row.enumerated() {
        guard case .panel(let panel) = chart.content, panel.showsAxes, !panel.hasEqualSteps else { continue }
        let margins = PanelLayout(panel, in: places[column]).margins
        shared[column].left = max(shared[column].left, margins.left)
        shared[column].right = max(shared[column].right, margins.right)
      }
    }
    for (row, places) in zip(rows, frames) {
      for (column, chart) in row.enumerated() {
        if case .panel(let panel) = chart.content, !panel.hasEqualSteps {
          draw(PanelLayout(panel, in: places[column], sharing: shared[column]), on: &canvas)
        } else {
          draw(chart, in: places[column], on: &canvas)
        }
      }
    }
  }

  // MARK: - One panel

  static func draw(_ layout: PanelLayout, on canvas: inout SVGCanvas) {
    let panel = layout.resolved.panel
    let left = panel.showsAxes && layout.plot.x - layout.frame.x < 90 ? layout.plot.x : layout.frame.x
    let titleWidth = layout.frame.right - left
    canvas.text(TextMetrics.fitted(panel.title, size: 16.5, width: titleWidth), left, layout.frame.y + 13, "h")
    drawLegend(layout, left: left, on: &canvas)
    if panel.showsAxes { drawGrid(layout, on: &canvas) }
    if layout.resolved.isEmpty && panel.showsAxes {
      canvas.text("no finite values", layout.plot.middleX, layout.plot.middleY, anchor: .middle)
    }
    drawMarks(layout, on: &canvas)
    if panel.showsAxes { drawLabels(layout, on: &canvas) }
  }

  /// Draws the marks in their order, those that could leave the plot within its edges.
  private static func drawMarks(_ layout: PanelLayout, on canvas: inout SVGCanvas) {
    let renderer = MarkRenderer(layout: layout)
    let plot = layout.plot
    var rest = layout.resolved.marks[...]
    while let first = rest.first {
      let run = rest.prefix { $0.isClipped == first.isClipped }
      rest = rest.dropFirst(run.count)
      guard first.isClipped else {
        for mark in run { renderer.draw(mark, on: &canvas) }
        continue
      }
      canvas.clipped(plot.x - 1, plot.y - 1, plot.width + 2, plot.height + 2) { canvas in
        for mark in run { renderer.draw(mark, on: &canvas) }
      }
    }
    if let cells = layout.resolved.marks.compactMap(\.scaledCells).first {
      CellRenderer(layout: layout, mark: cells).drawScale(on: &canvas)
    }
  }

  private static func drawLegend(_ layout: PanelLayout, left: Double, on canvas: inout SVGCanvas) {
    // Beside a narrow plot the legend begins at the frame, where it was measured.
    let widest =
      layout.legendRows.compactMap(\.last).map {
        $0.x + $0.entry.sign.width + TextMetrics.width($0.entry.name, size: PanelLayout.labelSize)
      }.max() ?? 0
    let start = left + widest <= layout.frame.right ? left : layout.frame.x
    for (row, entries) in layout.legendRows.enumerated() {
      let y = layout.frame.y + layout.titleHeight + Double(row) * PanelLayout.rowHeight + 9
      for (entry, offset) in entries {
        let x = start + offset
        switch entry.sign {
        case .line(let dash):
          let paint = canvas.paint(entry.ink, .stroke)
          canvas.line(x, y, x + 20, y, "\(paint) stroke-width=\"2.5\"\(dash.attribute)")
        case .point:
          let paint = canvas.paint(entry.ink, .fill)
          canvas.circle(x + 5, y, 4.5, paint)
        case .area:
          let paint = canvas.paint(entry.ink, .fill)
          canvas.rectangle(x, y - 5.5, 11, 11, paint, rounding: 2)
        }
        canvas.text(entry.name, x + entry.sign.width, y + 4, "l")
      }
    }
  }

  private static func drawGrid(_ layout: PanelLayout, on canvas: inout SVGCanvas) {
    let plot = layout.plot
    let covered = layout.resolved.marks.contains(where: \.coversGrid)
    guard !covered else { return }
    var lines = ""
    var faint = ""
    for value in layout.yTicks.values {
      guard let y = layout.y(value) else { continue }
      lines += "M\(SVGCanvas.number(plot.x)) \(SVGCanvas.number(y))H\(SVGCanvas.number(plot.right))"
    }
    let hasBars = layout.resolved.marks.contains { if case .bars = $0 { true } else { false } }
    if !hasBars && layout.resolved.panel.x.categories.isEmpty {
      for value in layout.xTicks.values {
        guard let x = layout.x(value) else { continue }
        lines += "M\(SVGCanvas.number(x)) \(SVGCanvas.number(plot.y))V\(SVGCanvas.number(plot.bottom))"
      }
      for value in layout.xTicks.minor {
        guard let x = layout.x(value) else { continue }
        faint += "M\(SVGCanvas.number(x)) \(SVGCanvas.number(plot.y))V\(SVGCanvas.number(plot.bottom))"
      }
    }
    for value in layout.yTicks.minor {
      guard let y = layout.y(value) else { continue }
      faint += "M\(SVGCanvas.number(plot.x)) \(SVGCanvas.number(y))H\(SVGCanvas.number(plot.right))"
    }
    canvas.path(faint, "class=\"g\" stroke-opacity=\".55\"")
    canvas.path(lines, "class=\"g\"")
    // Zero stands out where values lie on both sides of it.
    let hasPoints = layout.resolved.marks.contains { if case .points = $0 { true } else { false } }
    if !hasPoints, !layout.resolved.y.isLogarithmic, layout.resolved.y.low < 0, layout.resolved.y.high > 0,
      let y = layout.y(0)
    {
      canvas.line(plot.x, y, plot.right, y, "class=\"a\"")
    }
  }

  private static func drawLabels(_ layout: PanelLayout, on canvas: inout SVGCanvas) {
    let panel = layout.resolved.panel
    let plot = layout.plot
    if !layout.resolved.marks.contains(where: \.coversGrid) {
      canvas.line(plot.x, plot.bottom, plot.right, plot.bottom, "class=\"a\"")
    }
    for (value, label) in zip(layout.yTicks.values, layout.yTicks.labels) {
      guard let y = layout.y(value), y >= plot.y - 1, y <= plot.bottom + 1 else { continue }
      let fitted = TextMetrics.fitted(label, size: PanelLayout.labelSize, width: layout.frame.width * 0.35)
      canvas.text(fitted, plot.x - 8, y + 4, anchor: .end)
    }
    for (value, label) in zip(layout.xTicks.values, layout.xTicks.labels) {
      guard let x = layout.x(value), x >= plot.x - 1, x <= plot.right + 1 else { continue }
      if layout.turnsLabels {
        let fitted = TextMetrics.fitted(label, size: PanelLayout.labelSize, width: layout.frame.height * 0.6)
        canvas.text(fitted, x + 4, plot.bottom + 16, anchor: .end, turn: -40)
      } else {
        canvas.text(label, x, plot.bottom + 18, anchor: .middle)
      }
    }
    if !panel.x.label.isEmpty {
      let y = panel.hasEqualSteps ? plot.bottom + (layout.turnsLabels ? 40 : 38) : layout.frame.bottom - 3
      let label = TextMetrics.fitted(panel.x.label, size: PanelLayout.labelSize, width: layout.frame.width)
      canvas.text(label, plot.middleX, max(y, plot.bottom + 34), "l", anchor: .middle)
    }
    if !panel.y.label.isEmpty {
      let widest = layout.yTicks.labels.map { TextMetrics.width($0, size: PanelLayout.labelSize) }.max() ?? 0
      let x = panel.hasEqualSteps ? plot.x - min(widest, layout.frame.width * 0.35) - 18 : layout.frame.x + 11
      let label = TextMetrics.fitted(panel.y.label, size: PanelLayout.labelSize, width: layout.frame.height)
      canvas.text(label, x, plot.middleY, "l", anchor: .middle, turn: -90)
    }
  }
}

extension Dash {
  var attribute: String {
    switch self {
    case .solid: ""
    case .dashed: " stroke-dasharray=\"6 4\""
    case .dotted: " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\""
    }
  }
}

extension Mark {
  /// Whether the mark hides a grid below it.
  var coversGrid: Bool {
    switch self {
    case .cells, .raster: true
    default: false
    }
  }

  /// Whether what lies outside the axes is cut.
  var isClipped: Bool {
    switch self {
    case .line, .bars, .contour, .rule, .cells, .raster: true
    case .points, .text, .gallery, .graph, .neurons, .surface: false
    }
  }
}
