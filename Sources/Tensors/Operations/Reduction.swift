import CKernels

/// A reduction over neighbouring axes `first ..< first + axes`, seen as the middle of outer × length × inner.
protocol ReductionOperation: Operation {
  var first: Int { get }
  var axes: Int { get }
  /// Whether the reduced axes stay, with size 1.
  var keep: Bool { get }
  var reduction: ck_reduction { get }
  /// A factor of float sums, from the number of elements that meet.
  func scale(_ length: Int) -> Double
  func resultType(_ operand: DType) -> DType
  /// Whether there is a result where nothing meets.
  var allowsEmpty: Bool { get }
  /// How messages call it.
  var title: String { get }
}

extension ReductionOperation {
  var allowsEmpty: Bool { true }
  var title: String { Self.name }
  func scale(_ length: Int) -> Double { 1 }
  func resultType(_ operand: DType) -> DType { operand }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    if !allowsEmpty && shape[first..<first + axes].contains(0) {
      throw TensorError(.value, "\(title) of no elements: the tensor has shape \(shape.shapeText)")
    }
    shape.replaceSubrange(first..<first + axes, with: keep ? Array(repeating: 1, count: axes) : [])
    return [
      Spec(resultType(inputs[0].dtype), shape, isWeak: inputs[0].isWeak && resultType(inputs[0].dtype) == .float64)
    ]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let shape = inputs[0].shape
    let outer = shape[..<first].product
    let length = shape[first..<first + axes].product
    let inner = shape[(first + axes)...].product
    let (code, type, factor) = (Int32(reduction.rawValue), Int32(inputs[0].dtype.code.rawValue), scale(length))
    return Kernel { pointers in
      let status = ck_reduce(code, type, pointers[0], pointers[1], outer, length, inner, factor)
      if status != 0 { try KernelStatus.check(status, title) }
    }
  }

  /// A tensor of the result's shape as one of the operand's rank, with size 1 along the reduced axes.
  func keptForm(_ tensor: Tensor, of operand: Tensor) throws -> Tensor {
    var shape = operand.shape
    for axis in first..<first + axes { shape[axis] = 1 }
    return try tensor.reshape(shape)
  }
}

extension Tensor {
  /// Applies a reduction over any axes: those that are not neighbours are brought together first.
  func reduced(
    _ axes: [Int]?, keep: Bool, _ make: (_ first: Int, _ axes: Int, _ keep: Bool) -> some ReductionOperation
  ) throws -> Tensor {
    let axes = try Axes.normalized(axes, rank: rank)
    let first = axes.first ?? 0
    if axes.isEmpty || axes.count == axes[axes.count - 1] - first + 1 {
      return try Engine.shared.apply1(make(first, axes.count, keep), self)
    }
    let others = (0..<rank).filter { !axes.contains($0) }
    let result = try Engine.shared.apply1(make(others.count, axes.count, false), transpose(others + axes))
    guard keep else { return result }
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    return try result.reshape(kept)
  }

  /// Sums up what broadcasting had stretched from `spec`, and gives the gradient `spec`'s shape.
  func summed(to spec: Spec) throws -> Tensor {
    var result = self
    if shape != spec.shape {
      let lead = rank - spec.rank
      let stretched = (0..<rank).filter { $0 < lead || spec.shape[$0 - lead] == 1 && shape[$0] != 1 }
      if !stretched.isEmpty { result = try result.sum(axes: stretched, keep: true) }
      result = try result.reshape(spec.shape)
    }
    if result.dtype != spec.dtype || result.spec.isWeak != spec.isWeak {
      result = try result.converted(to: spec.dtype, isWeak: spec.isWeak)
    }
    return result
  }
}
