/// A picture of data, as a value: a panel, or a grid of charts. It is drawn as SVG (``svg()``) or in a terminal
/// (``terminal(_:)``).
public struct Chart: Equatable, Sendable {
  /// What a chart consists of.
  public enum Content: Equatable, Sendable {
    case panel(Panel)
    case grid([Chart], columns: Int)
  }

  public var content: Content
  /// The size in pixels; nil leaves it to the content.
  public var size: Size?
  /// A title above a grid; a panel has its own.
  public var title = ""

  public init(_ panel: Panel, size: Size? = nil) {
    content = .panel(panel)
    self.size = size
  }

  /// Charts side by side, in rows of `columns`.
  public static func grid(_ charts: [Chart], columns: Int = 2, title: String = "", size: Size? = nil) -> Chart {
    var chart = Chart(Panel(), size: size)
    chart.content = .grid(charts, columns: max(1, columns))
    chart.title = title
    return chart
  }

  /// The panel, where the chart is one.
  public var panel: Panel? { if case .panel(let panel) = content { panel } else { nil } }

  /// The chart with its panel changed; a grid stays as it is.
  public func changing(_ change: (inout Panel) -> Void) -> Chart {
    guard case .panel(var panel) = content else { return self }
    change(&panel)
    var chart = self
    chart.content = .panel(panel)
    return chart
  }

  /// Both charts in one panel, the second above the first; titles, labels and limits are the first's where it has them.
  /// Grids stand beside each other instead.
  public static func + (first: Chart, second: Chart) -> Chart {
    guard case .panel(let below) = first.content, case .panel(let above) = second.content else {
      return .grid([first, second], columns: 2)
    }
    var chart = first
    chart.content = .panel(below.overlaid(with: above))
    chart.size = first.size ?? second.size
    return chart
  }
}

/// A width and a height in pixels.
public struct Size: Hashable, Sendable {
  public var width: Double
  public var height: Double

  /// Sizes are kept between 40 and 10,000 pixels.
  public init(width: Double, height: Double) {
    func bounded(_ value: Double) -> Double { value.isNaN ? 400 : min(max(value, 40), 10_000) }
    self.width = bounded(width)
    self.height = bounded(height)
  }
}

/// Marks within a pair of axes.
public struct Panel: Equatable, Sendable {
  public var marks: [Mark]
  public var title: String
  public var x: Axis
  public var y: Axis
  /// Whether names of marks are explained; a single unnamed mark needs none.
  public var showsLegend: Bool
  /// Whether there are axes: pictures and networks have none.
  public var showsAxes: Bool
  /// Whether a step in x is as long as a step in y.
  public var hasEqualSteps: Bool

  public init(
    marks: [Mark] = [], title: String = "", x: Axis = Axis(), y: Axis = Axis(), showsLegend: Bool = true,
    showsAxes: Bool = true, hasEqualSteps: Bool = false
  ) {
    self.marks = marks
    self.title = title
    self.x = x
    self.y = y
    self.showsLegend = showsLegend
    self.showsAxes = showsAxes
    self.hasEqualSteps = hasEqualSteps
  }

  /// This panel with the marks of another above.
  func overlaid(with other: Panel) -> Panel {
    var panel = self
    panel.marks += other.marks
    if panel.title.isEmpty { panel.title = other.title }
    panel.x = x.completed(by: other.x)
    panel.y = y.completed(by: other.y)
    panel.showsLegend = showsLegend && other.showsLegend
    panel.showsAxes = showsAxes || other.showsAxes
    panel.hasEqualSteps = hasEqualSteps || other.hasEqualSteps
    return panel
  }
}

/// One axis of a panel.
public struct Axis: Equatable, Sendable {
  public enum Scale: String, Sendable {
    case linear
    /// Equal steps are equal factors; values that are not positive are left out.
    case log
  }

  public var label: String
  public var scale: Scale
  /// The least value shown; nil fits the data.
  public var minimum: Double?
  /// The largest value shown; nil fits the data.
  public var maximum: Double?
  /// Names for the positions 0, 1, 2, … instead of numbers.
  public var categories: [String]
  /// Larger values come first: rows of a matrix from the top.
  public var isReversed: Bool
  /// Only whole numbers get a label: rows and columns of a matrix.
  public var isCounted: Bool

  public init(
    label: String = "", scale: Scale = .linear, minimum: Double? = nil, maximum: Double? = nil,
    categories: [String] = [], isReversed: Bool = false, isCounted: Bool = false
  ) {
    self.label = label
    self.scale = scale
    self.minimum = minimum
    self.maximum = maximum
    self.categories = categories
    self.isReversed = isReversed
    self.isCounted = isCounted
  }

  /// This axis, with what it lacks from another.
  func completed(by other: Axis) -> Axis {
    Axis(
      label: label.isEmpty ? other.label : label, scale: scale == .log ? .log : other.scale,
      minimum: minimum ?? other.minimum, maximum: maximum ?? other.maximum,
      categories: categories.isEmpty ? other.categories : categories, isReversed: isReversed || other.isReversed,
      isCounted: isCounted || other.isCounted)
  }
}
