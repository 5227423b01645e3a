import Charts
import Interpreter

/// A chart as a value. `a + b` puts the second over the first.
final class ChartObject: ObjectValue, Pictured {
  let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  override var typeName: String { "chart" }
  override func text(_ style: DisplayStyle) -> String {
    switch chart.content {
    case .panel(let panel): panel.title.isEmpty ? "<chart>" : "<chart \(panel.title)>"
    case .grid(let charts, _): "<\(Wording.counted(charts.count, "chart"))>"
    }
  }
  override func isEqual(to other: ObjectValue) -> Bool { (other as? ChartObject)?.chart == chart }

  override func binary(
    _ operation: ObjectOperator, left: Value, right: Value, _ context: CallContext
  ) throws -> Value? {
    guard operation == .add, case .object(let first as ChartObject) = left,
      case .object(let second as ChartObject) = right
    else { return nil }
    return .object(ChartObject(first.chart + second.chart))
  }

  public var svg: String? { chart.svg() }

  public func terminalText(width: Int, usesColor: Bool) -> String? {
    chart.terminal(TerminalStyle(width: width, colours: usesColor ? .indexed : .none))
  }
}
