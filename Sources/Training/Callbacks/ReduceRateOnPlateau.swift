import Tensors

/// Multiplies the rate by `factor` when a column of the history has not become better for `patience` epochs.
public final class ReduceRateOnPlateau: Callback {
  public let name = "reduce_rate_on_plateau"
  public let factor: Double
  public let patience: Int
  public let minimum: Double
  public let cooldown: Int
  private var watch: Watch
  private var resting = 0

  /// - Parameters:
  ///   - minimum: the rate does not fall below it.
  ///   - cooldown: epochs to wait after a reduction before counting again.
  /// - Throws: a value error for a factor that is not between 0 and 1, or negative counts.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, margin: Double = 1e-4, minimum: Double = 0,
    cooldown: Int = 0
  ) throws {
    guard factor > 0, factor < 1, patience >= 0, margin >= 0, minimum >= 0, cooldown >= 0 else {
      throw TensorError(
        .value,
        "reduce_rate_on_plateau needs a factor between 0 and 1, and patience, min_delta, min_rate and cooldown of at least 0"
      )
    }
    self.factor = factor
    self.patience = patience
    self.minimum = minimum
    self.cooldown = cooldown
    watch = Watch(monitor, margin: margin)
  }

  public func started(_ state: TrainingState) throws {
    try state.requireColumn(watch.monitor, for: name)
    watch = watch.fresh
    resting = 0
  }

  public func epochEnded(_ state: TrainingState) throws {
    if resting > 0 {
      resting -= 1
      watch.waited = 0
    }
    if watch.isBest(state.value(watch.monitor) ?? .nan, epoch: state.epoch) { return }
    if resting > 0 {
      watch.waited = 0
    } else if watch.waited >= max(patience, 1) {
      state.scaleRate(by: factor, atLeast: minimum)
      watch.waited = 0
      resting = cooldown
    }
  }

  public var memory: CallbackMemory {
    get {
      var memory = CallbackMemory()
      memory.fields = watch.fields
      memory.fields["resting"] = .number(Double(resting))
      return memory
    }
    set {
      watch.fields = newValue.fields
      resting = newValue.fields["resting"]?.integer ?? 0
    }
  }
}

/// Calls a function after every epoch or every batch.
public final class FunctionCallback: Callback {
  public enum Moment: String, Sendable { case epoch = "on_epoch", batch = "on_batch" }

  public let moment: Moment
  public var name: String { moment.rawValue }
  private let function: (TrainingState) throws -> Bool

  /// - Parameter function: false ends the training.
  public init(_ moment: Moment, _ function: @escaping (TrainingState) throws -> Bool) {
    self.moment = moment
    self.function = function
  }

  public func batchEnded(_ state: TrainingState) throws {
    if moment == .batch, try !function(state) { state.stop("the function of \(name) gave false") }
  }

  public func epochEnded(_ state: TrainingState) throws {
    if moment == .epoch, try !function(state) { state.stop("the function of \(name) gave false") }
  }
}
