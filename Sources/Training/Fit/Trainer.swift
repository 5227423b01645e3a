import NeuralNetworks
import Tensors

/// Trains a model.
///
/// A run's history holds, for every epoch, the mean over its rows of the batch losses, each taken before the batch's
/// update; metrics of the same outputs, exact over the epoch; the same of the validation data after the epoch; and the
/// rate of its last update. Only what every user's own loop can have is used: batches, gradients, steps.
///
/// - Throws: a shape error before the first batch where targets do not fit the outputs; a value error that names epoch,
///   batch and layer where the loss is no longer finite; whatever a callback throws.
public func fit(
  _ model: Layer, _ source: FitSource, losses: [Loss], optimizer: Optimizer, options: FitOptions = FitOptions()
) throws -> Run {
  try Trainer(model, source, losses: losses, optimizer: optimizer, options: options).train()
}

final class Trainer {
  private let model: Layer
  private let optimizer: Optimizer
  private let options: FitOptions
  private let objective: Objective
  private let training: any BatchSource
  private let validation: (any BatchSource)?
  private let run: Run
  private let state: TrainingState
  private let step: any TrainingStep
  private var reporter: ProgressReporter?
  private var outputCount = 1
  /// Labels of data in memory are checked once, before the first batch.
  private var checksEachBatch = true
  private var classCounts: [Int?] = []
  private let started = ContinuousClock.now
  private var epochsDone = 0

  init(_ model: Layer, _ source: FitSource, losses: [Loss], optimizer: Optimizer, options: FitOptions) throws {
    guard options.epochs >= 0, options.initialEpoch >= 0 else {
      throw TensorError(.value, "fit needs epochs of at least 0, and got \(min(options.epochs, options.initialEpoch))")
    }
    self.model = model
    self.optimizer = optimizer
    self.options = options
    objective = try Objective(losses: losses, lossWeights: options.lossWeights, classWeights: options.classWeights)
    (training, validation) = try Trainer.sources(source, options)
    run = Run(model: model)
    state = TrainingState(model: model, optimizer: optimizer, objective: objective, run: run)
    // Checkpoints come last, so that they hold what the others made of the epoch.
    state.callbacks =
      options.callbacks.filter { !($0 is CheckpointCallback) } + options.callbacks.filter { $0 is CheckpointCallback }
    step =
      options.usesPrograms
      ? ProgramTrainingStep(
        model: model, objective: objective, optimizer: optimizer, wantsOutputs: !options.metrics.isEmpty,
        stepByStep: options.stepByStep, otherLayers: options.otherLayers)
      : EagerStep(model: model, objective: objective, optimizer: optimizer)
    reporter = options.progress.map(ProgressReporter.init)
    try checkBeforeFirstBatch(source)
  }

  private static func sources(
    _ source: FitSource, _ options: FitOptions
  ) throws -> (training: any BatchSource, validation: (any BatchSource)?) {
    func held(_ dataset: any Dataset) throws -> any BatchSource {
      try Batches(dataset, size: options.validationBatchSize)
    }
    func judged() throws -> (any BatchSource)? {
      switch options.validation {
      case nil: nil
      case .data(let dataset)?: try held(dataset)
      case .batches(let batches)?: batches
      case .fraction?:
        throw TensorError(
          .value, "a share of the rows for validation needs data whose rows are known, not a stream of batches",
          hint: "give a pair (x, y)")
      }
    }
    switch source {
    case .batches(let batches): return (batches, try judged())
    case .data(var dataset):
      var validation: (any BatchSource)?
      if case .fraction(let share)? = options.validation {
        let rows = dataset.rowCount
        guard share > 0, share < 1 else {
          throw TensorError(.value, "a share of rows for validation lies between 0 and 1, and is \(share)")
        }
        let kept = Int((Double(rows) * (1 - share) + 1e-9).rounded(.down))
        guard kept > 0, kept < rows else {
          throw TensorError(.value, "validation \(share) of \(rows) rows leaves one part empty")
        }
        validation = try held(DatasetRange(dataset, kept..<rows))
        dataset = DatasetRange(dataset, 0..<kept)
      } else {
        validation = try judged()
      }
      guard dataset.rowCount > 0 else { throw TensorError(.value, "fit needs at least one row") }
      return (try Batches(dataset, size: options.batchSize, shuffle: options.shuffle), validation)
    }
  }

  /// Builds the model and compares its outputs with the targets, by shapes alone.
  private func checkBeforeFirstBatch(_ source: FitSource) throws {
    var sample: Batch?
    if case .data(let dataset) = source {
      checksEachBatch = !dataset.isInMemory
      // Data in memory are checked whole, rows on disk by the first of them.
      let rows = dataset.isInMemory ? dataset.rowCount : min(1, dataset.rowCount)
      sample = try dataset.rows(in: 0..<rows)
    } else {
      sample = try training.startPass().next()
    }
    guard let sample else { throw TensorError(.value, "fit needs at least one row") }
    if let weights = sample.weights, weights.shape.first != sample.rowCount {
      throw TensorError(.shape, "sample_weights has shape \(weights.shape.shapeText) for \(sample.rowCount) rows")
    }
    let random = Generator.shared.state
    do {
      guard options.stepByStep == nil else { throw AbstractDataError() }
      let outputs = try AbstractRun.watch(forbidsEffects: true) {
        try model(sample.inputs.map { Tensor(abstract: $0.spec) }, LayerContext())
      }
      outputCount = outputs.count
      classCounts = try objective.check(outputs: outputs.map(\.spec), targets: sample.targets)
      try objective.checkEnds(outputs)
      if objective.mayMisread(outputs) {
        var some = sample
        if case .data(let dataset) = source { some = try dataset.rows(in: 0..<min(32, sample.rowCount)) }
        try Undisturbed.run(model) { try objective.checkPredictions(try model(some.inputs, LayerContext())) }
      }
    } catch is AbstractDataError {
      // A layer looks at values: a row builds the model, before anything else draws random numbers.
      outputCount = sample.targets.count
      if !model.isBuilt {
        // What a failed attempt built is forgotten: its weights are drawn again, the same.
        Generator.shared.state = random
        _ = try model(
          sample.inputs.map { try $0.split(sizes: [min(1, $0.shape[0]), max(0, $0.shape[0] - 1)], axis: 0)[0] })
      }
    }
  }

  // MARK: The loop

  func train() throws -> Run {
    let names = MetricBoard(options.metrics, outputs: outputCount).names
    state.columns =
      ["epoch", "loss"] + names + (validation == nil ? [] : (["loss"] + names).map { "val_\($0)" }) + ["rate"]
    state.epochs = options.epochs
    for callback in state.callbacks { try callback.started(state) }
    var epoch = options.initialEpoch
    if let checkpoint = options.resume {
      try checkpoint.restore(state)
      step.reload()
      epoch = checkpoint.epoch
    }
    reporter?.report(.started(epochs: options.epochs, first: epoch + 1, batches: training.batchCount))
    let alreadyAsked = Interruption.requests()
    let outerCheck = Engine.shared.interruptionCheck
    // The first request lets the batch finish; the second stops at once.
    Engine.shared.interruptionCheck = outerCheck.map { check in
      { if Interruption.requests() - alreadyAsked != 1 { try check() } }
    }
    defer {
      Engine.shared.interruptionCheck = outerCheck
      step.synchronize()
    }
    while epoch < options.epochs, state.stopReason == nil {
      epoch += 1
      try trainEpoch(epoch) { Interruption.requests() > alreadyAsked }
    }
    if Interruption.requests() > alreadyAsked { Interruption.serve() }
    step.synchronize()
    try optimizer.applyAverages(model)
    run.stopped = state.stopReason
    run.explanation = step.explanation
    for callback in state.callbacks { try callback.ended(state) }
    reporter?.report(.ended(stopped: run.stopped))
    return run
  }

  private func trainEpoch(_ epoch: Int, isInterrupted: () -> Bool) throws {
    let start = ContinuousClock.now
    state.epoch = epoch
    state.batch = 0
    let board = MetricBoard(options.metrics, outputs: outputCount)
    var sum = 0.0
    var rows = 0
    let pass = try training.startPass()
    while let raw = try pass.next() {
      let batch = try objective.weighted(raw)
      state.rate = try optimizer.rate(atStep: step.stepCount + 1)
      if checksEachBatch { try objective.checkClasses(batch, counts: classCounts) }
      let result = try step.train(batch)
      state.batch += 1
      guard result.loss.isFinite else {
        throw NonFinite.error(
          loss: result.loss, epoch: epoch, batch: state.batch, model: model, objective: objective, batch: batch)
      }
      run.steps += 1
      sum += result.loss * Double(batch.rowCount)
      rows += batch.rowCount
      state.batchLoss = result.loss
      state.lastBatch = batch
      if !board.isEmpty { try board.add(outputs: result.outputs, targets: batch.targets) }
      for callback in state.callbacks { try callback.batchEnded(state) }
      if reporter != nil, reporter?.wantsBatch() == true {
        reporter?.report(.batch(progress([("loss", sum / Double(rows))] + (try board.results()), rows, start)))
      }
      if isInterrupted() { state.stop("interrupted in epoch \(epoch), after batch \(state.batch)") }
      if state.stopReason != nil {
        state.isPartialEpoch = training.batchCount != state.batch
        break
      }
    }
    guard rows > 0 else { throw TensorError(.value, "an epoch without a single batch") }
    step.synchronize()
    try finishEpoch(loss: sum / Double(rows), metrics: board.results(), rows: rows, start: start)
  }

  private func finishEpoch(
    loss: Double, metrics: [(name: String, value: Double)], rows: Int, start: ContinuousClock.Instant
  ) throws {
    let epoch = state.epoch
    let trainingSeconds = (ContinuousClock.now - start).inSeconds
    var row: [(name: String, value: Double)] = [("epoch", Double(epoch)), ("loss", loss)] + metrics
    if let validation {
      row += try Evaluation.pass(validation, metrics: options.metrics, step: step.evaluate).map {
        ("val_\($0.name)", $0.value)
      }
    }
    row.append(("rate", state.rate))
    state.row = row
    run.history.appendRow(row)
    let seconds = (ContinuousClock.now - start).inSeconds
    let speed = trainingSeconds > 0 ? Double(rows) / trainingSeconds : 0
    run.timing.appendRow([("epoch", Double(epoch)), ("seconds", seconds), ("samples_per_second", speed)])
    let monitor =
      (state.callbacks.lazy.compactMap { ($0 as? EarlyStopping)?.monitor }.first)
      ?? (validation == nil ? "loss" : "val_loss")
    if let value = state.value(monitor),
      run.best.map({ Direction.of(column: monitor).isBetter(value, than: $0.value) }) ?? true
    {
      run.best = Run.Best(epoch: epoch, monitor: monitor, value: value)
    }
    for callback in state.callbacks { try callback.epochEnded(state) }
    epochsDone += 1
    let left = (ContinuousClock.now - started).inSeconds / Double(epochsDone) * Double(options.epochs - epoch)
    reporter?.report(
      .epoch(
        EpochProgress(
          epoch: epoch, epochs: options.epochs, values: Array(row.dropFirst()), seconds: seconds,
          samplesPerSecond: speed,
          secondsLeft: state.stopReason == nil ? left : nil)))
  }

  private func progress(
    _ values: [(name: String, value: Double)], _ rows: Int, _ start: ContinuousClock.Instant
  ) -> BatchProgress {
    var left: Double?
    if let batches = training.batchCount, batches > 0 {
      let seconds = (ContinuousClock.now - start).inSeconds / Double(state.batch)
      left = seconds * Double((options.epochs - state.epoch) * batches + batches - state.batch)
    }
    return BatchProgress(
      epoch: state.epoch, epochs: options.epochs, batch: state.batch, batches: training.batchCount, rate: state.rate,
      values: values, secondsLeft: left)
  }
}

/// Some rows of a data set.
struct DatasetRange: Dataset {
  let base: any Dataset
  let range: Range<Int>

  init(_ base: any Dataset, _ range: Range<Int>) {
    self.base = base
    self.range = range
  }

  var rowCount: Int { range.count }
  var isInMemory: Bool { base.isInMemory }
  func rows(at positions: [Int]) throws -> Batch { try base.rows(at: positions.map { $0 + range.lowerBound }) }
  func rows(in part: Range<Int>) throws -> Batch {
    try base.rows(in: part.lowerBound + range.lowerBound..<part.upperBound + range.lowerBound)
  }
}
