import NeuralNetworks
import Tensors

/// What a training left behind.
public final class Run {
  /// One row an epoch: `epoch, loss, <metrics>, val_loss, val_<metrics>, rate`. The same program gives the same bytes.
  public internal(set) var history = Columns()
  /// One row an epoch, apart from the history because it never repeats: `epoch, seconds, samples_per_second`.
  public internal(set) var timing = Columns()
  /// Why it ended before its last epoch; nil where it did not.
  public internal(set) var stopped: String?
  /// The best epoch so far by what was watched.
  public internal(set) var best: Best?
  /// The histograms that `track` took: columns `epoch what layer bin_start bin_end count`.
  public internal(set) var tracked: Columns?
  /// Updates made, over all epochs.
  public internal(set) var steps = 0
  /// What was trained.
  public let model: Layer
  /// How the steps ran, for `explain`.
  public internal(set) var explanation = "no step ran"

  /// The epoch with the best value of a column.
  public struct Best: Sendable, Equatable {
    public var epoch: Int
    public var monitor: String
    public var value: Double
  }

  init(model: Layer) { self.model = model }
}

/// Whether a column is better small or large.
public enum Direction: Sendable {
  case smaller, larger

  /// Shares of right answers want to grow; losses and errors want to shrink.
  public static func of(column: String) -> Direction {
    let name = column.hasPrefix("val_") ? String(column.dropFirst(4)) : column
    let growing = ["accuracy", "precision", "recall", "f1", "auc", "r2"]
    return growing.contains { name == $0 || name.hasSuffix("_\($0)") || name.hasPrefix("\($0)_") } ? .larger : .smaller
  }

  /// True where `value` beats `best` by more than `margin`. Nan beats nothing, and everything beats nan.
  public func isBetter(_ value: Double, than best: Double, by margin: Double = 0) -> Bool {
    if value.isNaN { return false }
    if best.isNaN { return true }
    return self == .smaller ? value < best - margin : value > best + margin
  }

  /// What every number beats.
  public var worst: Double { self == .smaller ? .infinity : -.infinity }
}
