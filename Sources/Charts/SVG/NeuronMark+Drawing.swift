extension NeuronMark {
  /// Draws the layers as columns of circles.
  func draw(in frame: Rectangle, on canvas: inout SVGCanvas) {
    guard !layers.isEmpty else { return }
    let columnWidth = frame.width / Double(layers.count)
    let tallest = layers.map { min($0.count, NeuronMark.shownUnits) }.max() ?? 1
    let room = frame.height - 44
    let pitch = min(52, room / Double(max(1, tallest)))
    let radius = max(2, min(13, pitch * 0.34))
    let columns = layers.indices.map { index in
      places(
        of: layers[index].count, x: frame.x + (Double(index) + 0.5) * columnWidth, middle: frame.y + room / 2,
        pitch: pitch)
    }
    for index in layers.indices.dropFirst() {
      drawWeights(
        layers[index], from: columns[index - 1], rows: layers[index - 1].count, to: columns[index], on: &canvas)
    }
    for (index, layer) in layers.enumerated() {
      let stroke = canvas.paint(.series(index == 0 ? 2 : 0), .stroke)
      for place in columns[index] {
        canvas.circle(place.x, place.y, radius, "class=\"p\"")
        canvas.circle(place.x, place.y, radius, "\(stroke) stroke-width=\"1.8\"")
      }
      let x = frame.x + (Double(index) + 0.5) * columnWidth
      if layer.count > NeuronMark.shownUnits {
        let gap = columns[index][5].y + pitch
        for step in [-1.0, 0, 1] { canvas.circle(x, gap + step * min(6, pitch / 4), 1.6, "class=\"fm\"") }
      }
      let name = TextMetrics.fitted(layer.name, size: 12, width: columnWidth - 8)
      canvas.text(name, x, frame.bottom - 18, "l", anchor: .middle)
      canvas.text("\(layer.count) unit\(layer.count == 1 ? "" : "s")", x, frame.bottom - 3, anchor: .middle)
    }
  }

  private struct Place {
    var unit: Int
    var x: Double
    var y: Double
  }

  /// Where the units of a layer stand: of too many the first six and the last five, with a gap between.
  private func places(of count: Int, x: Double, middle: Double, pitch: Double) -> [Place] {
    let shown = min(count, NeuronMark.shownUnits)
    return (0..<shown).compactMap { slot in
      let y = middle + (Double(slot) - Double(shown - 1) / 2) * pitch
      guard count > shown else { return Place(unit: slot, x: x, y: y) }
      return slot == 6 ? nil : Place(unit: slot < 6 ? slot : count - shown + slot, x: x, y: y)
    }
  }

  private func drawWeights(
    _ layer: Layer, from: [Place], rows: Int, to: [Place], on canvas: inout SVGCanvas
  ) {
    let n = SVGCanvas.number
    func line(_ start: Place, _ end: Place) -> String {
      "M\(n(start.x)) \(n(start.y))L\(n(end.x)) \(n(end.y))"
    }
    guard layer.weights.count == rows * layer.count, layer.weights.contains(where: { $0 != 0 && $0.isFinite }) else {
      let data = from.flatMap { start in to.map { line(start, $0) } }.joined()
      canvas.path(data, "class=\"sm\" stroke-width=\".7\" stroke-opacity=\".45\"")
      return
    }
    let largest = layer.weights.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 1
    // Five widths for each sign: few elements, whatever the number of weights.
    for (sign, ink) in [(1.0, Ink.series(0)), (-1.0, Ink.series(1))] {
      for strength in 1...5 {
        var data = ""
        for start in from {
          for end in to {
            let weight = layer.weights[start.unit * layer.count + end.unit] * sign
            guard weight > 0, weight.isFinite else { continue }
            if Int(bounded: (weight / largest * 5).rounded(.up)) == strength { data += line(start, end) }
          }
        }
        let paint = canvas.paint(ink, .stroke)
        let width = n(0.3 + 0.38 * Double(strength))
        canvas.path(data, "\(paint) stroke-width=\"\(width)\" stroke-opacity=\"\(n(0.15 + 0.15 * Double(strength)))\"")
      }
    }
  }
}
