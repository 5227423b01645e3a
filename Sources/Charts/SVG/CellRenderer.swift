import FileFormats

/// Draws a field of coloured cells, their labels, and the scale of colours.
struct CellRenderer {
  let layout: PanelLayout
  let mark: CellMark

  /// Up to this many cells are drawn one by one; more as a picture.
  private static let singleCells = 1024

  func draw(on canvas: inout SVGCanvas) {
    guard mark.rows > 0, mark.columns > 0, mark.values.count >= mark.rows * mark.columns,
      let x0 = layout.x(mark.x.lowerBound), let x1 = layout.x(mark.x.upperBound),
      let y0 = layout.y(mark.y.lowerBound), let y1 = layout.y(mark.y.upperBound)
    else { return }
    let isPicture = mark.isSmooth || mark.rows * mark.columns > CellRenderer.singleCells
    if isPicture {
      // The first row is at the lower end of y.
      let upwards = y1 < y0
      if let image = mark.image(upwards: upwards) {
        canvas.image(image, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0), isSmooth: false)
      }
    } else {
      drawCells(x0: x0, x1: x1, y0: y0, y1: y1, on: &canvas)
    }
  }

  private func drawCells(x0: Double, x1: Double, y0: Double, y1: Double, on canvas: inout SVGCanvas) {
    let width = (x1 - x0) / Double(mark.columns)
    let height = (y1 - y0) / Double(mark.rows)
    let gap = mark.labels.isEmpty ? 0 : 1.0
    for row in 0..<mark.rows {
      for column in 0..<mark.columns {
        let value = mark.values[row * mark.columns + column]
        let x = min(x0 + Double(column) * width, x0 + Double(column + 1) * width)
        let y = min(y0 + Double(row) * height, y0 + Double(row + 1) * height)
        let color = mark.color(value)
        canvas.rectangle(
          x + gap, y + gap, abs(width) - 2 * gap, abs(height) - 2 * gap,
          gap == 0 ? "fill=\"\(color.hex)\" shape-rendering=\"crispEdges\"" : "fill=\"\(color.hex)\"",
          rounding: gap == 0 ? 0 : 2)
      }
    }
    guard mark.labels.count >= mark.rows * mark.columns else { return }
    let widest = mark.labels.map { TextMetrics.width($0, size: 1) }.max() ?? 1
    let size = min(13, abs(height) * 0.5, (abs(width) - 4) / max(1.5, widest))
    guard size >= 5 else { return }
    for row in 0..<mark.rows {
      for column in 0..<mark.columns {
        let index = row * mark.columns + column
        let ink = mark.color(mark.values[index]).luminance > 0.32 ? "#1f2328" : "#ffffff"
        canvas.text(
          mark.labels[index], x0 + (Double(column) + 0.5) * width, y0 + (Double(row) + 0.5) * height + size * 0.36,
          "n", anchor: .middle, extra: "font-size=\"\(SVGCanvas.number(size))\" fill=\"\(ink)\"")
      }
    }
  }

  /// The scale of colours on the right, with round numbers.
  func drawScale(on canvas: inout SVGCanvas) {
    let plot = layout.plot
    let x = plot.right + 12
    let steps = mark.levels ?? 64
    let range = mark.resolvedRange
    var pixels: [UInt8] = []
    for step in (0..<steps).reversed() {
      let color = mark.colormap.color((Double(step) + 0.5) / Double(steps))
      pixels += [color.red, color.green, color.blue]
    }
    if let image = try? Image(width: 1, height: steps, channels: 3, pixels: pixels) {
      canvas.image(image, x, plot.y, 10, plot.height)
    }
    let span = range.upperBound / 2 - range.lowerBound / 2
    guard let ticks = layout.scaleTicks, span > 0 else { return }
    for (value, label) in zip(ticks.values, ticks.labels) {
      let place = (value / 2 - range.lowerBound / 2) / span
      canvas.text(label, x + 16, plot.bottom - place * plot.height + 4)
    }
  }
}

extension CellMark {
  /// The colour of a value.
  func color(_ value: Double) -> Color {
    let range = resolvedRange
    let span = range.upperBound / 2 - range.lowerBound / 2
    var share = span > 0 ? (value / 2 - range.lowerBound / 2) / span : 0.5
    if let levels, levels > 0, share.isFinite {
      share = (min((share * Double(levels)).rounded(.down), Double(levels - 1)) + 0.5) / Double(levels)
    }
    return colormap.color(share)
  }

  /// The cells as a picture: one pixel each, or, where it is smooth, many by interpolation between grid points.
  func image(upwards: Bool) -> Image? {
    let height = isSmooth ? min(400, max(300, rows)) : rows
    let width = isSmooth ? min(400, max(300, columns)) : columns
    let range = resolvedRange
    let span = range.upperBound / 2 - range.lowerBound / 2
    var palette: [Color] = []
    for step in 0..<256 { palette.append(color(range.lowerBound + (Double(step) + 0.5) / 128 * span)) }
    let missing = colormap.color(.nan)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for line in 0..<height {
      let row = upwards ? height - 1 - line : line
      for column in 0..<width {
        let value = isSmooth ? interpolated(row, of: height, column, of: width) : values[row * columns + column]
        let share = span > 0 ? (value / 2 - range.lowerBound / 2) / span : 0.5
        let color = share.isFinite ? palette[Int(bounded: min(max(share * 256, 0), 255))] : missing
        pixels += [color.red, color.green, color.blue]
      }
    }
    return try? Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  private func interpolated(_ row: Int, of height: Int, _ column: Int, of width: Int) -> Double {
    let y = (Double(row) + 0.5) / Double(height) * Double(rows - 1)
    let x = (Double(column) + 0.5) / Double(width) * Double(columns - 1)
    let top = min(Int(bounded: y), max(0, rows - 2))
    let left = min(Int(bounded: x), max(0, columns - 2))
    let below = min(top + 1, rows - 1)
    let right = min(left + 1, columns - 1)
    let down = y - Double(top)
    let along = x - Double(left)
    func value(_ row: Int, _ column: Int) -> Double { values[row * columns + column] }
    return (value(top, left) * (1 - along) + value(top, right) * along) * (1 - down)
      + (value(below, left) * (1 - along) + value(below, right) * along) * down
  }
}
