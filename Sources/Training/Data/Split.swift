import Tensors

/// Row numbers for training and for testing.
public struct Split: Sendable, Equatable {
  public var train: [Int]
  public var test: [Int]
}

extension Split {
  /// Splits `count` rows at random.
  /// - Parameters:
  ///   - test: a share between 0 and 1 (rounded up, as scikit-learn does), or a whole number of rows.
  ///   - labels: where given, every class gets its share of both parts, as nearly as whole rows allow.
  ///   - random: where the order comes from.
  /// - Throws: a value error where one of the parts would be empty.
  public static func random(
    count: Int, test: Double, labels: [Double]? = nil, random: RandomStream
  ) throws -> Split {
    let size = try testSize(count: count, test: test)
    let order = try random.permutation(count)
    guard let labels else { return Split(train: Array(order[size...]), test: Array(order[..<size])) }
    // The classes in order of value, the rows of each in random order.
    var rowsByClass: [Double: [Int]] = [:]
    for row in order { rowsByClass[labels[row], default: []].append(row) }
    let classes = rowsByClass.keys.sorted()
    // Whole rows first, then one more to the classes with the largest remainders.
    let wanted = classes.map { Double(rowsByClass[$0, default: []].count) * Double(size) / Double(count) }
    var shares = wanted.map { Int($0.rounded(.down)) }
    let byRemainder = classes.indices.sorted {
      let a = wanted[$0] - wanted[$0].rounded(.down)
      let b = wanted[$1] - wanted[$1].rounded(.down)
      return a != b ? a > b : $0 < $1
    }
    for index in byRemainder.prefix(size - shares.reduce(0, +)) { shares[index] += 1 }
    var isTest = [Bool](repeating: false, count: count)
    for (index, label) in classes.enumerated() {
      for row in rowsByClass[label, default: []].prefix(shares[index]) { isTest[row] = true }
    }
    return Split(train: order.filter { !isTest[$0] }, test: order.filter { isTest[$0] })
  }

  /// The number of test rows that `test` asks for.
  static func testSize(count: Int, test: Double) throws -> Int {
    let size: Int
    if test > 0, test < 1 {
      // 0.2 · 100 is 20.000000000000004 in binary: a hair above a whole number is that number.
      size = Int((Double(count) * test - 1e-9).rounded(.up))
    } else if let rows = Int(exactly: test), rows >= 1 {
      size = rows
    } else {
      throw TensorError(.value, "test must be a share between 0 and 1 or a whole number of rows, and is \(test)")
    }
    guard size >= 1, size < count else {
      throw TensorError(.value, "\(size) of \(count) rows for testing leaves nothing for the other part")
    }
    return size
  }

  /// Both parts of a tensor.
  public func apply(_ tensor: Tensor) throws -> (train: Tensor, test: Tensor) {
    (try Rows.gathered(tensor, train), try Rows.gathered(tensor, test))
  }
}

/// Splits inputs and targets at random into a part to train on and a part to test on; rows stay together.
/// - Parameters:
///   - test: the share of rows to test on, or their number.
///   - stratify: every class of `y` gets its share of both parts.
///   - seed: makes the split repeat; nil draws from the session's generator.
public func trainTestSplit(
  _ x: Tensor, _ y: Tensor, test: Double = 0.2, stratify: Bool = false, seed: UInt64? = nil
) throws -> (xTrain: Tensor, xTest: Tensor, yTrain: Tensor, yTest: Tensor) {
  let count = try Rows.commonCount([("x", x), ("y", y)])
  let labels = stratify ? try rowLabels(y) : nil
  let split = try Split.random(count: count, test: test, labels: labels, random: .of(seed: seed))
  let (xTrain, xTest) = try split.apply(x)
  let (yTrain, yTest) = try split.apply(y)
  return (xTrain, xTest, yTrain, yTest)
}

/// One label a row: class numbers as they are, one-hot rows by their largest value.
/// - Throws: a shape error for anything else.
func rowLabels(_ y: Tensor) throws -> [Double] {
  let values = try y.doubles()
  guard !values.contains(where: \.isNaN) else { throw TensorError(.value, "a class number is nan") }
  if y.rank == 1 || (y.rank == 2 && y.shape[1] == 1) { return values }
  guard y.rank == 2, y.shape[1] > 0 else {
    throw TensorError(.shape, "classes are one number a row or one-hot rows, and this is \(y.shape.shapeText)")
  }
  return MetricInput.argmax(values, width: y.shape[1]).map(Double.init)
}

/// `k` splits of `count` rows: each row is in exactly one test part; the first parts are one row longer where the
/// rows do not divide evenly, as in scikit-learn.
/// - Parameter shuffle: deals the rows at random, from the session's generator or a `seed`.
public func kFolds(_ count: Int, _ k: Int, shuffle: Bool = false, seed: UInt64? = nil) throws -> [Split] {
  guard k >= 2, k <= count else {
    throw TensorError(.value, "k_folds needs at least 2 folds and a row for each, and got \(k) folds of \(count) rows")
  }
  let order = shuffle ? try RandomStream.of(seed: seed).permutation(count) : Array(0..<count)
  var start = 0
  return (0..<k).map { fold in
    let end = start + count / k + (fold < count % k ? 1 : 0)
    defer { start = end }
    return Split(train: Array(order[..<start] + order[end...]), test: Array(order[start..<end]))
  }
}

/// Whether every row of numbers holds a single 1 and zeros; rows of one number are no such rows, and pass.
func isOneHot(_ numbers: [Double], width: Int) -> Bool {
  guard width > 1 else { return true }
  return stride(from: 0, to: numbers.count, by: width).allSatisfy { start in
    let row = numbers[start..<min(start + width, numbers.count)]
    return row.allSatisfy { $0 == 0 || $0 == 1 } && row.reduce(0, +) == 1
  }
}

/// Weights that make classes count alike: for each class `n / (classes · count)`, in class order.
public func classWeights(_ y: Tensor) throws -> [(label: Int, weight: Double)] {
  // Class numbers of several steps a row, unless they are rows with a single 1.
  let isSteps = try y.rank > 1 && y.dtype == .int32 && !isOneHot(y.doubles(), width: y.shape.last ?? 1)
  let labels = try MetricInput.classNumbers("class_weights", isSteps ? y.doubles() : rowLabels(y), classes: nil)
  var counts: [Int: Int] = [:]
  for label in labels { counts[label, default: 0] += 1 }
  guard !labels.isEmpty else { throw TensorError(.value, "class_weights needs at least one row") }
  return counts.keys.sorted().map { label in
    (label, Double(labels.count) / (Double(counts.count) * Double(counts[label] ?? 1)))
  }
}
