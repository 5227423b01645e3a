/// A line of equal value.
struct ContourLine: Equatable {
  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  var points: [Point]
  var isClosed: Bool
}

extension ContourMark {
  /// The lines of all levels, found cell by cell (marching squares) and joined end to end.
  ///
  /// Source: Lorensen and Cline, "Marching Cubes", 1987, in two dimensions; a saddle is cut by the mean of its corners.
  func lines() -> [ContourLine] {
    guard rows > 1, columns > 1, values.count >= rows * columns else { return [] }
    return levels.flatMap { lines(at: $0) }
  }

  /// A crossing of a line with an edge of the grid: below (0) or left of (1) a grid point.
  private struct Crossing: Hashable {
    var row: Int
    var column: Int
    var isVertical: Bool
  }

  private func lines(at level: Double) -> [ContourLine] {
    var neighbours: [Crossing: [Crossing]] = [:]
    var order: [Crossing] = []
    func join(_ first: Crossing, _ second: Crossing) {
      for crossing in [first, second] where neighbours[crossing] == nil {
        neighbours[crossing] = []
        order.append(crossing)
      }
      neighbours[first]?.append(second)
      neighbours[second]?.append(first)
    }
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let corners = [
          value(row, column), value(row, column + 1), value(row + 1, column + 1), value(row + 1, column),
        ]
        guard corners.allSatisfy(\.isFinite) else { continue }
        let bottom = Crossing(row: row, column: column, isVertical: false)
        let right = Crossing(row: row, column: column + 1, isVertical: true)
        let top = Crossing(row: row + 1, column: column, isVertical: false)
        let left = Crossing(row: row, column: column, isVertical: true)
        let code = corners.enumerated().reduce(0) { $0 | ($1.element >= level ? 1 << $1.offset : 0) }
        switch code {
        case 0, 15: break
        case 1, 14: join(left, bottom)
        case 2, 13: join(bottom, right)
        case 3, 12: join(left, right)
        case 4, 11: join(right, top)
        case 6, 9: join(bottom, top)
        case 7, 8: join(left, top)
        default:
          let isHighInside = corners.reduce(0, +) / 4 >= level
          if (code == 5) == isHighInside {
            join(left, top)
            join(bottom, right)
          } else {
            join(left, bottom)
            join(right, top)
          }
        }
      }
    }
    return joined(neighbours, order, level: level)
  }

  /// Follows crossings from end to end: open lines first, then closed ones.
  private func joined(_ neighbours: [Crossing: [Crossing]], _ order: [Crossing], level: Double) -> [ContourLine] {
    var visited: Set<Crossing> = []
    var lines: [ContourLine] = []
    for isClosed in [false, true] {
      for start in order where !visited.contains(start) && (isClosed || neighbours[start]?.count == 1) {
        var points: [ContourLine.Point] = []
        var current: Crossing? = start
        while let crossing = current, visited.insert(crossing).inserted {
          points.append(point(crossing, level: level))
          current = neighbours[crossing]?.first { !visited.contains($0) }
        }
        if points.count > 1 { lines.append(ContourLine(points: points, isClosed: isClosed)) }
      }
    }
    return lines
  }

  private func value(_ row: Int, _ column: Int) -> Double { values[row * columns + column] }

  private func point(_ crossing: Crossing, level: Double) -> ContourLine.Point {
    let first = value(crossing.row, crossing.column)
    let second =
      crossing.isVertical ? value(crossing.row + 1, crossing.column) : value(crossing.row, crossing.column + 1)
    let share = second == first ? 0.5 : (level - first) / (second - first)
    let column = Double(crossing.column) + (crossing.isVertical ? 0 : share)
    let row = Double(crossing.row) + (crossing.isVertical ? share : 0)
    return ContourLine.Point(
      x: x.lowerBound + (x.upperBound - x.lowerBound) * column / Double(columns - 1),
      y: y.lowerBound + (y.upperBound - y.lowerBound) * row / Double(rows - 1))
  }
}
