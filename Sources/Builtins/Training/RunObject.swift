import Interpreter
import Tables
import Training

/// What `fit` gives: history, timing, why it stopped.
final class RunObject: ObjectValue {
  let run: Run

  init(_ run: Run) { self.run = run }

  override var typeName: String { "run" }
  override var memberNames: [String] {
    ["best", "explanation", "history", "net", "steps", "stopped", "timing", "tracked"]
  }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "history": return try .table(run.history)
    case "timing": return try .table(run.timing)
    case "stopped": return run.stopped.map { .text($0) } ?? Value.none
    case "best":
      guard let best = run.best else { return Value.none }
      return .fields([
        ("epoch", .number(Double(best.epoch))), ("monitor", .text(best.monitor)), ("value", .number(best.value)),
      ])
    case "tracked": return try run.tracked.map { try .table($0) } ?? Value.none
    case "steps": return .number(Double(run.steps))
    case "net": return .object(LayerObject(run.model))
    case "explanation": return .text(run.explanation)
    default: return nil
    }
  }

  /// One line: how many epochs, and the last row.
  override func text(_ style: DisplayStyle) -> String {
    let epochs = run.history.rowCount
    var parts = ["run of \(Wording.counted(epochs, "epoch"))"]
    if epochs > 0 {
      parts += run.history.row(epochs - 1).filter { $0.name != "epoch" && $0.name != "rate" }.map {
        "\($0.name) \(NumberText.short($0.value))"
      }
    }
    if let stopped = run.stopped { parts.append("stopped: \(stopped)") }
    return parts.joined(separator: ", ")
  }

  func historyTable() throws -> Table {
    guard case .object(let object as TableObject) = try Value.table(run.history) else { return Table() }
    return object.table
  }

  /// What JSON holds of it: all that repeats.
  var summary: Value {
    get throws {
      .fields([
        ("history", try .table(run.history)), ("steps", .number(Double(run.steps))),
        ("stopped", run.stopped.map { .text($0) } ?? .none),
      ])
    }
  }
}

/// `explain(run)`.
func registerExplaining(_ catalogue: inout Catalogue) {
  catalogue.add(
    "explain", "(run)", .training,
    "How the steps of a training were computed: what ran as one planned program, its memory, and why anything did not.",
    example: "type(explain(fit(dense(1), [0; 1], [1; 3], loss: mse, optimizer: sgd(), verbose: false)))  # string"
  ) { a, _ in .text(try a.object(0, RunObject.self, wanted: "what fit gives").run.explanation) }
}
