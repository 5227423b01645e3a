import Tensors

/// How a prediction and its target are read.
enum MetricInput {
  /// What a pair of tensors means, told by the shapes alone.
  enum Form {
    /// Rows of `classes` scores against class numbers.
    case classNumbers(classes: Int)
    /// Rows of `classes` scores against rows of 0 and 1 (or of probabilities).
    case oneHot(classes: Int)
    /// One number against one number.
    case elementwise
  }

  static func form(_ metric: String, _ prediction: Tensor, _ target: Tensor) throws -> Form {
    let p = prediction.shape
    let t = target.shape
    if p == t {
      guard let last = p.last, p.count > 1, last > 1, prediction.dtype.isFloat else { return .elementwise }
      return .oneHot(classes: last)
    }
    if let last = p.last, last > 1, p.count > 1, Array(p.dropLast()) == t { return .classNumbers(classes: last) }
    throw mismatch(metric, p, t)
  }

  /// Refuses a pair whose shapes differ.
  static func requireSameShape(_ metric: String, _ prediction: Tensor, _ target: Tensor) throws {
    guard prediction.shape == target.shape else { throw mismatch(metric, prediction.shape, target.shape) }
  }

  static func mismatch(_ metric: String, _ p: Shape, _ t: Shape) -> TensorError {
    TensorError(
      .shape, "\(metric) needs prediction and target to fit, and they are \(p.shapeText) and \(t.shapeText)",
      hint: repair(p, t, first: "prediction", second: "target"))
  }

  /// What to write where two shapes differ by axes of size 1; nil where they differ otherwise.
  static func repair(_ p: Shape, _ t: Shape, first: String, second: String) -> String? {
    if p.count == t.count + 1, p.last == 1, Array(p.dropLast()) == t {
      return
        "write \(second)[:, none] to make it \(p.shapeText), or squeeze(\(first), axis: -1) to make it \(t.shapeText)"
    }
    if t.count == p.count + 1, t.last == 1, Array(t.dropLast()) == p {
      return
        "write squeeze(\(second), axis: -1) to make it \(p.shapeText), or \(first)[:, none] to make it \(t.shapeText)"
    }
    if p.count == t.count, t.last == 1, p.count > 1, p.dropLast() == t.dropLast() {
      return "class numbers stand in one row: write squeeze(\(second), axis: -1)"
    }
    return nil
  }

  /// The position of the largest of every `width` values; the first where several are.
  static func argmax(_ values: [Double], width: Int) -> [Int] {
    guard width > 0 else { return [] }
    return stride(from: 0, to: values.count, by: width).map { start in
      var best = 0
      for k in 1..<max(width, 1) where values[start + k] > values[start + best] { best = k }
      return best
    }
  }

  /// Class numbers as integers.
  /// - Throws: a value error for a fraction, a negative number, or one beyond the classes there are.
  static func classNumbers(_ metric: String, _ values: [Double], classes: Int?) throws -> [Int] {
    try values.map { value in
      guard let number = Int(exactly: value) else {
        throw TensorError(.value, "\(metric) needs whole class numbers, and got \(value)")
      }
      guard number >= 0, number < classes ?? Limits.maximumClasses else {
        throw TensorError(
          .value,
          classes.map { "\(metric): class \(number) does not exist: there are \($0) classes, 0 to \($0 - 1)" }
            ?? "\(metric) needs class numbers from 0 to \(Limits.maximumClasses - 1), and got \(number)")
      }
      return number
    }
  }

  /// Both sides as class numbers: the most probable class, or, where there is one number a row, the number itself
  /// (whole numbers) or whether it is above one half (scores).
  /// - Returns: predicted and true class of each row, and the number of classes where the shape tells it.
  static func classes(
    _ metric: String, _ prediction: Tensor, _ target: Tensor
  ) throws -> (predicted: [Int], actual: [Int], classes: Int?) {
    let form = try form(metric, prediction, target)
    let p = try prediction.doubles()
    let t = try target.doubles()
    switch form {
    case .classNumbers(let classes):
      return (argmax(p, width: classes), try classNumbers(metric, t, classes: classes), classes)
    case .oneHot(let classes):
      return (argmax(p, width: classes), argmax(t, width: classes), classes)
    case .elementwise:
      let actual = try classNumbers(metric, t, classes: nil)
      if isWhole(p) { return (try classNumbers(metric, p, classes: nil), actual, nil) }
      return (p.map { $0 > 0.5 ? 1 : 0 }, actual, nil)
    }
  }

  static func isWhole(_ values: [Double]) -> Bool {
    values.allSatisfy { $0 == $0.rounded() }
  }
}

extension Limits {
  /// Classes that a confusion matrix may have: its square must fit in memory.
  public static let maximumClasses = 10_000
}
