/// The elements in the opposite order along some axes.
struct Flip: Operation {
  static let name = "flip"
  let axes: [Int]
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let spec = inputs[0]
    let steps = StridedCopy.strides(spec.shape)
    var from = steps
    var offset = 0
    for axis in axes where spec.shape[axis] > 0 {
      from[axis] = -steps[axis]
      offset += (spec.shape[axis] - 1) * steps[axis]
    }
    let (sourceSteps, start) = (from, offset)
    return Kernel { pointers in
      StridedCopy.run(
        spec.dtype, sizes: spec.shape, to: pointers[1], steps: steps, from: pointers[0], fromOffset: start,
        fromSteps: sourceSteps)
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try Engine.shared.apply1(self, $0) }]
  }
}

extension Tensor {
  /// The elements in the opposite order along an axis.
  public func flip(_ axis: Int) throws -> Tensor {
    try Engine.shared.apply1(Flip(axes: [Axes.checked(axis, rank: rank)]), self)
  }

  /// Moved along an axis by `n` places; what leaves at one end comes in at the other.
  public func roll(_ n: Int, _ axis: Int) throws -> Tensor {
    let place = try Axes.checked(axis, rank: rank)
    let size = shape[place]
    guard size > 0 else { return self }
    let shift = ((n % size) + size) % size
    if shift == 0 { return self }
    return try Tensor.concat(
      [narrow(axis: place, from: size - shift, count: shift), narrow(axis: place, from: 0, count: size - shift)],
      axis: place)
  }

  /// The whole tensor repeated along each axis; missing repetitions in front count as 1, missing axes too.
  public func tile(_ repetitions: [Int]) throws -> Tensor {
    for n in repetitions where n < 0 { throw TensorError(.value, "tile cannot repeat \(n) times") }
    let rank = Swift.max(rank, repetitions.count)
    let times = Array(repeating: 1, count: rank - repetitions.count) + repetitions
    let sizes = Array(repeating: 1, count: rank - shape.count) + shape
    var (split, wide, result): (Shape, Shape, Shape) = ([], [], [])
    for axis in 0..<rank {
      let (total, overflow) = sizes[axis].multipliedReportingOverflow(by: times[axis])
      guard !overflow else { throw TensorError(.value, "tile would make axis \(axis) too large") }
      result.append(total)
      if times[axis] != 1 {
        split.append(1)
        wide.append(times[axis])
      }
      split.append(sizes[axis])
      wide.append(sizes[axis])
    }
    _ = try Limits.checkedCount(result, dtype)
    return try reshape(split).broadcast(to: wide).reshape(result)
  }

  /// Each element `n` times in a row along an axis; of the flattened tensor for nil.
  public func repeatElements(_ n: Int, axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try flatten().repeatElements(n, axis: 0) }
    guard n >= 0 else { throw TensorError(.value, "repeat cannot repeat \(n) times") }
    let place = try Axes.checked(axis, rank: rank)
    var wide = shape
    wide.insert(n, at: place + 1)
    var result = shape
    let (total, overflow) = shape[place].multipliedReportingOverflow(by: n)
    guard !overflow else { throw TensorError(.value, "repeat would make axis \(place) too large") }
    result[place] = total
    _ = try Limits.checkedCount(result, dtype)
    return try expand(place + 1).broadcast(to: wide).reshape(result)
  }
}
