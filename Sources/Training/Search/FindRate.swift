import NeuralNetworks
import Tensors

/// What the learning-rate range test found.
public struct RateRange {
  /// Columns `rate loss smoothed`, a row a step.
  public var curve: Columns
  /// The rate at which the smoothed loss falls fastest: a good start for training.
  public var suggestion: Double
}

/// The learning-rate range test: raises the rate from `low` to `high` by the same factor after each step, and watches the
/// loss. The model, the optimizer and the random numbers are afterwards as they were before.
///
/// Source: L. N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017. The loss is smoothed by an
/// exponential average (0.9, corrected for its start); the test ends early once it is four times its minimum.
/// - Throws: a value error for an impossible range.
public func findRate(
  _ model: Layer, _ dataset: any Dataset, losses: [Loss], optimizer: Optimizer, low: Double = 1e-6, high: Double = 1,
  steps: Int = 100, batchSize: Int = 32
) throws -> RateRange {
  guard low > 0, low < high, high.isFinite, steps >= 2 else {
    throw TensorError(
      .value, "find_rate needs 0 < low < high and at least 2 steps, and got \(low), \(high) and \(steps)")
  }
  let objective = try Objective(losses: losses)
  let batches = try Batches(dataset, size: batchSize, shuffle: true)
  _ = try model(dataset.rows(in: 0..<min(1, dataset.rowCount)).inputs, LayerContext())
  let random = Generator.shared.state
  let weights = model.parameters.map { ($0.parameter, $0.parameter.value) }
  let schedule = optimizer.rate
  let slots = try optimizer.slots(of: model)
  let stepCount = optimizer.stepCount
  defer {
    Generator.shared.state = random
    for (parameter, value) in weights { try? parameter.set(value) }
    optimizer.rate = schedule
    optimizer.restore(slots, of: model, stepCount: stepCount)
  }
  var (rates, raw, smoothed): ([Double], [Double], [Double]) = ([], [], [])
  var average = 0.0
  let step = EagerStep(model: model, objective: objective, optimizer: optimizer)
  var pass = try batches.startPass()
  for index in 0..<steps {
    var batch = try pass.next()
    if batch == nil {
      pass = try batches.startPass()
      batch = try pass.next()
    }
    guard let batch else { throw TensorError(.value, "find_rate needs at least one row") }
    let rate = low * power(high / low, Double(index) / Double(steps - 1))
    optimizer.rate = .constant(rate)
    let loss = try step.train(batch).loss
    guard loss.isFinite else { break }
    average = 0.9 * average + 0.1 * loss
    rates.append(rate)
    raw.append(loss)
    smoothed.append(average / (1 - power(0.9, Double(index + 1))))
    if let last = smoothed.last, last > 4 * (smoothed.min() ?? last) { break }
  }
  var curve = Columns()
  curve.append("rate", .numbers(rates))
  curve.append("loss", .numbers(raw))
  curve.append("smoothed", .numbers(smoothed))
  return RateRange(curve: curve, suggestion: steepest(rates, smoothed))
}

/// The rate where the loss falls fastest per factor of the rate, before its minimum.
private func steepest(_ rates: [Double], _ losses: [Double]) -> Double {
  guard let least = losses.indices.min(by: { losses[$0] < losses[$1] }), least > 0 else { return rates.first ?? .nan }
  let steepest = (1...least).min { losses[$0] - losses[$0 - 1] < losses[$1] - losses[$1 - 1] }
  return rates[steepest ?? least]
}
