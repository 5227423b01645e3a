import FileFormats

/// What is drawn in a panel. Marks are drawn in their order, later ones above earlier ones.
public enum Mark: Equatable, Sendable {
  case line(LineMark)
  case points(PointMark)
  case bars(BarMark)
  case cells(CellMark)
  case raster(RasterMark)
  case contour(ContourMark)
  case rule(RuleMark)
  case text(TextMark)
  case gallery(GalleryMark)
  case graph(GraphMark)
  case neurons(NeuronMark)
  case surface(SurfaceMark)
}

/// How a line is broken.
public enum Dash: String, Sendable {
  case solid, dashed, dotted
}

/// Points joined by a line; where a coordinate is not finite the line has a gap.
public struct LineMark: Equatable, Sendable {
  public var x: [Double]
  public var y: [Double]
  public var name: String
  public var ink: Ink
  public var dash: Dash
  public var width: Double
  /// Fill the area between the line and zero.
  public var fillsToZero: Bool

  /// `x` and `y` must have the same length: a longer one is cut.
  public init(
    x: [Double], y: [Double], name: String = "", ink: Ink = .automatic, dash: Dash = .solid, width: Double = 2,
    fillsToZero: Bool = false
  ) {
    let count = min(x.count, y.count)
    self.x = Array(x.prefix(count))
    self.y = Array(y.prefix(count))
    self.name = name
    self.ink = ink
    self.dash = dash
    self.width = width
    self.fillsToZero = fillsToZero
  }
}

/// Points as dots.
public struct PointMark: Equatable, Sendable {
  public var x: [Double]
  public var y: [Double]
  public var name: String
  public var ink: Ink
  public var radius: Double

  public init(x: [Double], y: [Double], name: String = "", ink: Ink = .automatic, radius: Double = 3.5) {
    let count = min(x.count, y.count)
    self.x = Array(x.prefix(count))
    self.y = Array(y.prefix(count))
    self.name = name
    self.ink = ink
    self.radius = radius
  }
}

/// Bars from zero, each from one edge to another: bar charts and histograms.
public struct BarMark: Equatable, Sendable {
  public var starts: [Double]
  public var ends: [Double]
  public var heights: [Double]
  public var name: String
  public var ink: Ink
  /// Bars that touch, as in a histogram, are drawn lighter so that overlapping ones can be told apart.
  public var touches: Bool

  public init(
    starts: [Double], ends: [Double], heights: [Double], name: String = "", ink: Ink = .automatic, touches: Bool = false
  ) {
    let count = min(starts.count, ends.count, heights.count)
    self.starts = Array(starts.prefix(count))
    self.ends = Array(ends.prefix(count))
    self.heights = Array(heights.prefix(count))
    self.name = name
    self.ink = ink
    self.touches = touches
  }
}

/// A field of values on a grid, row after row from the bottom unless the axis is turned over, as coloured cells.
public struct CellMark: Equatable, Sendable {
  public var values: [Double]
  public var rows: Int
  public var columns: Int
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>
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
    values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
    colormap: Colormap = .sequential, range: ClosedRange<Double>? = nil, labels: [String] = [],
    showsScale: Bool = true, isSmooth: Bool = false, levels: Int? = nil
  ) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.x = x
    self.y = y
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

/// Lines of equal value on a grid whose points lie evenly between the ends of both ranges, row after row from the
/// lower end of `y`.
public struct ContourMark: Equatable, Sendable {
  public var values: [Double]
  public var rows: Int
  public var columns: Int
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>
  public var levels: [Double]
  public var name: String
  public var ink: Ink
  public var width: Double

  public init(
    values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, levels: [Double],
    name: String = "", ink: Ink = .muted, width: Double = 1
  ) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.x = x
    self.y = y
    self.levels = levels
    self.name = name
    self.ink = ink
    self.width = width
  }
}

/// A straight reference line across the panel: `y = intercept + slope·x`, or upright at one `x`.
public struct RuleMark: Equatable, Sendable {
  public enum Place: Equatable, Sendable {
    case horizontal(Double)
    case vertical(Double)
    /// From one corner to the other.
    case diagonal
  }

  public var place: Place
  public var name: String
  public var ink: Ink
  public var dash: Dash

  public init(_ place: Place, name: String = "", ink: Ink = .muted, dash: Dash = .dashed) {
    self.place = place
    self.name = name
    self.ink = ink
    self.dash = dash
  }
}

/// A short text at a point.
public struct TextMark: Equatable, Sendable {
  public var x: Double
  public var y: Double
  public var text: String
  public var ink: Ink

  public init(x: Double, y: Double, text: String, ink: Ink = .muted) {
    self.x = x
    self.y = y
    self.text = text
    self.ink = ink
  }
}

/// Small pictures in rows, each with a caption.
public struct GalleryMark: Equatable, Sendable {
  public struct Item: Equatable, Sendable {
    public var image: Image
    public var caption: String
    /// The caption of a mistake stands out.
    public var isWrong: Bool

    public init(image: Image, caption: String = "", isWrong: Bool = false) {
      self.image = image
      self.caption = caption
      self.isWrong = isWrong
    }
  }

  public var items: [Item]
  public var columns: Int

  public init(items: [Item], columns: Int) {
    self.items = items
    self.columns = max(1, columns)
  }
}

/// Boxes joined by arrows: the layers of a network.
public struct GraphMark: Equatable, Sendable {
  public struct Node: Equatable, Sendable {
    public var title: String
    public var detail: String
    /// The colour of the box's edge: nodes of one kind share it.
    public var kind: Int

    public init(title: String, detail: String = "", kind: Int = 0) {
      self.title = title
      self.detail = detail
      self.kind = kind
    }
  }

  public struct Edge: Equatable, Sendable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  public var nodes: [Node]
  public var edges: [Edge]

  /// Edges between nodes that do not exist are left out.
  public init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) && $0.from != $0.to }
  }
}

/// The units of a small network as circles, its weights as lines: colour is the sign, width the size.
public struct NeuronMark: Equatable, Sendable {
  public struct Layer: Equatable, Sendable {
    public var name: String
    public var count: Int
    /// Weights from the layer before, row after row: one row for each unit there; empty where they are not known.
    public var weights: [Double]

    public init(name: String, count: Int, weights: [Double] = []) {
      self.name = name
      self.count = max(0, count)
      self.weights = weights
    }
  }

  public var layers: [Layer]
  /// The most units of a layer that are drawn; the rest is a row of dots.
  public static let shownUnits = 12

  public init(layers: [Layer]) { self.layers = layers }
}

/// A surface over a grid, seen from above at an angle.
public struct SurfaceMark: Equatable, Sendable {
  public var values: [Double]
  public var rows: Int
  public var columns: Int
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>
  public var colormap: Colormap

  public init(
    values: [Double], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
    colormap: Colormap = .sequential
  ) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.x = x
    self.y = y
    self.colormap = colormap
  }
}

/// One line of a legend.
public struct LegendEntry: Equatable, Sendable {
  /// The sign before the name.
  public enum Sign: Equatable, Sendable {
    case line(Dash)
    case point
    case area
  }

  public var name: String
  public var ink: Ink
  public var sign: Sign

  public init(name: String, ink: Ink, sign: Sign) {
    self.name = name
    self.ink = ink
    self.sign = sign
  }
}
