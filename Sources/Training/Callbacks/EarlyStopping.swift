import NeuralNetworks
import Tensors

/// Stops when a column of the history has not become better for `patience` epochs, and puts the best epoch's weights
/// back.
public final class EarlyStopping: Callback {
  public let name = "early_stopping"
  public let patience: Int
  public let restoresBest: Bool
  private var watch: Watch
  private var bestWeights: [(path: String, value: Tensor)] = []

  /// - Parameters:
  ///   - monitor: the column; whether it wants to fall or to grow follows from its name.
  ///   - margin: what counts as better.
  /// - Throws: a value error for a negative patience or margin.
  public init(
    monitor: String = "val_loss", patience: Int = 5, margin: Double = 0, restoresBest: Bool = true
  ) throws {
    guard patience >= 0, margin >= 0 else {
      throw TensorError(
        .value, "early_stopping needs patience and min_delta of at least 0, and got \(patience) and \(margin)")
    }
    self.patience = patience
    self.restoresBest = restoresBest
    watch = Watch(monitor, margin: margin)
  }

  public var monitor: String { watch.monitor }

  public func started(_ state: TrainingState) throws {
    try state.requireColumn(monitor, for: name)
    watch = watch.fresh
    bestWeights = []
  }

  public func epochEnded(_ state: TrainingState) throws {
    if watch.isBest(state.value(monitor) ?? .nan, epoch: state.epoch) {
      if restoresBest { bestWeights = state.model.parameters.map { ($0.path, $0.parameter.value) } }
    } else if watch.waited >= max(patience, 1) {
      state.stop("\(monitor) did not improve for \(watch.waited) epoch\(watch.waited == 1 ? "" : "s")")
    }
  }

  public func ended(_ state: TrainingState) throws {
    if restoresBest, !bestWeights.isEmpty { try state.model.setParameters(bestWeights) }
  }

  public var memory: CallbackMemory {
    get {
      var memory = CallbackMemory()
      memory.fields = watch.fields
      for (path, value) in bestWeights { memory.tensors[path] = value }
      return memory
    }
    set {
      watch.fields = newValue.fields
      bestWeights = newValue.tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }
}
