#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Draws a surface as a mesh in parallel projection, far faces first.
struct SurfaceRenderer {
  let mark: SurfaceMark
  let panel: Panel

  /// The direction of view: turned around the upright axis, then tilted.
  private static let turn = -60.0 * .pi / 180
  private static let tilt = 30.0 * .pi / 180
  /// More faces than these along a side are left out evenly.
  private static let mostFaces = 48

  private struct Face {
    var corners: [(x: Double, y: Double)]
    var depth: Double
    var value: Double
  }

  func draw(in frame: Rectangle, on canvas: inout SVGCanvas) {
    let values = mark.values.filter(\.isFinite)
    guard mark.rows > 1, mark.columns > 1, mark.values.count >= mark.rows * mark.columns,
      let low = values.min(), let high = values.max()
    else {
      canvas.text("no finite values", frame.middleX, frame.middleY, anchor: .middle)
      return
    }
    let (bottom, top) = Domain.widened(low, high, isLogarithmic: false)
    let scale = min(frame.width / 3.1, frame.height / 2.75)
    func place(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double) {
      let flat = SurfaceRenderer.project(x, y, z)
      return (frame.middleX + 0.06 * frame.width + flat.x * scale, frame.middleY - 0.02 * frame.height - flat.y * scale)
    }
    drawBox(place, low: bottom, high: top, on: &canvas)
    var faces: [Face] = []
    let rows = SurfaceRenderer.picked(mark.rows)
    let columns = SurfaceRenderer.picked(mark.columns)
    for (row, nextRow) in zip(rows, rows.dropFirst()) {
      for (column, nextColumn) in zip(columns, columns.dropFirst()) {
        let corners = [(row, column), (row, nextColumn), (nextRow, nextColumn), (nextRow, column)]
        let heights = corners.map { mark.values[$0.0 * mark.columns + $0.1] }
        guard heights.allSatisfy(\.isFinite) else { continue }
        var depth = 0.0
        let flat = zip(corners, heights).map { corner, height -> (x: Double, y: Double) in
          let x = 2 * Double(corner.1) / Double(mark.columns - 1) - 1
          let y = 2 * Double(corner.0) / Double(mark.rows - 1) - 1
          let z = 1.3 * (height - bottom) / (top - bottom) - 0.65
          depth += SurfaceRenderer.project(x, y, z).depth
          return place(x, y, z)
        }
        let mean = heights.reduce(0, +) / 4
        faces.append(Face(corners: flat, depth: depth, value: (mean - bottom) / (top - bottom)))
      }
    }
    let n = SVGCanvas.number
    canvas.raw("<g stroke-width=\".5\" stroke-linejoin=\"round\">")
    for face in faces.enumerated().sorted(by: { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }) {
      let color = mark.colormap.color(face.element.value)
      let edge = color.mixed(with: Color(0x1F2328), 0.25)
      let data = face.element.corners.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L")
      canvas.raw("<path d=\"M\(data)Z\" fill=\"\(color.hex)\" stroke=\"\(edge.hex)\"/>")
    }
    canvas.raw("</g>")
  }

  private static func picked(_ count: Int) -> [Int] {
    let step = (count - 1 + mostFaces - 1) / mostFaces
    var indices = Array(stride(from: 0, to: count - 1, by: max(1, step)))
    indices.append(count - 1)
    return indices
  }

  private static func project(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double, depth: Double) {
    let right = -x * sin(turn) + y * cos(turn)
    let away = x * cos(turn) + y * sin(turn)
    return (right, z * cos(tilt) - away * sin(tilt), away * cos(tilt) + z * sin(tilt))
  }

  /// The floor with its grid, and the numbers of the three axes.
  private func drawBox(
    _ place: (Double, Double, Double) -> (x: Double, y: Double), low: Double, high: Double, on canvas: inout SVGCanvas
  ) {
    let floor = -0.65
    let xTicks = Ticks.linear(mark.x.lowerBound, mark.x.upperBound, count: 5)
    let yTicks = Ticks.linear(mark.y.lowerBound, mark.y.upperBound, count: 5)
    let zTicks = Ticks.linear(low, high, count: 5)
    func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ kind: String = "g") {
      canvas.line(from.x, from.y, to.x, to.y, "class=\"\(kind)\"")
    }
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      2 * (value - range.lowerBound) / (range.upperBound - range.lowerBound) - 1
    }
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let x = share(value, mark.x)
      line(place(x, -1, floor), place(x, 1, floor))
      line(place(x, 1, floor), place(x, 1, 0.65))
      let at = place(x, -1.1, floor)
      canvas.text(label, at.x, at.y + 8, anchor: .end)
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let y = share(value, mark.y)
      line(place(-1, y, floor), place(1, y, floor))
      line(place(-1, y, floor), place(-1, y, 0.65))
      let at = place(1.1, y, floor)
      canvas.text(label, at.x, at.y + 8)
    }
    for (value, label) in zip(zTicks.values, zTicks.labels) {
      let z = 1.3 * (value - low) / (high - low) - 0.65
      line(place(-1, -1, z), place(-1, 1, z))
      line(place(-1, 1, z), place(1, 1, z))
      let at = place(-1, -1.06, z)
      canvas.text(label, at.x - 6, at.y + 4, anchor: .end)
    }
    line(place(-1, -1, floor), place(1, -1, floor), "a")
    line(place(1, -1, floor), place(1, 1, floor), "a")
    line(place(-1, -1, floor), place(-1, -1, 0.65), "a")
    let xName = place(0, -1.42, floor)
    canvas.text(panel.x.label, xName.x - 14, xName.y + 14, "l", anchor: .middle)
    let yName = place(1.42, 0, floor)
    canvas.text(panel.y.label, yName.x + 14, yName.y + 14, "l", anchor: .middle)
  }
}
