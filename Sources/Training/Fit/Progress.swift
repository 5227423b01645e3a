/// What a training tells while it runs; whoever draws it decides how.
public enum ProgressEvent: Sendable {
  /// It begins: the number of its last epoch, of its first, and the batches of one (nil where unknown).
  case started(epochs: Int, first: Int, batches: Int?)
  /// A batch ended; at most ten of these come in a second.
  case batch(BatchProgress)
  /// An epoch ended.
  case epoch(EpochProgress)
  /// It ended; `stopped` says why where that was before the last epoch.
  case ended(stopped: String?)
}

/// Where a training stands within an epoch.
public struct BatchProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  /// Batches of this epoch that are done.
  public var batch: Int
  public var batches: Int?
  public var rate: Double
  /// The mean loss of the epoch so far, then the metrics.
  public var values: [(name: String, value: Double)]
  /// Seconds that the rest of the training will take at the speed so far; nil where unknown.
  public var secondsLeft: Double?
}

/// An epoch's row of the history, and its time.
public struct EpochProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  public var values: [(name: String, value: Double)]
  public var seconds: Double
  public var samplesPerSecond: Double
  public var secondsLeft: Double?
}

/// Passes progress on, batches at most ten times a second.
struct ProgressReporter {
  let report: (ProgressEvent) -> Void
  private var lastBatch: ContinuousClock.Instant?

  init(_ report: @escaping (ProgressEvent) -> Void) { self.report = report }

  /// True where a batch's progress would be passed on now, so that nobody computes what is not shown.
  mutating func wantsBatch() -> Bool {
    let now = ContinuousClock.now
    if let lastBatch, now - lastBatch < .milliseconds(100) { return false }
    lastBatch = now
    return true
  }
}

extension Duration {
  /// The duration as a number.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
