import NeuralNetworks
import Tensors

/// What a training makes small: the losses of the outputs, weighted, plus the model's penalties.
public struct Objective {
  /// One loss for each output, or one for all.
  public let losses: [Loss]
  /// One factor for each loss; empty for 1.
  public let lossWeights: [Double]
  /// What a row of a class counts; nil where all count alike.
  public let classWeights: [Int: Double]?

  /// - Throws: a value error where the weights do not fit the losses or are not numbers.
  public init(losses: [Loss], lossWeights: [Double] = [], classWeights: [Int: Double]? = nil) throws {
    guard !losses.isEmpty else { throw TensorError(.value, "fit needs a loss", hint: "for example loss: mse") }
    guard lossWeights.isEmpty || lossWeights.count == losses.count else {
      throw TensorError(.value, "loss_weights has \(lossWeights.count) numbers for \(losses.count) losses")
    }
    guard lossWeights.allSatisfy(\.isFinite), (classWeights ?? [:]).values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw TensorError(.value, "weights must be finite, and those of classes not negative")
    }
    self.losses = losses
    self.lossWeights = lossWeights
    self.classWeights = classWeights
  }

  func loss(_ output: Int) -> Loss { losses.count == 1 ? losses[0] : losses[output] }

  /// The weighted sum of the outputs' losses, without penalties.
  func value(outputs: [Tensor], targets: [Tensor], weights: Tensor?) throws -> Tensor {
    var total: Tensor?
    for (index, (output, target)) in zip(outputs, targets).enumerated() {
      var part = try loss(index)(output, target, weights: weights)
      if part.rank > 0 { part = try part.mean() }
      if !lossWeights.isEmpty, lossWeights[index] != 1 { part = try part * lossWeights[index] }
      total = try total.map { try $0 + part } ?? part
    }
    guard let total else { throw TensorError(.value, "the model gives no output to compare") }
    return total
  }

  /// Checks that outputs and targets fit before anything is computed; nothing broadcasts.
  /// - Parameters:
  ///   - outputs: the model's outputs for all rows.
  ///   - targets: all targets, so that a bad label shows before the first batch.
  /// - Returns: for each output how many classes it has; nil where its target holds no class numbers.
  @discardableResult
  func check(outputs: [Spec], targets: [Tensor]) throws -> [Int?] {
    try checkCounts(outputs: outputs.count, targets: targets.count)
    var counts: [Int?] = []
    for (index, (output, target)) in zip(outputs, targets).enumerated() {
      let loss = loss(index)
      do {
        try loss.checkShapes(output, target.spec)
        let takesLabels = loss.takesClasses && loss.configuration.name != "function" && target.rank == output.rank - 1
        counts.append(takesLabels ? output.shape.last : nil)
        if takesLabels {
          try loss.checkClasses(target, count: output.shape.last ?? 0)
        } else {
          try loss.checkRange(target)
        }
      } catch let error as TensorError where outputs.count > 1 {
        throw TensorError(error.kind, "output \(index): \(error.message)", hint: error.hint)
      }
    }
    if let count = counts.first ?? nil, let unknown = classWeights?.keys.filter({ $0 < 0 || $0 >= count }).min() {
      throw TensorError(
        .value,
        "class_weights names the class \(unknown), and the model tells \(count) classes apart: 0 to \(count - 1)")
    }
    return counts
  }

  /// Refuses a softmax over a single output, which is 1 whatever the weights are, and probabilities where scores are due.
  func checkEnds(_ outputs: [Tensor]) throws {
    for (index, output) in outputs.enumerated() {
      if let logits = output.provenance?.logits, loss(index).takesLogits {
        let (name, link) = (loss(index).configuration.name, logits.link == .sigmoid ? "sigmoid" : "softmax")
        throw TensorError(
          .value, "the model ends in \(link), and \(name)(logits: true) takes scores",
          hint: "leave out the \(link), or write \(name) without `logits`")
      }
      guard output.shape.last == 1 else { continue }
      guard case .softmax(axis: -1)? = output.provenance?.logits?.link else { continue }
      throw TensorError(
        .value, "the model ends in a softmax over one output, which is 1 whatever the weights are",
        hint: "for yes or no: one output with `sigmoid`; for classes: one output for each")
    }
  }

  /// Whether an output that a loss takes for probabilities comes from neither softmax nor sigmoid.
  func mayMisread(_ outputs: [Tensor]) -> Bool {
    outputs.enumerated().contains { loss($0).probabilities != nil && $1.provenance?.logits == nil }
  }

  /// Checks that a loss of probabilities was given some.
  func checkPredictions(_ outputs: [Tensor]) throws {
    for (index, output) in outputs.enumerated() { try loss(index).checkPrediction(output) }
  }

  /// Checks the class numbers of a batch that nobody has seen before.
  /// - Parameter counts: how many classes each output has; nil where its target holds no class numbers.
  func checkClasses(_ batch: Batch, counts: [Int?]) throws {
    for (index, (target, count)) in zip(batch.targets, counts).enumerated() {
      if let count { try loss(index).checkClasses(target, count: count) }
    }
  }

  /// Checks that every output has a target and a loss.
  func checkCounts(outputs: Int, targets: Int) throws {
    guard outputs == targets else {
      throw TensorError(
        .shape, "the model gives \(outputs) output\(outputs == 1 ? "" : "s"), and there are \(targets) targets",
        hint: "give one target for each output, as a list")
    }
    guard losses.count == 1 || losses.count == outputs else {
      throw TensorError(.value, "there are \(losses.count) losses for \(outputs) output\(outputs == 1 ? "" : "s")")
    }
    guard classWeights == nil || outputs == 1 else {
      throw TensorError(.value, "class_weights are for models with one output, and this has \(outputs)")
    }
  }

  /// A batch whose weights take the classes' in.
  func weighted(_ batch: Batch) throws -> Batch {
    guard let classWeights, let target = batch.targets.first else { return batch }
    var labels = try target.doubles()
    guard target.rank < 2 || target.dtype != .int32 || isOneHot(labels, width: target.shape.last ?? 1) else {
      throw TensorError(
        .shape, "class_weights are for one label a row, and the targets have shape \(target.shape.shapeText)",
        hint: "`sample_weights` weigh rows")
    }
    if target.rank > 1, let width = target.shape.last, width > 1 {
      labels = MetricInput.argmax(labels, width: width).map(Double.init)
    }
    var factors = labels.map { label in Int(exactly: label).flatMap { classWeights[$0] } ?? 1 }
    if let weights = batch.weights {
      let own = try weights.doubles()
      guard own.count == factors.count else {
        throw TensorError(.shape, "sample_weights has \(own.count) numbers for \(factors.count) rows")
      }
      for index in factors.indices { factors[index] *= own[index] }
    }
    var result = batch
    result.weights = try Tensor(factors, shape: [factors.count], dtype: .float32)
    return result
  }
}

/// Metrics of one pass, for every output.
struct MetricBoard {
  private let counters: [(name: String, output: Int, counter: any MetricCounter)]

  /// - Parameter outputs: how many outputs there are; with several a column is named `accuracy_1`, by position.
  init(_ metrics: [any Metric], outputs: Int) {
    var counters: [(name: String, output: Int, counter: any MetricCounter)] = []
    for output in 0..<outputs {
      for metric in metrics {
        var name = outputs == 1 ? metric.name : "\(metric.name)_\(output + 1)"
        let base = name
        var repetition = 2
        while counters.contains(where: { $0.name == name }) {
          name = "\(base)_\(repetition)"
          repetition += 1
        }
        counters.append((name, output, metric.start()))
      }
    }
    self.counters = counters
  }

  var names: [String] { counters.map(\.name) }
  var isEmpty: Bool { counters.isEmpty }

  func add(outputs: [Tensor], targets: [Tensor]) throws {
    for entry in counters {
      try entry.counter.add(prediction: outputs[entry.output], target: targets[entry.output])
    }
  }

  func results() throws -> [(name: String, value: Double)] {
    try counters.map { ($0.name, try $0.counter.result()) }
  }
}
