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
