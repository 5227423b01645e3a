import FileFormats

extension Chart {
  /// The chart as text for a terminal: braille dots for lines and points, blocks for bars, half blocks for pictures.
  /// Lines are joined with line feeds, without one at the end.
  public func terminal(_ style: TerminalStyle = TerminalStyle()) -> String {
    lines(style).joined(separator: "\n")
  }

  private func lines(_ style: TerminalStyle) -> [String] {
    switch content {
    case .panel(let panel): return TerminalPanel(panel, style).lines()
    case .grid(let charts, let columns):
      var result = title.isEmpty ? [] : [style.painted(title, nil, isBold: true)]
      // Beside each other only where each has some room.
      let across = max(1, min(columns, charts.count, style.width / 36))
      for row in SVGRenderer.rows(charts, columns: across) {
        var cellStyle = style
        cellStyle.width = max(20, (style.width - 2 * (across - 1)) / across)
        if across > 1 && style.height == nil { cellStyle.height = 10 }
        let blocks = row.map { $0.lines(cellStyle) }
        for index in 0..<(blocks.map(\.count).max() ?? 0) {
          var line = ""
          for (column, block) in blocks.enumerated() {
            let text = index < block.count ? block[index] : ""
            let padding = column + 1 < blocks.count ? cellStyle.width + 2 - TerminalText.width(text) : 0
            line += text + String(repeating: " ", count: max(0, padding))
          }
          result.append(line)
        }
      }
      return result
    }
  }
}

/// Widths of texts that may hold colour codes.
enum TerminalText {
  /// The columns that a text takes: colour codes take none.
  static func width(_ text: String) -> Int {
    var count = 0
    var isCode = false
    for scalar in text.unicodeScalars {
      if isCode {
        if scalar == "m" { isCode = false }
      } else if scalar == "\u{1B}" {
        isCode = true
      } else if !(0x300...0x36F).contains(scalar.value) {
        count += 1
      }
    }
    return count
  }

  /// A text of exactly this many columns, cut or padded; without colour codes.
  static func fitted(_ text: String, _ columns: Int, toRight: Bool = false) -> String {
    let characters = text.count
    if characters > columns { return columns < 2 ? String(text.prefix(columns)) : text.prefix(columns - 1) + "…" }
    let padding = String(repeating: " ", count: columns - characters)
    return toRight ? padding + text : text + padding
  }

  /// A text in the middle of this many columns.
  static func centered(_ text: String, _ columns: Int) -> String {
    let cut = text.count > columns ? fitted(text, columns) : text
    let left = (columns - cut.count) / 2
    return String(repeating: " ", count: left) + cut + String(repeating: " ", count: columns - cut.count - left)
  }
}

/// One panel as lines of text.
struct TerminalPanel {
  let panel: Panel
  let style: TerminalStyle
  let resolved: ResolvedPanel

  init(_ panel: Panel, _ style: TerminalStyle) {
    self.panel = panel
    self.style = style
    resolved = ResolvedPanel(panel)
  }

  func lines() -> [String] {
    var result: [String] = []
    if !panel.title.isEmpty {
      result.append(style.painted(String(panel.title.prefix(style.width)), nil, isBold: true))
    }
    result += legend()
    if panel.showsAxes { return result + plot() }
    for mark in resolved.marks {
      switch mark {
      case .gallery(let gallery): result += TerminalPictures(style: style).lines(gallery)
      case .graph(let graph): result += TerminalNetwork(style: style).lines(graph)
      case .neurons(let neurons): result += TerminalNetwork(style: style).lines(neurons)
      case .surface(let surface):
        // Seen from above: colours are heights.
        let cells = CellMark(surface.grid, colormap: surface.colormap, isSmooth: true)
        let flat = Panel(marks: [.cells(cells)], x: panel.x, y: panel.y)
        result += TerminalPanel(flat, style).lines()
      default: break
      }
    }
    return result
  }

  private func legend() -> [String] {
    var rows: [String] = []
    var row = ""
    for entry in resolved.legend {
      let sign =
        switch entry.sign {
        case .line(.solid): "━━"
        case .line(.dashed): "╍╍"
        case .line(.dotted): "┄┄"
        case .point: "●"
        case .area: "■"
        }
      let text = style.painted(sign, style.color(entry.ink)) + " " + String(entry.name.prefix(style.width - 4))
      if !row.isEmpty && TerminalText.width(row) + 3 + TerminalText.width(text) > style.width {
        rows.append(row)
        row = ""
      }
      row += (row.isEmpty ? "" : "   ") + text
    }
    return row.isEmpty ? rows : rows + [row]
  }

  // MARK: - Axes

  /// The plot with its axes.
  private func plot() -> [String] {
    let height = style.height ?? min(24, max(10, style.width / 5))
    let yTicks = ticks(resolved.y, panel.y, count: max(2, height / 3))
    let labels = yTicks.labels
    let margin = min(labels.map(\.count).max() ?? 0, style.width / 3)
    let columns = max(10, style.width - margin - 2)
    let body = bodyLines(columns: columns, height: height)
    var labelOf: [Int: String] = [:]
    for (value, label) in zip(yTicks.values, labels) {
      guard let place = resolved.y.place(value), place >= -0.001, place <= 1.001 else { continue }
      let line = min(height - 1, max(0, Int(bounded: ((1 - place) * Double(height)).rounded(.down))))
      labelOf[line] = label
    }
    let grey = style.color(.muted)
    var result: [String] = []
    if !panel.y.label.isEmpty { result.append(style.painted(String(panel.y.label.prefix(style.width)), grey)) }
    for (index, line) in body.enumerated() {
      let label = TerminalText.fitted(labelOf[index] ?? "", margin, toRight: true)
      result.append(style.painted(label + (labelOf[index] == nil ? " │" : " ┤"), grey) + line)
    }
    return result + axis(columns: columns, margin: margin)
  }

  private func ticks(_ domain: Domain, _ axis: Axis, count: Int) -> Ticks {
    if !axis.categories.isEmpty {
      return .categories(axis.categories, low: domain.low, high: domain.high, count: max(1, count * 3))
    }
    if domain.isLogarithmic { return .logarithmic(domain.low, domain.high, count: count) }
    return .linear(domain.low, domain.high, count: count, wholeOnly: axis.isCounted)
  }

  /// The horizontal axis: its line with marks, its labels, its name.
  private func axis(columns: Int, margin: Int) -> [String] {
    let isCategorical = !panel.x.categories.isEmpty
    let widest = isCategorical ? (panel.x.categories.map(\.count).max() ?? 1) : 8
    let count = max(2, columns / (widest + 4))
    var ticks = Ticks.linear(
      resolved.x.low, resolved.x.high, count: min(count, 10), wholeOnly: resolved.hasWholeX || panel.x.isCounted)
    if isCategorical {
      ticks = .categories(panel.x.categories, low: resolved.x.low, high: resolved.x.high, count: count + 1)
    } else if resolved.x.isLogarithmic {
      ticks = .logarithmic(resolved.x.low, resolved.x.high, count: count)
    }
    var line = [Character](repeating: "─", count: columns)
    var names = [Character](repeating: " ", count: columns + margin + 2)
    var free = 0
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let place = resolved.x.place(value), place >= -0.001, place <= 1.001 else { continue }
      let column = min(columns - 1, max(0, Int(bounded: (place * Double(columns)).rounded(.down))))
      line[column] = "┬"
      let start = min(max(0, margin + 2 + column - label.count / 2), max(0, names.count - label.count))
      guard start >= free, start + label.count <= names.count else { continue }
      for (offset, character) in label.enumerated() { names[start + offset] = character }
      free = start + label.count + 1
    }
    let grey = style.color(.muted)
    var text = String(names)
    while text.last == " " { text.removeLast() }
    let indent = String(repeating: " ", count: margin)
    var result = [style.painted(indent + " └" + String(line), grey), style.painted(text, grey)]
    if !panel.x.label.isEmpty {
      var name = TerminalText.centered(panel.x.label, columns)
      while name.last == " " { name.removeLast() }
      result.append(style.painted(indent + "  " + name, grey))
    }
    return result
  }

  // MARK: - Marks

  private func bodyLines(columns: Int, height: Int) -> [String] {
    if resolved.isEmpty {
      var lines = [String](repeating: "", count: height)
      lines[height / 2] = TerminalText.centered("no finite values", columns)
      return lines
    }
    for mark in resolved.marks {
      switch mark {
      case .cells(let cells): return TerminalPictures(style: style).lines(cells, resolved, columns, height)
      case .raster(let raster):
        // Regions cannot lie under dots: their points are drawn alone.
        if resolved.marks.count == 1 {
          return TerminalPictures(style: style).lines(raster.image, columns: columns, height: height)
        }
      default: break
      }
    }
    let bars = resolved.marks.compactMap { if case .bars(let bars) = $0 { bars } else { nil } }
    if !bars.isEmpty { return TerminalBars(resolved: resolved, style: style).lines(bars, columns, height) }
    var canvas = BrailleCanvas(columns: columns, lines: height)
    for mark in resolved.marks { draw(mark, on: &canvas) }
    return (0..<height).map { canvas.text(line: $0, style) }
  }

  private func draw(_ mark: Mark, on canvas: inout BrailleCanvas) {
    let width = Double(canvas.width - 1)
    let height = Double(canvas.height - 1)
    func x(_ value: Double) -> Double? { resolved.x.place(value).map { $0 * width } }
    func y(_ value: Double) -> Double? { resolved.y.place(value).map { (1 - $0) * height } }
    var step = 0
    switch mark {
    case .line(let line):
      let pattern: [Bool] =
        switch line.dash {
        case .solid: [true]
        case .dashed: [true, true, true, true, false, false, false]
        case .dotted: [true, false, false]
        }
      for run in Polyline.runs(line, x: x, y: y, width: width) {
        if run.count == 1 { canvas.set(Int(bounded: run[0].x), Int(bounded: run[0].y), line.ink) }
        for (from, to) in zip(run, run.dropFirst()) { canvas.line(from, to, line.ink, pattern: pattern, step: &step) }
      }
    case .points(let points):
      for (px, py) in zip(points.x, points.y) {
        guard let px = x(px), let py = y(py), abs(px) < 1e6, abs(py) < 1e6 else { continue }
        canvas.set(Int(bounded: px.rounded()), Int(bounded: py.rounded()), points.ink)
      }
    case .contour(let contour):
      for line in contour.lines() {
        let places = line.points.compactMap { point -> (x: Double, y: Double)? in
          guard let px = x(point.x), let py = y(point.y) else { return nil }
          return (px, py)
        }
        for (from, to) in zip(places, places.dropFirst()) { canvas.line(from, to, contour.ink, step: &step) }
      }
    case .rule(let rule):
      let pattern = [true, false, false]
      switch rule.place {
      case .horizontal(let value):
        if let py = y(value) { canvas.line((0, py), (width, py), rule.ink, pattern: pattern, step: &step) }
      case .vertical(let value):
        if let px = x(value) { canvas.line((px, 0), (px, height), rule.ink, pattern: pattern, step: &step) }
      case .diagonal: canvas.line((0, height), (width, 0), rule.ink, pattern: pattern, step: &step)
      }
    case .bars, .cells, .raster, .text, .gallery, .graph, .neurons, .surface: break
    }
  }
}
