import NeuralNetworks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Trains a new model on all folds but one and judges it on that one, in turn.
///
/// - Parameters:
///   - make: a new, untrained model.
///   - optimizer: a new optimizer for each model.
///   - shuffle: deals the rows to the folds at random.
/// - Returns: columns `fold`, then the training's last `loss` and metrics, then `val_loss` and `val_…`; a row a fold.
public func crossValidate(
  make: () throws -> Layer, _ dataset: any Dataset, losses: [Loss], optimizer: () throws -> Optimizer, folds: Int = 5,
  shuffle: Bool = true, seed: UInt64? = nil, options: FitOptions = FitOptions()
) throws -> Columns {
  var table = Columns()
  for (index, split) in try kFolds(dataset.rowCount, folds, shuffle: shuffle, seed: seed).enumerated() {
    var options = options
    options.validation = .data(DatasetRows(dataset, split.test))
    let run = try fit(
      make(), .data(DatasetRows(dataset, split.train)), losses: losses, optimizer: optimizer(), options: options)
    let last = run.history.row(run.history.rowCount - 1).filter { $0.name != "epoch" && $0.name != "rate" }
    table.appendRow([("fold", Double(index + 1))] + last)
    if let stopped = run.stopped, stopped.hasPrefix("interrupted") { break }
  }
  return table
}

/// Chosen rows of a data set.
struct DatasetRows: Dataset {
  let base: any Dataset
  let positions: [Int]

  init(_ base: any Dataset, _ positions: [Int]) {
    self.base = base
    self.positions = positions
  }

  var rowCount: Int { positions.count }
  var isInMemory: Bool { base.isInMemory }
  func rows(at chosen: [Int]) throws -> Batch { try base.rows(at: chosen.map { positions[$0] }) }
}

/// One way to fill the choices of a search.
public struct Trial: Sendable, Equatable {
  /// For each name of the space the position of what was chosen.
  public var choices: [(name: String, position: Int)]

  public static func == (a: Trial, b: Trial) -> Bool {
    a.choices.map(\.name) == b.choices.map(\.name) && a.choices.map(\.position) == b.choices.map(\.position)
  }
}

/// Which combinations of choices a search tries.
///
/// - Parameters:
///   - space: names with the number of their choices.
///   - count: nil tries every combination, the last name changing fastest; a number draws that many different ones.
/// - Throws: a value error for an empty or endless space.
public func trials(_ space: [(name: String, count: Int)], count: Int? = nil, random: RandomStream = .session) throws
  -> [Trial]
{
  var total = 1
  for (name, choices) in space {
    guard choices > 0 else { throw TensorError(.value, "the space has no choices for `\(name)`") }
    let (product, overflow) = total.multipliedReportingOverflow(by: choices)
    guard !overflow, product <= Int(Int32.max) else { throw TensorError(.value, "the space has too many combinations") }
    total = product
  }
  guard !space.isEmpty else { throw TensorError(.value, "the space of a search is empty") }
  if let count, count < 1 || count > 100_000 {
    throw TensorError(.value, "a search makes 1 to 100000 trials, and got \(count)")
  }
  guard count != nil || total <= 100_000 else {
    throw TensorError(.value, "the space has \(total) combinations", hint: "try some of them: trials: 50")
  }
  let numbers = count.map { wanted in (wanted, total) }
  let chosen = try numbers.map { wanted, total in try draws(wanted, from: total, random) } ?? Array(0..<total)
  return chosen.map { number in
    var rest = number
    var choices: [(name: String, position: Int)] = []
    for (name, count) in space.reversed() {
      choices.append((name, rest % count))
      rest /= count
    }
    return Trial(choices: choices.reversed())
  }
}

/// Different numbers below `total`, in the order drawn.
private func draws(_ wanted: Int, from total: Int, _ random: RandomStream) throws -> [Int] {
  if total <= 1_000_000 { return Array(try random.permutation(total).prefix(wanted)) }
  var seen: Set<Int> = []
  var result: [Int] = []
  while result.count < min(wanted, total) {
    for value in try random.uniforms(wanted) where result.count < wanted {
      let number = min(total - 1, Int(value * Double(total)))
      if seen.insert(number).inserted { result.append(number) }
    }
  }
  return result
}
