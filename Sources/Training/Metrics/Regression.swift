import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean of an error over every element of prediction and target.
public struct MeanError: Metric {
  public enum Kind: String, CaseIterable, Sendable {
    /// `mean |p - t|`
    case mae
    /// `mean (p - t)²`
    case mse
    /// `√ mean (p - t)²`, the mean over everything
    case rmse
    /// `100 · mean |p - t| / max(|t|, 1e-7)`, in percent
    case mape
  }

  public let kind: Kind
  public var name: String { kind.rawValue }

  public init(_ kind: Kind) { self.kind = kind }

  public func start() -> any MetricCounter { Counter(kind) }

  private final class Counter: MetricCounter {
    let kind: Kind
    var sum = 0.0
    var count = 0

    init(_ kind: Kind) { self.kind = kind }

    func add(prediction: Tensor, target: Tensor) throws {
      try MetricInput.requireSameShape(kind.rawValue, prediction, target)
      for (p, t) in zip(try prediction.doubles(), try target.doubles()) {
        switch kind {
        case .mae: sum += abs(p - t)
        case .mse, .rmse: sum += (p - t) * (p - t)
        case .mape: sum += 100 * abs(p - t) / max(abs(t), 1e-7)
        }
      }
      count += prediction.count
    }

    func result() -> Double {
      guard count > 0 else { return .nan }
      let mean = sum / Double(count)
      return kind == .rmse ? mean.squareRoot() : mean
    }
  }
}

/// The coefficient of determination `1 - Σ(t - p)² / Σ(t - mean t)²`, the mean of it over the outputs (the last axis of
/// rows). A constant target met exactly gives 1, missed 0.
public struct RSquared: Metric {
  public let name = "r2"
  public init() {}
  public func start() -> any MetricCounter { Counter() }

  private final class Counter: MetricCounter {
    var predictions: [Double] = []
    var targets: [Double] = []
    var width = 1

    func add(prediction: Tensor, target: Tensor) throws {
      try MetricInput.requireSameShape("r2", prediction, target)
      width = prediction.rank > 1 ? max(1, prediction.shape.dropFirst().reduce(1, *)) : 1
      predictions += try prediction.doubles()
      targets += try target.doubles()
    }

    func result() -> Double {
      let rows = targets.count / width
      guard rows > 0 else { return .nan }
      var sum = 0.0
      for column in 0..<width {
        var mean = 0.0
        for row in 0..<rows { mean += targets[row * width + column] }
        mean /= Double(rows)
        var residual = 0.0
        var spread = 0.0
        for row in 0..<rows {
          let t = targets[row * width + column]
          let p = predictions[row * width + column]
          residual += (t - p) * (t - p)
          spread += (t - mean) * (t - mean)
        }
        if spread > 0 { sum += 1 - residual / spread } else { sum += residual == 0 ? 1 : 0 }
      }
      return sum / Double(width)
    }
  }
}

/// The mean of minus the natural logarithm of the probability given to what is true. Probabilities are kept away from
/// 0 and 1 by the dtype's epsilon, as in scikit-learn.
public struct LogLoss: Metric {
  public let name = "log_loss"
  public init() {}
  public func start() -> any MetricCounter { Counter() }

  private final class Counter: MetricCounter {
    var sum = 0.0
    var rows = 0

    func add(prediction: Tensor, target: Tensor) throws {
      let p = try prediction.doubles()
      let t = try target.doubles()
      let epsilon = prediction.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
      func logarithm(_ probability: Double) -> Double { log(min(max(probability, epsilon), 1 - epsilon)) }
      switch try MetricInput.form("log_loss", prediction, target) {
      case .classNumbers(let classes):
        for (row, label) in try MetricInput.classNumbers("log_loss", t, classes: classes).enumerated() {
          sum -= logarithm(p[row * classes + label])
          rows += 1
        }
      case .oneHot(let classes):
        for index in p.indices where t[index] != 0 { sum -= t[index] * logarithm(p[index]) }
        rows += p.count / classes
      case .elementwise:
        for (a, b) in zip(p, t) { sum -= b * logarithm(a) + (1 - b) * logarithm(1 - a) }
        rows += p.count
      }
    }

    func result() -> Double { rows > 0 ? sum / Double(rows) : .nan }
  }
}
