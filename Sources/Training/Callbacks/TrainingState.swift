import NeuralNetworks
import Tensors

/// What callbacks see of a running training, and can do to it.
public final class TrainingState {
  public let model: Layer
  public let optimizer: Optimizer
  public let run: Run
  /// Counted from 1.
  public internal(set) var epoch = 0
  /// The number of the last epoch.
  public internal(set) var epochs = 0
  /// Batches of this epoch that are done.
  public internal(set) var batch = 0
  /// The loss of the last batch before its update.
  public internal(set) var batchLoss = Double.nan
  /// The rate of the last update.
  public internal(set) var rate = Double.nan
  /// The history's names, known from the start.
  public internal(set) var columns: [String] = []
  /// This epoch's row of the history; complete when the epoch has ended.
  public internal(set) var row: [(name: String, value: Double)] = []
  /// Why the training will end early; nil while it goes on.
  public internal(set) var stopReason: String?
  /// True where the epoch ended before its last batch.
  public internal(set) var isPartialEpoch = false
  /// The factor that callbacks have put on the schedule's rate, and what it keeps the rate above.
  private(set) var rateFactor = 1.0
  private(set) var leastRate = 0.0
  private let schedule: Schedule
  /// The last batch of the epoch, for those who look inside the network.
  var lastBatch: Batch?
  /// Computes losses as the training does, for those who look inside the network.
  let objective: Objective
  /// All callbacks, in the order of the call.
  var callbacks: [any Callback] = []

  init(model: Layer, optimizer: Optimizer, objective: Objective, run: Run) {
    self.model = model
    self.optimizer = optimizer
    self.objective = objective
    self.run = run
    schedule = optimizer.rate
  }

  /// A value of this epoch's row.
  public func value(_ column: String) -> Double? { row.first { $0.name == column }?.value }

  /// Ends the training after this epoch (or batch) with a reason that `run.stopped` gives; the first reason counts.
  public func stop(_ reason: String) { if stopReason == nil { stopReason = reason } }

  /// Multiplies what the schedule gives, from now on.
  public func scaleRate(by factor: Double, atLeast minimum: Double = 0) {
    setRate(factor: rateFactor * factor, minimum: max(leastRate, minimum))
  }

  /// Puts a factor on the schedule's rate; it never raises a rate to `minimum` that the schedule itself puts below it.
  func setRate(factor: Double, minimum: Double) {
    (rateFactor, leastRate) = (factor, minimum)
    guard factor != 1 else { return }
    let base = schedule
    var scaled = Schedule(name: "scaled") { step in
      let rate = try base(step)
      return max(rate * factor, min(rate, minimum))
    }
    scaled.configuration = base.configuration
    optimizer.rate = scaled
  }

  /// Checks that the history will have a column.
  /// - Throws: a value error that names the columns there are.
  public func requireColumn(_ column: String, for callback: String) throws {
    guard !columns.contains(column) else { return }
    let known = columns.map { "`\($0)`" }.joined(separator: ", ")
    var hint: String?
    if column.hasPrefix("val_"), !columns.contains("val_loss") {
      hint = "give fit a validation: (x, y) or a share such as 0.2, or watch \"\(column.dropFirst(4))\""
    }
    throw TensorError(.value, "\(callback) watches `\(column)`, and the history has \(known)", hint: hint)
  }
}
