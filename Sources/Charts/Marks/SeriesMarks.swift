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
