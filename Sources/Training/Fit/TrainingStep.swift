import NeuralNetworks
import Tensors

/// What a step gives back.
struct StepResult {
  /// The loss of the batch, penalties included, before the update.
  var loss: Double
  /// What the model said, for the metrics.
  var outputs: [Tensor]
}

/// How one batch is learnt from or judged. One way runs operation by operation, another runs a planned program.
protocol TrainingStep: AnyObject {
  /// Forward pass, loss, gradients and update. Where the loss is not finite nothing is updated.
  func train(_ batch: Batch) throws -> StepResult
  /// Forward pass and loss, as in use.
  func evaluate(_ batch: Batch) throws -> StepResult
  /// Updates that the optimizer's schedule counts.
  var stepCount: Int { get }
  /// Gives back to the optimizer what the step keeps for itself between updates.
  func synchronize()
  /// Takes the optimizer's state anew, after it was set from outside.
  func reload()
  /// How it ran, in a sentence.
  var explanation: String { get }
}

/// A step made of the operations as they come.
final class EagerStep: TrainingStep {
  let model: Layer
  let objective: Objective
  let optimizer: Optimizer

  init(model: Layer, objective: Objective, optimizer: Optimizer) {
    self.model = model
    self.objective = objective
    self.optimizer = optimizer
  }

  let explanation = "every operation ran by itself"
  var stepCount: Int { optimizer.stepCount }
  func synchronize() {}
  func reload() {}

  func train(_ batch: Batch) throws -> StepResult {
    let (loss, outputs, gradients) = try EagerStep.differentiate(model: model, objective: objective, batch: batch)
    let value = try loss.item()
    if value.isFinite { try optimizer.step(model, gradients: gradients) }
    return StepResult(loss: value, outputs: outputs)
  }

  func evaluate(_ batch: Batch) throws -> StepResult {
    try Evaluation.step(model: model, objective: objective, batch: batch)
  }

  /// A training pass over one batch: loss, outputs and the gradients of the trainable weights, in their order.
  static func differentiate(
    model: Layer, objective: Objective, batch: Batch, observer: ((String, Layer, [Tensor]) throws -> Void)? = nil
  ) throws -> (loss: Tensor, outputs: [Tensor], gradients: [Tensor]) {
    var outputs: [Tensor] = []
    let (loss, gradients) = try model.valueAndGradients {
      let context = LayerContext(isTraining: true)
      context.observer = observer
      outputs = try model(batch.inputs, context)
      try objective.checkCounts(outputs: outputs.count, targets: batch.targets.count)
      let loss = try objective.value(outputs: outputs, targets: batch.targets, weights: batch.weights)
      return try model.penalty(context).map { try loss + $0 } ?? loss
    }
    return (loss, outputs, gradients)
  }
}

/// Judging without learning.
enum Evaluation {
  /// One batch: loss with weight penalties, and outputs.
  static func step(model: Layer, objective: Objective, batch: Batch) throws -> StepResult {
    let (loss, outputs) = try pass(model: model, objective: objective, batch: batch)
    return StepResult(loss: try loss.item(), outputs: outputs)
  }

  /// The same as tensors.
  static func pass(model: Layer, objective: Objective, batch: Batch) throws -> (loss: Tensor, outputs: [Tensor]) {
    let context = LayerContext(isTraining: false)
    let outputs = try model(batch.inputs, context)
    try objective.checkCounts(outputs: outputs.count, targets: batch.targets.count)
    var loss = try objective.value(outputs: outputs, targets: batch.targets, weights: batch.weights)
    if let penalty = try model.penalty(context) { loss = try loss + penalty }
    return (loss, outputs)
  }

  /// A pass over a source: the mean of the batch losses over rows, and the metrics, exact over all rows.
  static func pass(
    _ source: any BatchSource, metrics: [any Metric], step: (Batch) throws -> StepResult
  ) throws -> [(name: String, value: Double)] {
    let pass = try source.startPass()
    var board: MetricBoard?
    var sum = 0.0
    var rows = 0
    while let batch = try pass.next() {
      let result = try step(batch)
      sum += result.loss * Double(batch.rowCount)
      rows += batch.rowCount
      let counters = board ?? MetricBoard(metrics, outputs: result.outputs.count)
      board = counters
      try counters.add(outputs: result.outputs, targets: batch.targets)
    }
    guard let board, rows > 0 else { throw TensorError(.value, "there are no rows to evaluate on") }
    return [("loss", sum / Double(rows))] + (try board.results())
  }
}
