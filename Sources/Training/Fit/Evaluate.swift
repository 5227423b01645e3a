import NeuralNetworks
import Tensors

/// The loss and metrics of a model on data, as in use: dropout off, running statistics. The loss is the mean over rows,
/// penalties included; metrics are exact over all rows.
public func evaluate(
  _ model: Layer, _ source: FitSource, losses: [Loss], lossWeights: [Double] = [], metrics: [any Metric] = [],
  batchSize: Int = 256
) throws -> [(name: String, value: Double)] {
  let objective = try Objective(losses: losses, lossWeights: lossWeights)
  let batches: any BatchSource
  switch source {
  case .batches(let given): batches = given
  case .data(let dataset):
    if let held = dataset as? TensorDataset {
      try checkShapes(model, objective, held)
    }
    batches = try Batches(dataset, size: batchSize)
  }
  return try Evaluation.pass(batches, metrics: metrics) {
    try Evaluation.step(model: model, objective: objective, batch: $0)
  }
}

/// Compares outputs and targets by shapes, before anything is computed.
private func checkShapes(_ model: Layer, _ objective: Objective, _ dataset: TensorDataset) throws {
  do {
    let outputs = try AbstractRun.watch(forbidsEffects: true) {
      try model(dataset.inputs.map { Tensor(abstract: $0.spec) }, LayerContext())
    }
    try objective.check(outputs: outputs.map(\.spec), targets: dataset.targets)
  } catch is AbstractDataError {
    // A layer looks at values: the first batch will tell.
  }
}

/// The model's outputs for all rows, batch by batch, as in use.
/// - Returns: one tensor for each output.
public func predict(_ model: Layer, _ source: FitSource, batchSize: Int = 256) throws -> [Tensor] {
  let batches: any BatchSource
  switch source {
  case .batches(let given): batches = given
  case .data(let dataset):
    guard dataset.rowCount > 0 else {
      return try model(dataset.rows(in: 0..<0).inputs, LayerContext())
    }
    batches = try Batches(dataset, size: batchSize)
  }
  let pass = try batches.startPass()
  // A program pays where many batches of one shape follow.
  let forward = ForwardPass(model, threshold: (batches.batchCount ?? 0) >= 8 ? 0 : 2)
  var parts: [[Tensor]] = []
  while let batch = try pass.next() {
    for (index, output) in try forward(batch.inputs).enumerated() {
      if index == parts.count { parts.append([]) }
      parts[index].append(output)
    }
  }
  guard !parts.isEmpty else { throw TensorError(.value, "there are no rows to predict for") }
  return try parts.map(Rows.concatenated)
}
