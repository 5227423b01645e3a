/// One place of an index: `x[1, ::2, ..., none, (0, 2)]`.
public enum TensorIndex {
  /// One position; the axis goes away. Negative counts from the end.
  case position(Int)
  /// `start:end:step`; nil where it was left out. Bounds are clipped.
  case range(start: Int?, end: Int?, step: Int)
  /// `...`: as many whole axes as are left.
  case ellipsis
  /// `none`: a new axis of size 1.
  case newAxis
  /// Positions, of any shape, as an int32 tensor; several of them pair up.
  case positions(Tensor)
  /// A bool tensor: the elements where it is true, over as many axes as it has.
  case mask(Tensor)

  /// The whole axis.
  public static var all: TensorIndex { .range(start: nil, end: nil, step: 1) }
}

/// A slice with a step along every axis: element `i` of the result is element `start + i · step`.
struct StridedSlice: Operation {
  static let name = "slice"
  let starts: [Int]
  let steps: [Int]
  let counts: [Int]

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, counts)] }

  /// Where the slice lies in a tensor of a shape: the first element and the step to the next, along each axis.
  func place(in shape: Shape) -> (offset: Int, steps: [Int]) {
    let own = StridedCopy.strides(shape)
    let offset = zip(starts, own).reduce(0) { $0 + $1.0 * $1.1 }
    return (offset, zip(steps, own).map { $0 * $1 })
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (offset, from) = place(in: inputs[0].shape)
    let (dtype, counts, to) = (inputs[0].dtype, counts, StridedCopy.strides(counts))
    return Kernel { pointers in
      StridedCopy.run(
        dtype, sizes: counts, to: pointers[1], steps: to, from: pointers[0], fromOffset: offset, fromSteps: from)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    let empty = try Tensor.zeros(inputs[0].shape, seed.dtype)
    return [try Engine.shared.apply1(SliceReplaced(slice: self), empty, seed)]
  }
}

/// A tensor with the elements of one slice replaced by another tensor's.
struct SliceReplaced: Operation {
  static let name = "slice assignment"
  let slice: StridedSlice

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (offset, steps) = slice.place(in: inputs[0].shape)
    let (spec, counts, from) = (inputs[0], slice.counts, StridedCopy.strides(slice.counts))
    return Kernel { pointers in
      pointers[2].copyMemory(from: pointers[0], byteCount: spec.byteCount)
      StridedCopy.run(
        spec.dtype, sizes: counts, to: pointers[2], offset: offset, steps: steps, from: pointers[1], fromSteps: from)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    var shares: [Tensor?] = [nil, nil]
    if needed[0] {
      shares[0] = try Engine.shared.apply1(self, seed, Tensor.zeros(slice.counts, seed.dtype))
    }
    if needed[1] { shares[1] = try Engine.shared.apply1(slice, seed) }
    return shares
  }
}

/// An index, made sense of for one shape: a basic slice, then at most one gathering of positions.
struct IndexPlan {
  /// The slice that ranges, positions and whole axes make; axes of single positions stay, with size 1.
  var slice: StridedSlice
  /// The shape of the slice without those axes and with the new ones; axes with lists of positions keep their size.
  var sliced: Shape = []
  /// Axes of `sliced` that lists of positions or masks pick from, and the positions along each.
  var picked: [(axis: Int, positions: Tensor)] = []
  /// Where the axes of the positions go in the result.
  var pickedPlace = 0
  /// A sliced axis that was written as a position list is left whole in the slice.
  var isBasic: Bool { picked.isEmpty }

  init(_ indices: [TensorIndex], for tensor: Tensor) throws {
    let shape = tensor.shape
    let indices = try IndexPlan.spelledOut(indices, shape: shape)
    var (starts, steps, counts): ([Int], [Int], [Int]) = ([], [], [])
    var axis = 0
    var places: [Int] = []
    func whole(_ size: Int) {
      starts.append(0)
      steps.append(1)
      counts.append(size)
    }
    for index in indices {
      switch index {
      case .newAxis: sliced.append(1)
      case .position(let position):
        starts.append(try IndexPlan.checked(position, size: shape[axis], axis: axis, rank: shape.count))
        steps.append(1)
        counts.append(1)
        axis += 1
      case .range(let start, let end, let step):
        let (first, count) = try IndexPlan.clipped(start, end, step, size: shape[axis])
        starts.append(first)
        steps.append(step)
        counts.append(count)
        sliced.append(count)
        axis += 1
      case .positions(let positions):
        whole(shape[axis])
        places.append(sliced.count)
        picked.append((sliced.count, positions))
        sliced.append(shape[axis])
        axis += 1
      case .mask(let mask):
        guard Array(shape[axis..<axis + mask.rank]) == mask.shape else {
          throw TensorError(
            .index,
            "a mask needs the sizes of the axes it picks from: it is \(mask.shape.shapeText), and they are \(Array(shape[axis..<axis + mask.rank]).shapeText)"
          )
        }
        for positions in try mask.truePositions() {
          whole(shape[axis])
          places.append(sliced.count)
          picked.append((sliced.count, positions))
          sliced.append(shape[axis])
          axis += 1
        }
      case .ellipsis: break
      }
    }
    slice = StridedSlice(starts: starts, steps: steps, counts: counts)
    // Lists that stand side by side leave their axes there; others put them in front, as in NumPy.
    if let first = places.first, let last = places.last {
      pickedPlace = last - first + 1 == places.count ? first : 0
    }
  }

  /// Ellipses and missing axes written as whole ranges.
  /// - Throws: an index error for too many indices.
  private static func spelledOut(_ indices: [TensorIndex], shape: Shape) throws -> [TensorIndex] {
    var used = 0
    var ellipses = 0
    for index in indices {
      switch index {
      case .position, .range: used += 1
      case .positions: used += 1
      case .mask(let mask): used += mask.rank
      case .ellipsis: ellipses += 1
      case .newAxis: break
      }
    }
    guard used <= shape.count else {
      let axes = shape.count == 1 ? "1 axis" : "\(shape.count) axes"
      throw TensorError(.index, "too many indices: \(used) for a tensor of shape \(shape.shapeText), which has \(axes)")
    }
    guard ellipses <= 1 else { throw TensorError(.index, "`...` may stand once in an index") }
    let rest = Array(repeating: TensorIndex.all, count: shape.count - used)
    if ellipses == 0 { return indices + rest }
    return indices.flatMap { index -> [TensorIndex] in
      if case .ellipsis = index { return rest }
      return [index]
    }
  }

  private static func checked(_ position: Int, size: Int, axis: Int, rank: Int) throws -> Int {
    guard position >= -size && position < size else {
      throw TensorError(.index, outOfRange(position, size: size, axis: axis, rank: rank))
    }
    return position < 0 ? position + size : position
  }

  static func outOfRange(_ position: Int, size: Int, axis: Int, rank: Int) -> String {
    rank == 1
      ? "index \(position) is out of range: the size is \(size)"
      : "index \(position) is out of range: axis \(axis) has size \(size)"
  }

  /// First element and count of a slice, clipped to the axis.
  static func clipped(_ start: Int?, _ end: Int?, _ step: Int, size: Int) throws -> (first: Int, count: Int) {
    guard step != 0 else { throw TensorError(.index, "a slice cannot have step 0") }
    func bound(_ value: Int?, missing: Int, low: Int, high: Int) -> Int {
      guard let value else { return missing }
      return Swift.min(Swift.max(value < 0 ? value &+ size : value, low), high)
    }
    if step > 0 {
      let first = bound(start, missing: 0, low: 0, high: size)
      let last = bound(end, missing: size, low: 0, high: size)
      return (first, last > first ? (last - first - 1) / step + 1 : 0)
    }
    let first = bound(start, missing: size - 1, low: -1, high: size - 1)
    let last = bound(end, missing: -1, low: -1, high: size - 1)
    let count = first > last ? (first - last - 1) / step.magnitudeAsInt + 1 : 0
    return (Swift.max(first, 0), count)
  }
}

extension Int {
  /// The absolute value, `Int.max` for `Int.min`.
  fileprivate var magnitudeAsInt: Int { Int(exactly: magnitude) ?? .max }
}
