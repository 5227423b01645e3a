import FileFormats

/// Values over a part of the plane, row after row, the first at the lower end of `y`.
public struct Grid: Equatable, Sendable {
  public var values: [Double]
  public var rows: Int
  public var columns: Int
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>

  public init(_ values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.x = x
    self.y = y
  }
}

/// A mark that shows a grid.
protocol GridMark {
  var grid: Grid { get }
}

extension GridMark {
  var values: [Double] { grid.values }
  var rows: Int { grid.rows }
  var columns: Int { grid.columns }
  var x: ClosedRange<Double> { grid.x }
  var y: ClosedRange<Double> { grid.y }
}

/// A grid as coloured cells; from the top where the axis is turned over.
public struct CellMark: GridMark, Equatable, Sendable {
  public var grid: Grid
  public var colormap: Colormap
  /// The values of the two ends of the colours; nil takes the smallest and largest value.
  public var range: ClosedRange<Double>?
  /// What is written in each cell; empty for nothing.
  public var labels: [String]
  /// Draw the scale of colours beside the panel.
  public var showsScale: Bool
  /// Interpolate between cells instead of showing each.
  public var isSmooth: Bool
  /// Cut the colours into this many equal steps; nil leaves them continuous.
  public var levels: Int?

  public init(
    _ grid: Grid, colormap: Colormap = .sequential, range: ClosedRange<Double>? = nil, labels: [String] = [],
    showsScale: Bool = true, isSmooth: Bool = false, levels: Int? = nil
  ) {
    self.grid = grid
    self.colormap = colormap
    self.range = range
    self.labels = labels
    self.showsScale = showsScale
    self.isSmooth = isSmooth
    self.levels = levels
  }

  /// The values of the two ends of the colours.
  var resolvedRange: ClosedRange<Double> {
    if let range { return range }
    let finite = values.lazy.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    return low < high ? low...high : low - 0.5...high + 0.5
  }
}

/// A picture, stretched over a part of the panel.
public struct RasterMark: Equatable, Sendable {
  public var image: Image
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>
  public var isSmooth: Bool
  /// What the colours of the picture stand for, for the legend.
  public var legend: [LegendEntry]

  public init(
    image: Image, x: ClosedRange<Double>, y: ClosedRange<Double>, isSmooth: Bool = false, legend: [LegendEntry] = []
  ) {
    self.image = image
    self.x = x
    self.y = y
    self.isSmooth = isSmooth
    self.legend = legend
  }
}

/// Lines of equal value on a grid whose points lie evenly between the ends of both ranges.
public struct ContourMark: GridMark, Equatable, Sendable {
  public var grid: Grid
  public var levels: [Double]
  public var name: String
  public var ink: Ink
  public var width: Double

  public init(_ grid: Grid, levels: [Double], name: String = "", ink: Ink = .muted, width: Double = 1) {
    self.grid = grid
    self.levels = levels
    self.name = name
    self.ink = ink
    self.width = width
  }
}

/// A surface over a grid, seen from above at an angle.
public struct SurfaceMark: GridMark, Equatable, Sendable {
  public var grid: Grid
  public var colormap: Colormap

  public init(_ grid: Grid, colormap: Colormap = .sequential) {
    self.grid = grid
    self.colormap = colormap
  }
}
