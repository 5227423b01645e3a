import Interpreter
import NeuralNetworks
import Tensors
import Training

/// `fit`, `evaluate`, `predict`.
func registerFitting(_ catalogue: inout Catalogue) {
  catalogue.add(
    "fit",
    """
    (net, x, y = none, loss, optimizer, epochs = 1, batch = 32, validation = none, metrics = none, callbacks = none, \
    class_weights = none, sample_weights = none, shuffle = true, initial_epoch = 0, verbose = true, loss_weights = none, \
    resume = none)
    """, .training,
    """
    Trains a model on rows x and targets y, and gives the run.

    `run.history` is a table with a row an epoch (`epoch loss <metrics> val_loss val_<metrics> rate`), `run.timing` the
    seconds, `run.stopped` why it ended early (none where it did not), `run.best` the best epoch.

    - `x`, `y`: tensors, lists of them for several inputs or outputs (with a list of losses), `batches(…)`, a dataset, or a
      function that begins a pass and gives pairs (x, y).
    - `batch`: `len(x)` is batch gradient descent, 1 stochastic.
    - `validation`: a pair (x, y), or the share of the last rows that is kept aside.
    - `metrics`: a list of metrics; they are exact over the epoch.
    - `class_weights`: a record from class number to weight, as `class_weights(y)` gives it; `sample_weights`: a number a row.
    - `resume`: what `resume(path)` gives: continues a checkpoint to the bit.

    Ctrl-C ends it after the current batch and keeps what it has learnt. A loss that is not finite is an error.
    """,
    example: """
      let net = dense(1)
      let run = fit(net, [0; 1], [1; 3], loss: mse, optimizer: sgd(0.1), epochs: 2, verbose: false)
      len(run.history)  # 2
      """
  ) { a, c in try fit(&a, c) }

  catalogue.add(
    "evaluate", "(net, x, y = none, loss, metrics = none, batch = 256, loss_weights = none)", .training,
    "The loss and metrics of a model on data, as a record. Dropout is off; metrics are exact over all rows.",
    example: "evaluate(dense(1, kernel_init: zeros_init()), [0; 1], [1; 1], loss: mse).loss  # 1"
  ) { a, c in
    let net = try a.layer(0)
    let source = try fitSource(x: a[1], y: a[2], of: "evaluate", c)
    let results = try evaluate(
      net, source, losses: losses(a[3], c), lossWeights: a.numbers(6), metrics: metrics(a[4], c),
      batchSize: a.integer(5, in: 1...Int(Int32.max)))
    return .fields(results.map { ($0.name, .number($0.value)) })
  }

  catalogue.add(
    "predict", "(net, x, batch = 256)", .training,
    "A model's outputs for all rows, batch by batch, as in use: dropout is off.",
    example: "predict(dense(2), zeros(5, 3)).shape  # (5, 2)"
  ) { a, c in
    let outputs = try predict(
      a.layer(0), fitSource(x: a[1], y: .none, of: "predict", c), batchSize: a.integer(2, in: 1...Int(Int32.max)))
    return outputs.count == 1 ? .tensor(outputs[0]) : .items(outputs.map { .tensor($0) })
  }
}

/// `fit`.
private func fit(_ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  let net = try a.layer(0)
  let source = try fitSource(x: a[1], y: a[2], weights: a.optionalTensor(11), of: "fit", context)
  let loss = try losses(a[3], context)
  let optimizer = try a.optimizer(4)
  var options = FitOptions()
  options.epochs = try a.integer(5, in: 0...Int(Int32.max))
  options.batchSize = try a.integer(6, in: 1...Int(Int32.max))
  options.validation = try validation(a, context)
  options.metrics = try metrics(a[8], context)
  options.callbacks = try callbacks(a[9])
  options.classWeights = try classWeights(a)
  options.shuffle = try a.boolean(12)
  options.initialEpoch = try a.integer(13, in: 0...Int(Int32.max))
  options.lossWeights = try a.numbers(15)
  options.resume =
    a.isNone(16) ? nil : try a.object(16, CheckpointObject.self, wanted: "a checkpoint: resume(path)").checkpoint
  let found = CompiledFunction.uses(CompiledFunction.functions(in: net) + functions(in: a[3]), context)
  (options.stepByStep, options.otherLayers) = (found.obstacle, found.layers)
  if try a.boolean(14) { options.progress = ProgressPrinter(context.host).show }
  let run = try InterruptRequests.duringTraining {
    try fit(net, source, losses: loss, optimizer: optimizer, options: options)
  }
  return .object(RunObject(run))
}

/// The losses that are functions.
private func functions(in losses: Value) -> [Value] {
  switch losses {
  case .list(let list): list.items.flatMap(functions)
  case .function: [losses]
  default: []
  }
}

private func validation(_ a: BoundArguments, _ context: CallContext) throws -> Validation? {
  switch a[7] {
  case .none: return nil
  case .list(let pair) where pair.items.count == 2:
    switch try fitSource(x: pair.items[0], y: pair.items[1], of: "fit", context) {
    case .data(let dataset): return .data(dataset)
    case .batches(let batches): return .batches(batches)
    }
  case .object(let object as BatchesObject): return .batches(object.source)
  case .object(let object as DatasetObject): return .data(object.dataset)
  default:
    guard let share = a[7].asNumber else {
      throw a.mismatch(7, wanted: "a pair (x, y) or a share of the rows")
    }
    return .fraction(share)
  }
}

private func classWeights(_ a: BoundArguments) throws -> [Int: Double]? {
  guard !a.isNone(10) else { return nil }
  let record = try a.record(10)
  var weights: [Int: Double] = [:]
  for (name, value) in zip(record.names, record.values) {
    guard let label = Int(name), let weight = value.asNumber else {
      throw RuntimeError(
        .value, "`class_weights` is a record from class number to weight, and `\(name)` is \(value.kindText)",
        hint: "class_weights(y) makes one: {\"0\": 0.5, \"1\": 2}")
    }
    weights[label] = weight
  }
  return weights
}

/// One loss, or a list of them for several outputs.
func losses(_ value: Value, _ context: CallContext) throws -> [Loss] {
  if case .list(let list) = value { return try list.items.map { try loss($0, context) } }
  return [try loss(value, context)]
}

/// A list of metrics, one metric, or none.
func metrics(_ value: Value, _ context: CallContext) throws -> [any Metric] {
  switch value {
  case .none: return []
  case .list(let list): return try list.items.map { try metric($0, context) }
  default: return [try metric(value, context)]
  }
}

/// A list of callbacks, one of them, or none.
private func callbacks(_ value: Value) throws -> [any Callback] {
  func callback(_ value: Value) throws -> any Callback {
    guard case .object(let object as CallbackObject) = value else {
      throw RuntimeError(
        .type, "`callbacks` holds callbacks such as early_stopping(), and this is \(value.kindText)",
        hint: "a function is called after each epoch by on_epoch(f)")
    }
    return object.callback
  }
  switch value {
  case .none: return []
  case .list(let list): return try list.items.map(callback)
  default: return [try callback(value)]
  }
}

extension BoundArguments {
  /// A layer, or an activation as one.
  func layer(_ position: Int) throws -> Layer {
    if case .function(let function) = values[position], let activation = activation(of: function) {
      return ActivationLayer(activation)
    }
    return try object(position, LayerObject.self, wanted: "a layer or model").layer
  }

  /// Numbers of a list; none gives an empty one.
  func numbers(_ position: Int) throws -> [Double] {
    if isNone(position) { return [] }
    return try numericTensor(position).flatten().doubles()
  }
}
