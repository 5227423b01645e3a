import NeuralNetworks
import Tensors

/// What a training judges itself by after every epoch.
public enum Validation {
  /// The last rows of the data, taken away before any shuffling, as Keras does.
  case fraction(Double)
  case data(any Dataset)
  case batches(any BatchSource)
}

/// What a training learns from.
public enum FitSource {
  case data(any Dataset)
  /// Batches that come as they are; `batch` and `shuffle` of the options do not apply.
  case batches(any BatchSource)
}

/// Everything that `fit` can be told beside model and data; the defaults are the language's.
public struct FitOptions {
  public var lossWeights: [Double] = []
  public var epochs = 1
  public var batchSize = 32
  public var validation: Validation?
  /// Rows of a validation batch.
  public var validationBatchSize = 256
  public var metrics: [any Metric] = []
  public var callbacks: [any Callback] = []
  public var classWeights: [Int: Double]?
  public var shuffle = true
  /// Epochs that count as done: training starts with the next one.
  public var initialEpoch = 0
  /// Where the training goes on from.
  public var resume: Checkpoint?
  /// Told how it goes; nil for silence.
  public var progress: ((ProgressEvent) -> Void)?

  /// Whether steps are traced and planned; false runs every operation by itself, with the same numbers to rounding.
  public var usesPrograms = true
  /// Why steps cannot be planned: a function of the user's own reads what may change from step to step. Nil where they can.
  public var stepByStep: String?
  /// Layers beside the model that functions of the user's own call: their weights are read anew for every step.
  public var otherLayers: [Layer] = []

  public init() {}
}

/// How the user's wish to stop reaches a training. Whoever runs programs sets both.
public enum Interruption {
  /// How often the user has asked since the program began.
  nonisolated(unsafe) public static var requests: () -> Int = { 0 }
  /// Called when a request has been served, so that it does not stop what comes next.
  nonisolated(unsafe) public static var serve: () -> Void = {}
}
