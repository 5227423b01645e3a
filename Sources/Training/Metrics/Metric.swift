import Tensors

/// A number that says how good predictions are, exact over everything it has seen.
///
/// A metric is a recipe; `start()` makes a counter that sees a pass batch by batch. Metrics never broadcast:
/// prediction and target must have the same shape, or fit the class-number form (rows of class scores against one
/// class number per row).
public protocol Metric {
  /// The column of the history: `accuracy`.
  var name: String { get }

  /// A counter that has seen nothing.
  func start() -> any MetricCounter
}

/// What a metric has seen of one pass over the data.
public protocol MetricCounter: AnyObject {
  /// Takes in one batch.
  /// - Throws: a shape error where prediction and target do not fit, a value error where a label is no class number.
  func add(prediction: Tensor, target: Tensor) throws

  /// The metric over everything added; nan where nothing was.
  func result() throws -> Double
}

extension Metric {
  /// The metric of one prediction against its target.
  public func value(prediction: Tensor, target: Tensor) throws -> Double {
    let counter = start()
    try counter.add(prediction: prediction, target: target)
    return try counter.result()
  }
}

/// A metric made of any function of (prediction, target): it sees all rows of a pass at once, so it is exact too.
public struct FunctionMetric: Metric {
  public let name: String
  let function: (Tensor, Tensor) throws -> Double

  public init(_ name: String, _ function: @escaping (_ prediction: Tensor, _ target: Tensor) throws -> Double) {
    self.name = name
    self.function = function
  }

  public func start() -> any MetricCounter { Counter(function) }

  private final class Counter: MetricCounter {
    let function: (Tensor, Tensor) throws -> Double
    var predictions: [Tensor] = []
    var targets: [Tensor] = []

    init(_ function: @escaping (Tensor, Tensor) throws -> Double) { self.function = function }

    func add(prediction: Tensor, target: Tensor) throws {
      predictions.append(prediction)
      targets.append(target)
    }

    func result() throws -> Double {
      guard !predictions.isEmpty else { return .nan }
      return try function(Rows.concatenated(predictions), Rows.concatenated(targets))
    }
  }
}

/// How the numbers of several classes become one.
public enum Average: String, CaseIterable, Sendable {
  /// Of class 1 alone; there are two classes.
  case binary
  /// The mean over the classes that occur.
  case macro
  /// Counted over all classes together.
  case micro
  /// The mean over the classes, weighted by how often each is the target.
  case weighted
}
