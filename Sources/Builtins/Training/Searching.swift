import Interpreter
import NeuralNetworks
import Tensors
import Training

/// The learning-rate range test, cross-validation, search over settings.
func registerSearching(_ catalogue: inout Catalogue) {
  catalogue.add(
    "find_rate", "(net, x, y = none, loss, optimizer, low = 1e-6, high = 1, steps = 100, batch = 32)", .training,
    """
    The learning-rate range test: raises the rate by the same factor after each step, and watches the loss.

    Gives a record: `curve`, a table `rate loss smoothed`, and `suggestion`, the rate at which the loss falls fastest. Model,
    optimizer and random numbers are afterwards as before.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017
    """,
    example: "find_rate(dense(1), [0; 1], [1; 3], loss: mse, optimizer: sgd(), steps: 5).suggestion > 0  # true"
  ) { a, c in
    let range = try findRate(
      a.layer(0), dataset(a, c), losses: losses(a[3], c), optimizer: a.optimizer(4), low: a.number(5),
      high: a.number(6),
      steps: a.integer(7, in: 2...1_000_000), batchSize: a.integer(8, in: 1...Int(Int32.max)))
    return .fields([("curve", try .table(range.curve)), ("suggestion", .number(range.suggestion))])
  }

  catalogue.add(
    "cross_validate",
    "(make, x, y = none, folds = 5, loss, optimizer, epochs = 1, batch = 32, metrics = none, shuffle = true, seed = none, verbose = false)",
    .training,
    """
    Trains a new model on each of k splits of the rows, and judges it on the rows left out: a table with a row a fold.

    `make` and `optimizer` are functions without arguments that give a new model and a new optimizer:
    `cross_validate(() -> dense(1), x, y, loss: mse, optimizer: () -> adam())`.
    """,
    example:
      "len(cross_validate(() -> dense(1), rand(6, 2), rand(6, 1), folds: 3, loss: mse, optimizer: () -> sgd()))  # 3"
  ) { a, c in
    var options = FitOptions()
    options.epochs = try a.integer(6, in: 0...Int(Int32.max))
    options.batchSize = try a.integer(7, in: 1...Int(Int32.max))
    options.metrics = try metrics(a[8], c)
    if try a.boolean(11) { options.progress = ProgressPrinter(c.host).show }
    let (make, optimizer) = (try a.callable(0), try a.callable(5))
    return try .table(
      crossValidate(
        make: { try made(make, c, LayerObject.self, "`make` gives a model").layer }, dataset(a, c),
        losses: losses(a[4], c),
        optimizer: { try made(optimizer, c, OptimizerObject.self, "`optimizer` gives an optimizer").optimizer },
        folds: a.integer(3), shuffle: a.boolean(9), seed: a.seed(10), options: options))
  }

  catalogue.add(
    "search", "(make, space, n = none)", .training,
    """
    Tries settings: calls `make` with each combination of a record of choices, and gives a table sorted by the result.

    `make` takes a record of settings and gives a number, smaller being better, or a record with `score` and more. Every
    combination is tried, or, with `n`, that many drawn at random.
    `search(s -> fit(…, optimizer: adam(s.rate)).history.val_loss[-1], {rate: (0.1, 0.01), units: (8, 16)})`
    """, example: "search(s -> (s.a - 2) ^ 2, {a: (1, 2, 3)}).a[0]  # 2"
  ) { a, c in try search(&a, c) }
}

/// What a function of the program made.
private func made<Object: ObjectValue>(_ function: Value, _ context: CallContext, _ type: Object.Type, _ wanted: String)
  throws -> Object
{
  let value = try context.call(function, CallArguments())
  guard case .object(let object) = value, let object = object as? Object else {
    throw RuntimeError(.type, "\(wanted), and it gave \(value.kindText)")
  }
  return object
}

/// The rows of `x` and `y`, which must be known.
private func dataset(_ a: BoundArguments, _ context: CallContext) throws -> any Dataset {
  guard case .data(let dataset) = try fitSource(x: a[1], y: a[2], of: a.function, context) else {
    throw RuntimeError(.type, "`\(a.function)` wants rows x and y, not batches")
  }
  return dataset
}

extension BoundArguments {
  /// An optimizer; a constructor that was not called is recognised.
  func optimizer(_ position: Int) throws -> Optimizer {
    if case .function(let function) = values[position], let name = function.name,
      Catalogue.standard[name]?.family == Family.optimizers.rawValue
    {
      throw mismatch(position, wanted: "an optimizer", hint: "call it: \(name)()")
    }
    return try object(position, OptimizerObject.self, wanted: "an optimizer such as adam()").optimizer
  }
}

private func search(_ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  let make = try a.callable(0)
  let space = try a.record(1)
  let choices = try zip(space.names, space.values).map { name, value in
    (name: name, values: try elements(value, of: "search", context))
  }
  let tried = try trials(choices.map { ($0.name, $0.values.count) }, count: a.optionalInteger(2, in: 1...1_000_000))
  var rows: [(score: Double, row: Value)] = []
  for trial in tried {
    let settings = RecordValue(
      trial.choices.map { choice in
        (choice.name, choices.first { $0.name == choice.name }?.values[choice.position] ?? .none)
      })
    let result = try context.call(make, .record(settings))
    let row = RecordValue()
    for (name, value) in zip(settings.names, settings.values) { row.set(name, shown(value)) }
    if case .record(let record) = result {
      guard let score = record["score"]?.asNumber else {
        throw RuntimeError(.type, "`make` of `search` gives a number, or a record with the number `score`")
      }
      for (name, value) in zip(record.names, record.values) { row.set(name, shown(value)) }
      rows.append((score, .record(row)))
    } else {
      guard let score = result.asNumber else {
        throw RuntimeError(
          .type, "`make` of `search` gives a number, or a record with the number `score`, and gave \(result.kindText)")
      }
      row.set("score", .number(score))
      rows.append((score, .record(row)))
    }
  }
  let order = rows.indices.sorted { left, right in
    let (first, second) = (rows[left].score, rows[right].score)
    if first.isNaN || second.isNaN { return !first.isNaN || second.isNaN && left < right }
    return first == second ? left < right : first < second
  }
  return try table(ofRows: ContiguousArray(order.map { rows[$0].row }))
}

/// A setting as a table's cell.
private func shown(_ value: Value) -> Value {
  if let number = value.asNumber { return .number(number) }
  switch value {
  case .bool, .string, .none: return value
  default: return .text(value.text(.printed))
  }
}
