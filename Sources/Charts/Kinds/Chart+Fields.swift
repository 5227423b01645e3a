import FileFormats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Chart {
  /// A matrix as coloured cells, its first row on top.
  ///
  /// - Parameters:
  ///   - values: row after row.
  ///   - rowNames: names of the rows, or none.
  ///   - isLabelled: write the values into the cells.
  public static func heatmap(
    _ values: [Double], rows: Int, columns: Int, rowNames: [String] = [], columnNames: [String] = [],
    colormap: Colormap = .sequential, range: ClosedRange<Double>? = nil, isLabelled: Bool = false, title: String = "",
    xLabel: String = "", yLabel: String = ""
  ) -> Chart {
    let labels = isLabelled ? cellLabels(values) : []
    let cells = CellMark(matrix(values, rows: rows, columns: columns), colormap: colormap, range: range, labels: labels)
    return Chart(
      Panel(
        marks: [.cells(cells)], title: title, x: Axis(label: xLabel, categories: columnNames, isCounted: true),
        y: Axis(label: yLabel, categories: rowNames, isReversed: true, isCounted: true)))
  }

  /// The cells of a matrix, around the whole numbers that count its rows and columns.
  private static func matrix(_ values: [Double], rows: Int, columns: Int) -> Grid {
    Grid(
      values, rows: rows, columns: columns, x: -0.5...max(0.5, Double(columns) - 0.5),
      y: -0.5...max(0.5, Double(rows) - 0.5))
  }

  /// Values as they stand in cells: all with the same decimals, so that the largest has three digits.
  private static func cellLabels(_ values: [Double]) -> [String] {
    let largest = values.filter(\.isFinite).map(abs).max() ?? 0
    let isWhole = values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
    guard isWhole || (largest >= 1e-4 && largest < 1e4) else {
      return values.map { NumberText.general($0, digits: 3).replacingMinus }
    }
    let decimals = isWhole ? 0 : min(6, max(0, 2 - Int(bounded: log10(largest).rounded(.down))))
    return values.map {
      $0.isFinite && abs($0) < 1e6
        ? NumberText.fixed($0, decimals: decimals).replacingMinus : NumberText.general($0, digits: 3).replacingMinus
    }
  }

  /// How often a class (row) was predicted as another (column): the diagonal is right. Colours are shares of the row.
  public static func confusion(
    _ counts: [Double], classNames: [String], title: String = "", xLabel: String = "predicted", yLabel: String = "true"
  ) -> Chart {
    let size = classNames.count
    guard counts.count >= size * size else { return Chart(Panel(title: title)) }
    var shares: [Double] = []
    for row in 0..<size {
      let total = counts[row * size..<(row + 1) * size].reduce(0, +)
      shares += counts[row * size..<(row + 1) * size].map { total > 0 ? $0 / total : 0 }
    }
    let cells = CellMark(
      matrix(shares, rows: size, columns: size), colormap: .blues, range: 0...1,
      labels: counts.prefix(size * size).map { NumberText.general($0, digits: 3) }, showsScale: false)
    return Chart(
      Panel(
        marks: [.cells(cells)], title: title, x: Axis(label: xLabel, categories: classNames),
        y: Axis(label: yLabel, categories: classNames, isReversed: true)))
  }

  /// One picture.
  public static func image(_ image: Image, title: String = "") -> Chart {
    gallery([GalleryMark.Item(image: image)], columns: 1, title: title)
      .sized(width: 24 + min(616, max(240, Double(image.width))), of: image, titled: !title.isEmpty)
  }

  private func sized(width: Double, of image: Image, titled: Bool) -> Chart {
    var chart = self
    let height = (width - 24) * Double(image.height) / Double(image.width)
    chart.size = Size(width: width, height: min(height, 1000) + 24 + (titled ? 26 : 0))
    return chart
  }

  /// Small pictures in rows, with captions: samples, predictions, filters.
  public static func gallery(_ items: [GalleryMark.Item], columns: Int, title: String = "") -> Chart {
    Chart(Panel(marks: [.gallery(GalleryMark(items: items, columns: columns))], title: title, showsAxes: false))
  }

  /// Lines of equal value over coloured steps.
  ///
  /// - Parameters:
  ///   - values: row after row, the first at the lower end of `y`.
  ///   - levels: about how many steps; they lie at round numbers.
  public static func contour(
    _ values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, levels: Int = 12,
    title: String = "", xLabel: String = "", yLabel: String = ""
  ) -> Chart {
    let finite = values.filter(\.isFinite)
    let (low, high) = Domain.widened(finite.min() ?? 0, finite.max() ?? 1, isLogarithmic: false)
    let step = Ticks.step(low, high, count: min(max(levels, 1), 60) * 3 / 2)
    guard step > 0 else { return Chart(Panel(title: title)) }
    let first = (low / step).rounded(.down)
    let count = max(1, Int(bounded: ((high / step).rounded(.up) - first)))
    let range = first * step...(first + Double(count)) * step
    let places = (1..<max(2, count)).map { (first + Double($0)) * step }
    let grid = Grid(values, rows: rows, columns: columns, x: x, y: y)
    let cells = CellMark(grid, range: range, isSmooth: true, levels: count)
    let lines = ContourMark(grid, levels: places, ink: .fixed(Color(0xFFFFFF)), width: 0.7)
    return Chart(
      Panel(marks: [.cells(cells), .contour(lines)], title: title, x: Axis(label: xLabel), y: Axis(label: yLabel)))
  }

  /// What a classifier says at each point of the plane, with the points it learnt from.
  ///
  /// - Parameters:
  ///   - regions: the class at each point of a grid, row after row, the first at the lower end of `y`.
  ///   - margin: for two classes, the value whose zero is the boundary; it makes the line smooth. Nil draws the
  ///     edges of the regions.
  public static func decisionBoundary(
    regions: [Int], margin: [Double]? = nil, rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
    pointsX: [Double], pointsY: [Double], classes: [Int], classNames: [String] = [], title: String = "",
    xLabel: String = "", yLabel: String = ""
  ) -> Chart {
    let present = Set(classes).union(regions).sorted()
    let position = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1, $0) })
    var marks: [Mark] = []
    if let image = tinted(regions.map { position[$0] ?? 0 }, rows: rows, columns: columns) {
      marks.append(.raster(RasterMark(image: image, x: x, y: y)))
    }
    if let margin {
      marks.append(
        .contour(
          ContourMark(Grid(margin, rows: rows, columns: columns, x: x, y: y), levels: [0], ink: .muted, width: 2)))
    } else {
      for number in present.dropLast() {
        let inside = regions.map { $0 == number ? 1.0 : 0 }
        marks.append(
          .contour(
            ContourMark(
              Grid(inside, rows: rows, columns: columns, x: x, y: y), levels: [0.5], ink: .muted, width: 1.2)))
      }
    }
    for mark in points(x: pointsX, y: pointsY, classes: classes, names: classNames) {
      guard case .points(var points) = mark, let ink = mark.ink else { continue }
      // The palette position is that among all classes, also those that no point has.
      if case .series(let index) = ink {
        points.ink = .series(position[Set(classes).sorted()[index]] ?? index)
      }
      marks.append(.points(points))
    }
    return Chart(
      Panel(
        marks: marks, title: title, x: Axis(label: xLabel, minimum: x.lowerBound, maximum: x.upperBound),
        y: Axis(label: yLabel, minimum: y.lowerBound, maximum: y.upperBound), hasEqualSteps: isNearlySquare(x, y)))
  }

  private static func isNearlySquare(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> Bool {
    let ratio = (y.upperBound - y.lowerBound) / (x.upperBound - x.lowerBound)
    return ratio > 0.5 && ratio < 2
  }

  /// Regions in see-through palette colours, so that light and dark backgrounds both work.
  private static func tinted(_ regions: [Int], rows: Int, columns: Int) -> Image? {
    guard rows > 0, columns > 0, regions.count >= rows * columns else { return nil }
    var pixels: [UInt8] = []
    for row in (0..<rows).reversed() {
      for column in 0..<columns {
        let color = Palette.light(regions[row * columns + column])
        pixels += [color.red, color.green, color.blue, 64]
      }
    }
    return try? Image(width: columns, height: rows, channels: 4, pixels: pixels)
  }

  /// A surface in space over a grid of points, row after row, the first at the lower end of `y`.
  public static func surface(
    _ values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, title: String = "",
    xLabel: String = "x", yLabel: String = "y"
  ) -> Chart {
    Chart(
      Panel(
        marks: [.surface(SurfaceMark(Grid(values, rows: rows, columns: columns, x: x, y: y)))], title: title,
        x: Axis(label: xLabel), y: Axis(label: yLabel), showsLegend: false, showsAxes: false))
  }
}
