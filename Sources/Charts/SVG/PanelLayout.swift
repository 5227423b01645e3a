/// A rectangle in pixels, y downwards.
struct Rectangle: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middleX: Double { x + width / 2 }
  var middleY: Double { y + height / 2 }
}

/// The room around the part of a panel where marks are drawn.
struct Margins: Equatable {
  var left = 0.0
  var right = 0.0
  var top = 0.0
  var bottom = 0.0
}

/// Where the parts of a panel stand: margins follow from the labels, so that nothing overlaps.
struct PanelLayout {
  let resolved: ResolvedPanel
  let frame: Rectangle
  /// Where marks are drawn.
  private(set) var plot: Rectangle
  private(set) var xTicks = Ticks(values: [], labels: [])
  private(set) var yTicks = Ticks(values: [], labels: [])
  /// Long names on the x axis are turned.
  private(set) var turnsLabels = false
  /// Entries of the legend, by rows, with their places from the left.
  private(set) var legendRows: [[(entry: LegendEntry, x: Double)]] = []
  private(set) var titleHeight = 0.0
  /// About how many labels the y axis has room for.
  private let yCount: Int
  /// Room for the scale of colours on the right.
  private(set) var scaleTicks: Ticks?

  static let labelSize = 12.0
  static let rowHeight = 20.0

  init(_ panel: Panel, in frame: Rectangle, sharing shared: Margins = Margins()) {
    self.frame = frame
    plot = frame
    titleHeight = panel.title.isEmpty ? 0 : 26
    let room = frame.height - titleHeight - (panel.x.label.isEmpty ? 50 : 70)
    yCount = max(2, min(10, Int(bounded: room / 38)))
    resolved = ResolvedPanel(panel, yCount: yCount)
    placeLegend()
    let top = titleHeight + Double(legendRows.count) * PanelLayout.rowHeight + (legendRows.isEmpty ? 0 : 6)
    guard panel.showsAxes else {
      plot = Rectangle(x: frame.x, y: frame.y + top, width: frame.width, height: max(10, frame.height - top))
      return
    }
    var margins = Margins(left: 40, right: 14, top: max(top, 8), bottom: 26)
    // Labels decide the margins, margins the ticks, and ticks the labels: the second round settles it.
    for _ in 0..<2 {
      plot = PanelLayout.inner(frame, margins)
      findTicks()
      margins = measured(top: max(top, 8))
      margins.left = max(margins.left, shared.left)
      margins.right = max(margins.right, shared.right)
    }
    plot = PanelLayout.inner(frame, margins)
    if panel.hasEqualSteps { equalizeSteps() }
    findTicks()
  }

  /// The margins of the panel, for others in the same column to share.
  var margins: Margins {
    Margins(
      left: plot.x - frame.x, right: frame.right - plot.right, top: plot.y - frame.y, bottom: frame.bottom - plot.bottom
    )
  }

  private static func inner(_ frame: Rectangle, _ margins: Margins) -> Rectangle {
    Rectangle(
      x: frame.x + margins.left, y: frame.y + margins.top, width: max(20, frame.width - margins.left - margins.right),
      height: max(20, frame.height - margins.top - margins.bottom))
  }

  private func measured(top: Double) -> Margins {
    let panel = resolved.panel
    let widest = yTicks.labels.map { TextMetrics.width($0, size: PanelLayout.labelSize) }.max() ?? 0
    let left = min(widest, frame.width * 0.35) + 10 + (panel.y.label.isEmpty ? 0 : 20)
    var bottom = 24.0 + (panel.x.label.isEmpty ? 0 : 20)
    if turnsLabels {
      let longest = xTicks.labels.map { TextMetrics.width($0, size: PanelLayout.labelSize) }.max() ?? 0
      bottom += min(longest * 0.64, frame.height * 0.4) - 8
    }
    let last = xTicks.labels.last.map { TextMetrics.width($0, size: PanelLayout.labelSize) } ?? 0
    var right = max(12, turnsLabels ? 0 : last / 2 - 2)
    if let scaleTicks {
      right = 34 + (scaleTicks.labels.map { TextMetrics.width($0, size: PanelLayout.labelSize) }.max() ?? 0)
    }
    return Margins(left: left, right: right, top: top, bottom: bottom)
  }

  private mutating func findTicks() {
    let panel = resolved.panel
    yTicks = ticks(resolved.y, axis: panel.y, count: yCount, rowHeight: 15, length: plot.height)
    let widest = panel.x.categories.map { TextMetrics.width($0, size: PanelLayout.labelSize) }.max() ?? 0
    let slots = resolved.x.high - resolved.x.low
    turnsLabels = !panel.x.categories.isEmpty && slots > 0 && widest + 8 > plot.width / slots
    // As many labels as stand beside each other with some room between.
    for count in (2...max(2, Int(bounded: plot.width / 56))).reversed() {
      xTicks = ticks(
        resolved.x, axis: panel.x, count: count, rowHeight: turnsLabels ? 17 : widest + 8, length: plot.width,
        wholeOnly: resolved.hasWholeX)
      let taken = xTicks.labels.reduce(0) { $0 + TextMetrics.width($1, size: PanelLayout.labelSize) + 18 }
      if taken <= plot.width + 36 || !panel.x.categories.isEmpty { break }
    }
    if let cells = resolved.marks.compactMap(\.scaledCells).first {
      let range = cells.resolvedRange
      scaleTicks = Ticks.linear(range.lowerBound, range.upperBound, count: max(2, Int(bounded: plot.height / 50)))
    }
  }

  private func ticks(
    _ domain: Domain, axis: Axis, count: Int, rowHeight: Double, length: Double, wholeOnly: Bool = false
  ) -> Ticks {
    if !axis.categories.isEmpty {
      return .categories(
        axis.categories, low: domain.low, high: domain.high, count: max(1, Int(bounded: length / max(1, rowHeight))))
    }
    if domain.isLogarithmic { return .logarithmic(domain.low, domain.high, count: max(2, count)) }
    return .linear(
      domain.low, domain.high, count: max(2, min(count, 10)), wholeOnly: wholeOnly || axis.isCounted,
      step: domain.step)
  }

  /// Makes the longer side shorter until a step in x is as long as one in y.
  private mutating func equalizeSteps() {
    let spanX = resolved.x.high - resolved.x.low
    let spanY = resolved.y.high - resolved.y.low
    guard spanX > 0, spanY > 0, spanX.isFinite, spanY.isFinite else { return }
    let unit = min(plot.width / spanX, plot.height / spanY)
    let width = max(20, unit * spanX)
    let height = max(20, unit * spanY)
    plot = Rectangle(x: plot.x, y: plot.y, width: width, height: height)
  }

  /// Entries from the left, on as many rows as they need, at most four.
  private mutating func placeLegend() {
    var rows: [[(entry: LegendEntry, x: Double)]] = []
    var x = 0.0
    for entry in resolved.legend {
      let name = TextMetrics.fitted(entry.name, size: PanelLayout.labelSize, width: 220)
      let width = entry.sign.width + TextMetrics.width(name, size: PanelLayout.labelSize) + 16
      if rows.isEmpty || x + width > frame.width {
        guard rows.count < 4 else { break }
        rows.append([])
        x = 0
      }
      var shortened = entry
      shortened.name = name
      rows[rows.count - 1].append((shortened, x))
      x += width
    }
    legendRows = rows
  }

  /// The pixel of an x value; nil where the axis cannot show it.
  func x(_ value: Double) -> Double? { resolved.x.place(value).map { plot.x + $0 * plot.width } }

  /// The pixel of a y value; nil where the axis cannot show it.
  func y(_ value: Double) -> Double? { resolved.y.place(value).map { plot.bottom - $0 * plot.height } }
}

extension LegendEntry.Sign {
  /// From the start of the sign to the name.
  var width: Double { if case .line = self { 26 } else { 16 } }
}

extension Mark {
  /// The cells of the mark, if their colours need a scale.
  var scaledCells: CellMark? {
    if case .cells(let cells) = self, cells.showsScale { cells } else { nil }
  }
}
