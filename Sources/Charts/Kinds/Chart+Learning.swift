import FileFormats

extension Chart {
  /// One quantity of a training run: its values over the epochs, and those on the validation data.
  public struct Curve: Equatable, Sendable {
    public var name: String
    public var values: [Double]
    /// Empty where there was no validation.
    public var validation: [Double]

    public init(name: String, values: [Double], validation: [Double] = []) {
      self.name = name
      self.values = values
      self.validation = validation
    }
  }

  /// How a training run went: the loss above, metrics below; training solid and validation dashed in the same colour.
  ///
  /// Metrics that share a range (0 to 1, say) share a panel; others have one each, at most three.
  public static func history(
    epochs: [Double], loss: Curve?, metrics: [Curve] = [], title: String = "", hasLogarithmicLoss: Bool = false
  ) -> Chart {
    var panels: [Panel] = []
    if let loss {
      var panel = Panel(marks: marks(of: [loss], epochs: epochs), x: Axis(label: "epoch"), y: Axis(label: loss.name))
      if hasLogarithmicLoss { panel.y.scale = .log }
      panels.append(panel)
    }
    func isShare(_ curve: Curve) -> Bool {
      (curve.values + curve.validation).allSatisfy { !$0.isFinite || ($0 >= 0 && $0 <= 1) }
    }
    let shares = metrics.filter(isShare)
    if !shares.isEmpty {
      let label = shares.count == 1 ? shares[0].name : "metrics"
      panels.append(
        Panel(marks: marks(of: shares, epochs: epochs), x: Axis(label: "epoch"), y: Axis(label: label)))
    }
    for metric in metrics.filter({ !isShare($0) }).prefix(3) {
      panels.append(
        Panel(marks: marks(of: [metric], epochs: epochs), x: Axis(label: "epoch"), y: Axis(label: metric.name)))
    }
    guard panels.count > 1 else {
      var panel = panels.first ?? Panel()
      panel.title = title
      return Chart(panel)
    }
    for index in panels.indices.dropLast() { panels[index].x.label = "" }
    return .grid(panels.map { Chart($0) }, columns: 1, title: title)
  }

  private static func marks(of curves: [Curve], epochs: [Double]) -> [Mark] {
    curves.enumerated().flatMap { position, curve -> [Mark] in
      var lines = [
        Mark.line(LineMark(x: epochs, y: curve.values, name: curve.name, ink: .series(position)))
      ]
      if !curve.validation.isEmpty {
        lines.append(
          .line(
            LineMark(x: epochs, y: curve.validation, name: "val_" + curve.name, ink: .series(position), dash: .dashed)))
      }
      return lines
    }
  }

  /// Receiver operating characteristics: the share of positives found over the share of false alarms, with chance as
  /// the diagonal.
  public static func roc(
    _ curves: [(name: String, falsePositives: [Double], truePositives: [Double], area: Double?)], title: String = ""
  ) -> Chart {
    let marks = curves.map { curve in
      Mark.line(
        LineMark(x: curve.falsePositives, y: curve.truePositives, name: named(curve.name, "AUC", curve.area)))
    }
    return Chart(
      Panel(
        marks: [.rule(RuleMark(.diagonal, name: "chance"))] + marks, title: title,
        x: Axis(label: "false positive rate", minimum: 0, maximum: 1),
        y: Axis(label: "true positive rate", minimum: 0, maximum: 1), hasEqualSteps: true))
  }

  /// Precision over recall.
  public static func precisionRecall(
    _ curves: [(name: String, recall: [Double], precision: [Double], area: Double?)], title: String = ""
  ) -> Chart {
    let marks = curves.map { curve in
      Mark.line(LineMark(x: curve.recall, y: curve.precision, name: named(curve.name, "AP", curve.area)))
    }
    return Chart(
      Panel(
        marks: marks, title: title, x: Axis(label: "recall", minimum: 0, maximum: 1),
        y: Axis(label: "precision", minimum: 0, maximum: 1), hasEqualSteps: true))
  }

  private static func named(_ name: String, _ quantity: String, _ area: Double?) -> String {
    guard let area else { return name }
    let value = "\(quantity) \(NumberText.fixed(area, decimals: 3))"
    return name.isEmpty ? value : "\(name) (\(value))"
  }

  /// The distribution of each parameter's values, one small histogram each.
  public static func weights(_ parameters: [(name: String, values: [Double])], title: String = "") -> Chart {
    let charts = parameters.enumerated().map { position, parameter in
      var chart = histogram([("", parameter.values)], title: parameter.name, yLabel: "")
      chart = chart.changing { panel in
        if case .bars(var bars) = panel.marks[0] {
          bars.ink = .series(position)
          panel.marks[0] = .bars(bars)
        }
      }
      chart.size = Size(width: 360, height: 220)
      return chart
    }
    return .grid(charts, columns: min(3, max(1, charts.count)), title: title)
  }

  /// An activation function and its derivative.
  public static func activation(
    name: String, x: [Double], values: [Double], derivative: [Double] = [], title: String = ""
  ) -> Chart {
    var marks = [Mark.line(LineMark(x: x, y: values, name: name))]
    if !derivative.isEmpty {
      marks.append(.line(LineMark(x: x, y: derivative, name: "derivative", dash: .dashed)))
    }
    return Chart(
      Panel(marks: [.rule(RuleMark(.vertical(0), dash: .dotted))] + marks, title: title, x: Axis(label: "x")))
  }

  /// The layers of a network as boxes joined by arrows.
  public static func graph(nodes: [GraphMark.Node], edges: [GraphMark.Edge], title: String = "") -> Chart {
    Chart(Panel(marks: [.graph(GraphMark(nodes: nodes, edges: edges))], title: title, showsAxes: false))
  }

  /// The units of a small network as circles, its weights as lines.
  public static func neurons(_ layers: [NeuronMark.Layer], title: String = "") -> Chart {
    Chart(Panel(marks: [.neurons(NeuronMark(layers: layers))], title: title, showsAxes: false))
  }
}
