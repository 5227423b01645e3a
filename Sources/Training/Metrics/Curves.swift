import Tensors

/// Scores of a two-class classifier in falling order, with the true and false positives at each different score.
struct ScoreRanking {
  var thresholds: [Double] = []
  var truePositives: [Double] = []
  var falsePositives: [Double] = []
  var positives: Double { truePositives.last ?? 0 }
  var negatives: Double { falsePositives.last ?? 0 }

  /// - Throws: a value error for a target other than 0 and 1 (or -1 and 1), or a score that is not a number.
  init(_ metric: String, scores: [Double], targets: [Double]) throws {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var hits = 0.0
    var misses = 0.0
    for (position, index) in order.enumerated() {
      let target = targets[index]
      guard target == 0 || target == 1 || target == -1 else {
        throw TensorError(.value, "\(metric) needs targets 0 and 1, and got \(target)")
      }
      guard !scores[index].isNaN else { throw TensorError(.value, "\(metric) got a score that is nan") }
      if target == 1 { hits += 1 } else { misses += 1 }
      let isLast = position == order.count - 1 || scores[order[position + 1]] != scores[index]
      if isLast {
        thresholds.append(scores[index])
        truePositives.append(hits)
        falsePositives.append(misses)
      }
    }
  }

  init(_ metric: String, prediction: Tensor, target: Tensor) throws {
    let (scores, targets) = try ScoreRanking.read(metric, prediction, target)
    try self.init(metric, scores: scores, targets: targets)
  }

  /// Scores of class 1: one number a row, or the second of two columns.
  static func read(_ metric: String, _ prediction: Tensor, _ target: Tensor) throws -> ([Double], [Double]) {
    if prediction.rank == 2, prediction.shape[1] == 2, target.shape == [prediction.shape[0]] {
      let values = try prediction.doubles()
      return (stride(from: 1, to: values.count, by: 2).map { values[$0] }, try target.doubles())
    }
    try MetricInput.requireSameShape(metric, prediction, target)
    return (try prediction.doubles(), try target.doubles())
  }

  /// The area under the curve of true against false positive rate: the chance that a positive outranks a negative,
  /// ties counting half; nan where only one class occurs.
  var areaUnderRoc: Double {
    guard positives > 0, negatives > 0 else { return .nan }
    var area = 0.0
    var lastTrue = 0.0
    var lastFalse = 0.0
    for (hits, misses) in zip(truePositives, falsePositives) {
      area += (misses - lastFalse) * (hits + lastTrue) / 2
      (lastTrue, lastFalse) = (hits, misses)
    }
    return area / (positives * negatives)
  }

  /// Average precision, `Σ (R_k - R_(k-1))·P_k`; nan without a positive.
  var averagePrecision: Double {
    guard positives > 0 else { return .nan }
    var sum = 0.0
    var last = 0.0
    for (hits, misses) in zip(truePositives, falsePositives) {
      sum += (hits - last) / positives * (hits / (hits + misses))
      last = hits
    }
    return sum
  }
}

/// The area under the ROC curve, or under the precision-recall curve (as average precision).
public struct AreaUnderCurve: Metric {
  public enum Curve: String, CaseIterable, Sendable { case roc, pr }

  public let name = "auc"
  public let curve: Curve

  public init(curve: Curve = .roc) { self.curve = curve }

  public func start() -> any MetricCounter { Counter(curve) }

  private final class Counter: MetricCounter {
    let curve: Curve
    var scores: [Double] = []
    var targets: [Double] = []

    init(_ curve: Curve) { self.curve = curve }

    func add(prediction: Tensor, target: Tensor) throws {
      let (s, t) = try ScoreRanking.read("auc", prediction, target)
      scores += s
      targets += t
    }

    func result() throws -> Double {
      let ranking = try ScoreRanking("auc", scores: scores, targets: targets)
      return curve == .roc ? ranking.areaUnderRoc : ranking.averagePrecision
    }
  }
}

/// The ROC curve, one point for every different score, highest first, preceded by (0, 0) at threshold inf.
/// Columns `fpr tpr threshold`.
public func rocCurve(prediction: Tensor, target: Tensor) throws -> Columns {
  let ranking = try ScoreRanking("roc_curve", prediction: prediction, target: target)
  var curve = Columns()
  curve.append("fpr", .numbers([0] + ranking.falsePositives.map { $0 / ranking.negatives }))
  curve.append("tpr", .numbers([0] + ranking.truePositives.map { $0 / ranking.positives }))
  curve.append("threshold", .numbers([.infinity] + ranking.thresholds))
  return curve
}

/// The precision-recall curve, lowest threshold first, closed by (precision 1, recall 0), which has no threshold (nan).
/// Columns `precision recall threshold`.
public func precisionRecallCurve(prediction: Tensor, target: Tensor) throws -> Columns {
  let ranking = try ScoreRanking("pr_curve", prediction: prediction, target: target)
  let points = zip(ranking.truePositives, ranking.falsePositives).reversed()
  var curve = Columns()
  curve.append("precision", .numbers(points.map { $0 / ($0 + $1) } + [1]))
  curve.append("recall", .numbers(points.map { hits, _ in ranking.positives > 0 ? hits / ranking.positives : 1 } + [0]))
  curve.append("threshold", .numbers(ranking.thresholds.reversed() + [.nan]))
  return curve
}
