import Tensors

/// The share of rows whose class is right.
///
/// Rows of class scores are compared by their largest score, with class numbers or one-hot rows; single numbers by
/// value where all are whole, otherwise by whether they are above one half (exactly one half is class 0), or above 0
/// where the targets are -1 and 1.
public struct Accuracy: Metric {
  public let name = "accuracy"
  public init() {}
  public func start() -> any MetricCounter { Counter(name: name, comparesWhole: true) }

  final class Counter: MetricCounter {
    let name: String
    /// Whether whole predictions are class numbers, compared as they are.
    let comparesWhole: Bool
    var rows = 0
    var right = 0
    /// Right if one half, or 0, parts the two classes.
    var rightAtHalf = 0
    var rightAtZero = 0
    var hasNegativeTarget = false
    var isElementwise = false
    var allWhole = true

    init(name: String, comparesWhole: Bool) {
      self.name = name
      self.comparesWhole = comparesWhole
    }

    func add(prediction: Tensor, target: Tensor) throws {
      var form = try MetricInput.form(name, prediction, target)
      if !comparesWhole, case .oneHot = form { form = .elementwise }
      let p = try prediction.doubles()
      let t = try target.doubles()
      switch form {
      case .classNumbers(let classes):
        let actual = try MetricInput.classNumbers(name, t, classes: classes)
        let predicted = MetricInput.argmax(p, width: classes)
        for (a, b) in zip(predicted, actual) where a == b { right += 1 }
        rows += actual.count
      case .oneHot(let classes):
        let actual = MetricInput.argmax(t, width: classes)
        for (a, b) in zip(MetricInput.argmax(p, width: classes), actual) where a == b { right += 1 }
        rows += actual.count
      case .elementwise:
        isElementwise = true
        allWhole = allWhole && comparesWhole && MetricInput.isWhole(p)
        for (a, b) in zip(p, t) {
          if a == b { right += 1 }
          if (a > 0.5) == (b > 0.5) { rightAtHalf += 1 }
          if (a > 0) == (b > 0) { rightAtZero += 1 }
          if b < 0 { hasNegativeTarget = true }
        }
        rows += p.count
      }
    }

    func result() -> Double {
      guard rows > 0 else { return .nan }
      var count = right
      if isElementwise, !allWhole { count = hasNegativeTarget ? rightAtZero : rightAtHalf }
      return Double(count) / Double(rows)
    }
  }
}

/// The share of single outputs on the right side of one half; for rows with several yes-or-no answers.
public struct BinaryAccuracy: Metric {
  public let name = "binary_accuracy"
  public init() {}
  public func start() -> any MetricCounter { Accuracy.Counter(name: name, comparesWhole: false) }
}

/// The share of rows whose class is among the `k` most probable; of equal scores the first counts as more probable.
public struct TopKAccuracy: Metric {
  public let name = "top_k_accuracy"
  public let k: Int

  /// - Throws: a value error for `k` below 1.
  public init(k: Int = 5) throws {
    guard k >= 1 else { throw TensorError(.value, "top_k_accuracy needs k of at least 1, and got \(k)") }
    self.k = k
  }

  public func start() -> any MetricCounter { Counter(k: k) }

  private final class Counter: MetricCounter {
    let k: Int
    var rows = 0
    var right = 0

    init(k: Int) { self.k = k }

    func add(prediction: Tensor, target: Tensor) throws {
      let p = try prediction.doubles()
      let actual: [Int]
      let width: Int
      switch try MetricInput.form("top_k_accuracy", prediction, target) {
      case .classNumbers(let classes):
        width = classes
        actual = try MetricInput.classNumbers("top_k_accuracy", target.doubles(), classes: classes)
      case .oneHot(let classes):
        width = classes
        actual = try MetricInput.argmax(target.doubles(), width: classes)
      case .elementwise:
        throw TensorError(
          .shape, "top_k_accuracy needs a score for every class, and the prediction is \(prediction.shape.shapeText)")
      }
      for (row, label) in actual.enumerated() {
        let score = p[row * width + label]
        var before = 0
        for other in 0..<width {
          let value = p[row * width + other]
          if value > score || (value == score && other < label) { before += 1 }
        }
        if before < k { right += 1 }
      }
      rows += actual.count
    }

    func result() -> Double { rows > 0 ? Double(right) / Double(rows) : .nan }
  }
}
