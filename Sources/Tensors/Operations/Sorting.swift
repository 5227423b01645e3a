import CKernels

/// The positions that sort lines along the last axis, stably; nan comes last. No gradient.
struct ArgumentSort: Operation {
  static let name = "argsort"
  let descending: Bool
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(.int32, inputs[0].shape)] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    guard n <= Int(Int32.max) else { throw TensorError(.value, "a line to sort has at most 2147483647 elements") }
    let lines = n == 0 ? 0 : inputs[0].count / n
    let (type, down) = (Int32(inputs[0].dtype.code.rawValue), Int32(descending ? 1 : 0))
    return Kernel(scratchBytes: Swift.max(4 * n, 4)) { pointers in
      ck_argsort(
        type, pointers[0], pointers[1].assumingMemoryBound(to: Int32.self),
        pointers[2].assumingMemoryBound(to: Int32.self), lines, n, down)
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [nil] }
}

/// The element at a place of the sorted order along the last axis, which goes away; nan where one is. Elements equal to it
/// share the gradient evenly.
struct OrderStatistic: Operation {
  static let name = "quantile"
  let place: Int
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(inputs[0].dtype, Array(inputs[0].shape.dropLast()))]
  }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (n, lines, place) = (inputs[0].shape[inputs[0].rank - 1], outputs[0].count, place)
    guard n <= Int(Int32.max) else { throw TensorError(.value, "a line to sort has at most 2147483647 elements") }
    let (type, size) = (Int32(inputs[0].dtype.code.rawValue), inputs[0].dtype.size)
    return Kernel(scratchBytes: 8 * n) { pointers in
      let order = pointers[2].assumingMemoryBound(to: Int32.self)
      for line in 0..<lines {
        let start = pointers[0] + line * n * size
        ck_argsort(type, start, order, order + n, 1, n, 0)
        // nan sorts last, and spoils every place.
        let last = start + Int(order[n - 1]) * size
        let isNaN = size == 8 ? last.load(as: Double.self).isNaN : last.load(as: Float.self).isNaN
        (pointers[1] + line * size).copyMemory(
          from: isNaN ? last : start + Int(order[place]) * size, byteCount: size)
      }
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    let isEqual = try inputs[0].equalElements(outputs[0].expand(-1)).converted(to: seed.dtype)
    return [try isEqual * (seed.expand(-1) / isEqual.sum(axes: [-1], keep: true))]
  }
}

extension Tensor {
  /// Positions that sort along an axis; equal elements keep their order, nan comes last.
  public func argsort(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    guard rank > 0 else { throw TensorError(.shape, "sorting needs an axis, and this is a single value") }
    let place = try Axes.checked(axis, rank: rank)
    if place == rank - 1 { return try Engine.shared.apply1(ArgumentSort(descending: descending), self) }
    return try swapAxes(place, -1).argsort(descending: descending).swapAxes(place, -1)
  }

  /// The elements in order along an axis; equal ones keep their order, nan comes last.
  public func sort(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    try takeAlong(argsort(axis: axis, descending: descending), axis: axis)
  }

  /// The k largest elements along the last axis, largest first, and their positions.
  /// - Throws: a value error where there are fewer than k.
  public func topK(_ k: Int) throws -> (values: Tensor, positions: Tensor) {
    guard rank > 0 else { throw TensorError(.shape, "top_k needs an axis, and this is a single value") }
    guard k >= 0, k <= shape[rank - 1] else {
      throw TensorError(.value, "top_k cannot take \(k) of \(shape[rank - 1]) elements")
    }
    let positions = try argsort(descending: true).narrow(axis: rank - 1, from: 0, count: k)
    return (try takeAlong(positions, axis: -1), positions)
  }

  /// The distinct elements, ascending.
  public func unique() throws -> Tensor {
    let sorted = try flatten().stopGradient().sort()
    guard sorted.count > 1 else { return sorted }
    let before = try sorted.narrow(axis: 0, from: 0, count: sorted.count - 1)
    let after = try sorted.narrow(axis: 0, from: 1, count: sorted.count - 1)
    let isNew = try after.notEqual(before)
    // Of several nan one stays.
    let isNaN = try before.isNaN()
    let keeps = try isNew.logicalAnd(isNaN.logicalNot())
    let first = try Tensor(bools: [true], shape: [1])
    return try sorted.slice([.mask(Tensor.concat([first, keeps]))])
  }

  /// Rows with a single 1 at the class number: shape of the labels, then `classes`.
  /// - Throws: a value error for a label that is no whole number in 0..<classes.
  public func oneHot(_ classes: Int, dtype: DType = .float32) throws -> Tensor {
    guard classes > 0 else { throw TensorError(.value, "one_hot needs at least one class, and got \(classes)") }
    let labels = try doubles()
    let result = try Tensor.zeros(shape + [classes], dtype)
    let one = try Tensor.scalar(1, dtype)
    let (rows, value) = (try result.data(), try one.data())
    for (row, label) in labels.enumerated() {
      guard label >= 0, label < Double(classes), label == label.rounded(.down) else {
        throw TensorError(.value, "one_hot needs class numbers from 0 to \(classes - 1), and one is \(label.plainText)")
      }
      (rows + (row * classes + Int(label)) * dtype.size).copyMemory(from: value, byteCount: dtype.size)
    }
    withExtendedLifetime(one) {}
    return result
  }

  /// For each value, how many elements of this sorted rank-1 tensor are smaller: where it would go, on the left side.
  public func searchsorted(_ values: Tensor) throws -> Tensor {
    guard rank == 1 else {
      throw TensorError(.shape, "searchsorted needs a sorted tensor of rank 1, and got \(shape.shapeText)")
    }
    let sorted = try converted(to: .float64)
    let wanted = try values.converted(to: .float64)
    let result = try Tensor(uninitialized: Spec(.int32, values.shape))
    let positions = try result.elements(Int32.self)
    let source = try sorted.elements(Double.self)
    let targets = try wanted.elements(Double.self)
    if let out = positions.baseAddress, let from = source.baseAddress, let to = targets.baseAddress {
      ck_search_sorted(from, count, to, out, values.count)
    }
    return result
  }

  /// How many elements lie in each of `bins` equal parts between the smallest and the largest (the last part has both its
  /// ends), and the parts' edges. Where all are equal, the parts span one unit around them.
  public func histogram(bins: Int) throws -> (counts: Tensor, edges: Tensor) {
    guard bins > 0 else { throw TensorError(.value, "histogram needs at least one bin, and got \(bins)") }
    let values = try doubles()
    guard values.allSatisfy(\.isFinite) else { throw TensorError(.value, "histogram needs finite elements") }
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let edgeType: DType = dtype == .float64 ? .float64 : .float32
    let edges = try Tensor.linspace(low, high, bins + 1, .float64)
    let bounds = try edges.elements(Double.self)
    var counts = Array(repeating: Int32(0), count: bins)
    let scale = Double(bins) / (high - low)
    for value in values {
      var bin = Swift.min(Swift.max(Int(Swift.min((value - low) * scale, Double(bins))), 0), bins - 1)
      // Rounding may put a value beside its edge.
      if value < bounds[bin] { bin -= 1 } else if bin + 1 < bins && value >= bounds[bin + 1] { bin += 1 }
      counts[Swift.max(bin, 0)] += 1
    }
    return (try Tensor(int32: counts, shape: [bins]), try edges.converted(to: edgeType))
  }

  /// The element below which a share `q` of them lies, by linear interpolation; over all elements for nil.
  /// - Throws: a value error for a share outside 0...1 or no elements.
  public func quantile(_ q: Double, axis: Int? = nil, keep: Bool = false) throws -> Tensor {
    try quantile(q, axes: axis.map { [$0] }, keep: keep)
  }

  /// The same over several axes.
  public func quantile(_ q: Double, axes: [Int]?, keep: Bool = false) throws -> Tensor {
    try quantile(q, axes: axes, keep: keep, of: "quantile")
  }

  /// The same under the name that messages show.
  private func quantile(_ q: Double, axes: [Int]?, keep: Bool, of name: String) throws -> Tensor {
    guard q >= 0, q <= 1 else {
      throw TensorError(.value, "quantile needs a share from 0 to 1, and got \(q.plainText)")
    }
    if rank == 0 { return try asFloat() }
    let places = try Axes.normalized(axes, rank: rank)
    let x = try asFloat()
    let others = (0..<rank).filter { !places.contains($0) }
    let length = places.map { shape[$0] }.product
    guard length > 0 else {
      throw TensorError(.value, "\(name) of no elements: the tensor has shape \(shape.shapeText)")
    }
    let lines = try x.transpose(others + places).reshape(others.map { shape[$0] } + [length])
    let place = q * Double(length - 1)
    let low = Int(place.rounded(.down))
    let fraction = place - Double(low)
    var result = try Engine.shared.apply1(OrderStatistic(place: low), lines)
    if fraction > 0 {
      let next = try Engine.shared.apply1(OrderStatistic(place: low + 1), lines)
      result = try result * (1 - fraction) + next * fraction
    }
    return try result.reshape(
      keep ? shape.indices.map { places.contains($0) ? 1 : shape[$0] } : others.map { shape[$0] })
  }

  /// The middle element over axes, the mean of the middle two for an even number. Elements equal to them share the
  /// gradient evenly.
  public func median(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try quantile(0.5, axes: axes, keep: keep, of: "median")
  }
}
