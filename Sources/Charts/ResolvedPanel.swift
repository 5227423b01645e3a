/// A panel with everything that depends on its data worked out: colours, the ranges of both axes, the legend.
struct ResolvedPanel {
  let panel: Panel
  /// The marks with no automatic colour left.
  let marks: [Mark]
  let legend: [LegendEntry]
  var x: Domain
  var y: Domain
  /// All x values are whole numbers: epochs, steps.
  let hasWholeX: Bool
  /// There is nothing finite to show.
  let isEmpty: Bool

  /// - Parameter yCount: about how many labels the y axis has room for; its ends are round numbers of such steps.
  init(_ panel: Panel, yCount: Int = 6) {
    self.panel = panel
    marks = ResolvedPanel.inked(panel.marks)
    legend = panel.showsLegend ? ResolvedPanel.legend(of: marks) : []
    let horizontal = ResolvedPanel.extent(of: marks, logarithmic: panel.x.scale == .log, vertical: false)
    let vertical = ResolvedPanel.extent(of: marks, logarithmic: panel.y.scale == .log, vertical: true)
    isEmpty = horizontal.isEmpty || vertical.isEmpty
    hasWholeX = marks.allSatisfy(\.hasWholeX)
    x = ResolvedPanel.domain(horizontal, axis: panel.x, fit: ResolvedPanel.horizontalFit(marks), count: yCount)
    y = ResolvedPanel.domain(vertical, axis: panel.y, fit: ResolvedPanel.verticalFit(marks), count: yCount)
  }

  /// How a range follows from the data.
  enum Fit {
    /// Exactly the data.
    case tight
    /// The data and a little room.
    case padded
    /// Out to the next round numbers.
    case round
  }

  private static func horizontalFit(_ marks: [Mark]) -> Fit {
    let tight = marks.contains { mark in
      switch mark {
      case .line, .cells, .raster, .contour: true
      default: false
      }
    }
    return tight ? .tight : .padded
  }

  private static func verticalFit(_ marks: [Mark]) -> Fit {
    let tight = marks.contains { mark in
      switch mark {
      case .cells, .raster, .contour: true
      default: false
      }
    }
    return tight ? .tight : .round
  }

  private static func domain(_ extent: Extent, axis: Axis, fit: Fit, count: Int) -> Domain {
    var step: Double?
    let isLogarithmic = axis.scale == .log
    var low = extent.isEmpty ? (isLogarithmic ? 0.1 : 0) : extent.low
    var high = extent.isEmpty ? (isLogarithmic ? 10 : 1) : extent.high
    if !axis.categories.isEmpty {
      low = min(low, -0.5)
      high = max(high, Double(axis.categories.count) - 0.5)
    }
    (low, high) = Domain.widened(low, high, isLogarithmic: isLogarithmic)
    if axis.categories.isEmpty {
      switch (fit, isLogarithmic) {
      case (.tight, _), (.round, true): break
      case (.padded, true):
        let factor = Domain.power(high / low, 0.03)
        (low, high) = (low / factor, high * factor)
      case (.padded, false):
        let room = (high - low) * 0.03
        (low, high) = (low - room, high + room)
      case (.round, false):
        let round = Ticks.step(low, high, count: count)
        if round > 0 {
          (low, high) = ((low / round + 1e-9).rounded(.down) * round, (high / round - 1e-9).rounded(.up) * round)
          if axis.minimum == nil && axis.maximum == nil { step = round }
        }
      }
    }
    if let minimum = axis.minimum, minimum.isFinite, !isLogarithmic || minimum > 0 { low = minimum }
    if let maximum = axis.maximum, maximum.isFinite, !isLogarithmic || maximum > 0 { high = maximum }
    if low > high { (low, high) = (high, low) }
    (low, high) = Domain.widened(low, high, isLogarithmic: isLogarithmic)
    return Domain(low: low, high: high, isLogarithmic: isLogarithmic, isReversed: axis.isReversed, step: step)
  }

  private static func extent(of marks: [Mark], logarithmic: Bool, vertical: Bool) -> Extent {
    var extent = Extent()
    for mark in marks {
      switch mark {
      case .line(let mark):
        extent.include(vertical ? mark.y : mark.x, onlyPositive: logarithmic)
        if vertical && mark.fillsToZero && !logarithmic { extent.include(0) }
      case .points(let mark): extent.include(vertical ? mark.y : mark.x, onlyPositive: logarithmic)
      case .bars(let mark):
        if vertical {
          extent.include(mark.heights, onlyPositive: logarithmic)
          if !logarithmic { extent.include(0) }
        } else {
          extent.include(mark.starts + mark.ends, onlyPositive: logarithmic)
        }
      case .cells(let mark): extent.include(vertical ? mark.y : mark.x)
      case .raster(let mark): extent.include(vertical ? mark.y : mark.x)
      case .contour(let mark): extent.include(vertical ? mark.y : mark.x)
      case .surface(let mark): extent.include(vertical ? mark.y : mark.x)
      case .text(let mark): extent.include(vertical ? mark.y : mark.x)
      case .rule(let mark):
        switch mark.place {
        case .horizontal(let value) where vertical: extent.include([value], onlyPositive: logarithmic)
        case .vertical(let value) where !vertical: extent.include([value], onlyPositive: logarithmic)
        default: break
        }
      case .gallery, .graph, .neurons: extent.include(0...1)
      }
    }
    return extent
  }

  // MARK: - Colours and legend

  private static func inked(_ marks: [Mark]) -> [Mark] {
    let taken = Set(marks.compactMap { if case .series(let index) = $0.ink { index } else { nil } })
    var next = 0
    return marks.map { mark in
      guard mark.ink == .automatic else { return mark }
      while taken.contains(next), taken.count < Palette.count { next += 1 }
      defer { next += 1 }
      // Where colours begin again, lines are broken.
      if case .line(var line) = mark, line.dash == .solid, next >= Palette.count {
        line.ink = .series(next)
        line.dash = next / Palette.count % 2 == 1 ? .dashed : .dotted
        return .line(line)
      }
      return mark.inked(.series(next))
    }
  }

  private static func legend(of marks: [Mark]) -> [LegendEntry] {
    var entries: [LegendEntry] = []
    var rules: [LegendEntry] = []
    for mark in marks {
      switch mark {
      case .line(let line) where !line.name.isEmpty:
        entries.append(LegendEntry(name: line.name, ink: line.ink, sign: .line(line.dash)))
      case .points(let points) where !points.name.isEmpty:
        entries.append(LegendEntry(name: points.name, ink: points.ink, sign: .point))
      case .bars(let bars) where !bars.name.isEmpty:
        entries.append(LegendEntry(name: bars.name, ink: bars.ink, sign: .area))
      case .rule(let rule) where !rule.name.isEmpty:
        rules.append(LegendEntry(name: rule.name, ink: rule.ink, sign: .line(rule.dash)))
      case .contour(let contour) where !contour.name.isEmpty:
        entries.append(LegendEntry(name: contour.name, ink: contour.ink, sign: .line(.solid)))
      case .raster(let raster): entries += raster.legend
      default: break
      }
    }
    return entries + rules
  }
}

extension Mark {
  /// The colour, for marks that take one from the palette.
  var ink: Ink? {
    switch self {
    case .line(let mark): mark.ink
    case .points(let mark): mark.ink
    case .bars(let mark): mark.ink
    case .contour(let mark): mark.ink
    case .rule(let mark): mark.ink
    case .text(let mark): mark.ink
    default: nil
    }
  }

  func inked(_ ink: Ink) -> Mark {
    switch self {
    case .line(var mark):
      mark.ink = ink
      return .line(mark)
    case .points(var mark):
      mark.ink = ink
      return .points(mark)
    case .bars(var mark):
      mark.ink = ink
      return .bars(mark)
    case .contour(var mark):
      mark.ink = ink
      return .contour(mark)
    case .rule(var mark):
      mark.ink = ink
      return .rule(mark)
    case .text(var mark):
      mark.ink = ink
      return .text(mark)
    default: return self
    }
  }

  /// Whether the mark stands at whole x values only.
  var hasWholeX: Bool {
    switch self {
    case .line(let mark): mark.x.allSatisfy { $0.rounded() == $0 }
    case .points(let mark): mark.x.allSatisfy { $0.rounded() == $0 }
    case .rule: true
    default: false
    }
  }
}
