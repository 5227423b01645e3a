import Tensors

/// How often each class was predicted for each true class.
public struct ClassCounts: Sendable {
  /// `counts[actual * size + predicted]`.
  public private(set) var counts: [Int] = []
  /// The number of classes seen so far, or more where a shape said so.
  public private(set) var size = 0

  public init() {}

  mutating func grow(to wanted: Int) {
    guard wanted > size else { return }
    var wider = [Int](repeating: 0, count: wanted * wanted)
    for row in 0..<size { for column in 0..<size { wider[row * wanted + column] = counts[row * size + column] } }
    counts = wider
    size = wanted
  }

  /// Takes in one batch; see `MetricInput.classes` for how classes are read.
  public mutating func add(_ metric: String, prediction: Tensor, target: Tensor) throws {
    let (predicted, actual, classes) = try MetricInput.classes(metric, prediction, target)
    guard classes ?? 0 <= Limits.maximumClasses else {
      throw TensorError(
        .value, "\(metric) takes at most \(Limits.maximumClasses) classes, and there are \(classes ?? 0)")
    }
    grow(to: max(classes ?? 0, (predicted.max() ?? -1) + 1, (actual.max() ?? -1) + 1))
    for (p, t) in zip(predicted, actual) { counts[t * size + p] += 1 }
  }

  func hits(_ k: Int) -> Int { counts[k * size + k] }
  func actual(_ k: Int) -> Int { (0..<size).reduce(0) { $0 + counts[k * size + $1] } }
  func predicted(_ k: Int) -> Int { (0..<size).reduce(0) { $0 + counts[$1 * size + k] } }
  var total: Int { counts.reduce(0, +) }

  /// Classes that occur as target or prediction, as scikit-learn counts them.
  public var present: [Int] { (0..<size).filter { actual($0) > 0 || predicted($0) > 0 } }

  /// Right predictions of a class among its predictions; 0/0 is 0.
  public func precision(_ k: Int) -> Double { share(hits(k), predicted(k)) }
  /// Right predictions of a class among its rows; 0/0 is 0.
  public func recall(_ k: Int) -> Double { share(hits(k), actual(k)) }
  /// `2·hits / (predicted + actual)`: the harmonic mean of precision and recall; 0/0 is 0.
  public func f1(_ k: Int) -> Double { share(2 * hits(k), predicted(k) + actual(k)) }

  private func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  /// One number for all classes.
  /// - Throws: a value error for `binary` where there are more than two classes.
  func average(_ average: Average, metric: String, of score: (Int) -> Double) throws -> Double {
    switch average {
    case .binary:
      guard (present.max() ?? 0) <= 1, size <= 2 else {
        throw TensorError(
          .value, "\(metric) with average \"binary\" is for two classes, and there are \(size)",
          hint: "write \(metric)(average: \"macro\"), or \"micro\" or \"weighted\"")
      }
      return size < 2 ? 0 : score(1)
    case .macro:
      let classes = present
      return classes.isEmpty ? 0 : classes.reduce(0) { $0 + score($1) } / Double(classes.count)
    case .micro:
      // Every row has one prediction and one class: precision, recall and f1 are the accuracy.
      return share((0..<size).reduce(0) { $0 + hits($1) }, total)
    case .weighted:
      let rows = total
      return rows == 0 ? 0 : (0..<size).reduce(0) { $0 + score($1) * Double(actual($1)) } / Double(rows)
    }
  }
}

/// Precision, recall or F1 of a classifier.
public struct ClassScore: Metric {
  public enum Kind: String, CaseIterable, Sendable { case precision, recall, f1 }

  public let kind: Kind
  public let average: Average
  public var name: String { kind.rawValue }

  public init(_ kind: Kind, average: Average = .binary) {
    self.kind = kind
    self.average = average
  }

  public func start() -> any MetricCounter { Counter(self) }

  private final class Counter: MetricCounter {
    let metric: ClassScore
    var counts = ClassCounts()

    init(_ metric: ClassScore) { self.metric = metric }

    func add(prediction: Tensor, target: Tensor) throws {
      try counts.add(metric.name, prediction: prediction, target: target)
    }

    func result() throws -> Double {
      guard counts.total > 0 else { return .nan }
      let counts = counts
      return try counts.average(metric.average, metric: metric.name) { k in
        switch metric.kind {
        case .precision: counts.precision(k)
        case .recall: counts.recall(k)
        case .f1: counts.f1(k)
        }
      }
    }
  }
}

/// The confusion matrix: rows are the true classes, columns the predicted ones; int32.
public func confusionMatrix(prediction: Tensor, target: Tensor) throws -> Tensor {
  var counts = ClassCounts()
  try counts.add("confusion_matrix", prediction: prediction, target: target)
  return try Tensor(int32: counts.counts.map { Int32(clamping: $0) }, shape: [counts.size, counts.size])
}

/// Precision, recall, F1 and support of each class that occurs, then their macro and weighted averages, as
/// scikit-learn's report. Columns `class precision recall f1 support`.
public func classificationReport(prediction: Tensor, target: Tensor) throws -> Columns {
  let metric = "classification_report"
  var counts = ClassCounts()
  try counts.add(metric, prediction: prediction, target: target)
  let classes = counts.present
  let seen = counts
  func column(_ score: (Int) -> Double) throws -> Columns.Values {
    .numbers(
      classes.map(score) + [
        try seen.average(.macro, metric: metric, of: score), try seen.average(.weighted, metric: metric, of: score),
      ])
  }
  let total = Double(counts.total)
  var report = Columns()
  report.append("class", .texts(classes.map(String.init) + ["macro avg", "weighted avg"]))
  report.append("precision", try column(counts.precision))
  report.append("recall", try column(counts.recall))
  report.append("f1", try column(counts.f1))
  report.append("support", .numbers(classes.map { Double(seen.actual($0)) } + [total, total]))
  return report
}
