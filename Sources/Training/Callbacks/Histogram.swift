import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How often values fall into bins of equal width, with their sums.
struct Histogram {
  var least = 0.0
  var most = 0.0
  var count = 0
  var sum = 0.0
  var sumOfSquares = 0.0
  /// Values that are nan or infinite; they are in no bin.
  var nonFinite = 0
  /// The bounds of bin `k` are `edges[k]` and `edges[k + 1]`.
  var edges: [Double] = []
  var counts: [Int] = []

  init(_ values: [Double], bins: Int = 20) {
    let finite = values.filter(\.isFinite)
    nonFinite = values.count - finite.count
    count = finite.count
    guard let first = finite.first else { return }
    least = finite.reduce(first, min)
    most = finite.reduce(first, max)
    for value in finite {
      sum += value
      sumOfSquares += value * value
    }
    // A single value gets bins of width around it, as NumPy's histogram does.
    let (low, high) = most > least ? (least, most) : (least - 0.5, least + 0.5)
    let width = (high - low) / Double(bins)
    guard width > 0, width.isFinite else { return }
    edges = (0...bins).map { $0 == bins ? high : low + width * Double($0) }
    counts = Array(repeating: 0, count: bins)
    for value in finite {
      counts[min(bins - 1, max(0, Int(((value - low) / width).rounded(.down))))] += 1
    }
  }
}

/// Takes histograms of gradients, weights and activations, by layer and epoch: what shows vanishing and exploding
/// gradients. They are those of the epoch's last batch, after its update; taking them changes nothing.
public final class Track: Callback {
  public enum What: String, CaseIterable, Sendable { case gradients, weights, activations }

  public let name = "track"
  public let what: Set<What>
  public let bins: Int
  private var epochs: [Double] = []
  private var kinds: [String] = []
  private var layers: [String] = []
  private var starts: [Double] = []
  private var ends: [Double] = []
  private var counts: [Double] = []

  /// - Throws: a value error for a number of bins below 1.
  public init(what: Set<What> = Set(What.allCases), bins: Int = 20) throws {
    guard bins >= 1 else { throw TensorError(.value, "track needs at least 1 bin, and got \(bins)") }
    self.what = what
    self.bins = bins
  }

  public func started(_ state: TrainingState) throws {
    (epochs, kinds, layers, starts, ends, counts) = ([], [], [], [], [], [])
  }

  public func epochEnded(_ state: TrainingState) throws {
    let model = state.model
    if what.contains(.weights) {
      for entry in model.parameters where entry.parameter.role == .weight {
        add(state.epoch, .weights, entry.path, try entry.parameter.value.doubles())
      }
    }
    if let batch = state.lastBatch, what.contains(.gradients) || what.contains(.activations) {
      try Undisturbed.run(model) {
        var activations: [(path: String, values: [Double])] = []
        let (_, _, gradients) = try EagerStep.differentiate(model: model, objective: state.objective, batch: batch) {
          path, layer, outputs in
          guard self.what.contains(.activations), layer.children.isEmpty else { return }
          for output in outputs { activations.append((path, try output.doubles())) }
        }
        for (path, values) in activations { add(state.epoch, .activations, path, values) }
        if what.contains(.gradients) {
          for (entry, gradient) in zip(model.trainableParameters, gradients) {
            add(state.epoch, .gradients, entry.path, try gradient.doubles())
          }
        }
      }
    }
    state.run.tracked = table
  }

  private func add(_ epoch: Int, _ kind: What, _ layer: String, _ values: [Double]) {
    let histogram = Histogram(values, bins: bins)
    for (bin, count) in histogram.counts.enumerated() {
      epochs.append(Double(epoch))
      kinds.append(kind.rawValue)
      layers.append(layer)
      starts.append(histogram.edges[bin])
      ends.append(histogram.edges[bin + 1])
      counts.append(Double(count))
    }
  }

  /// All histograms so far, one row a bin.
  public var table: Columns {
    var table = Columns()
    table.append("epoch", .numbers(epochs))
    table.append("what", .texts(kinds))
    table.append("layer", .texts(layers))
    table.append("bin_start", .numbers(starts))
    table.append("bin_end", .numbers(ends))
    table.append("count", .numbers(counts))
    return table
  }
}
