import CKernels

/// Copies between layouts: the kernel behind transposition, slices, broadcasting, concatenation, padding and tiling.
enum StridedCopy {
  /// Row-major steps of a shape, in elements.
  static func strides(_ shape: Shape) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// Copies `sizes` elements; steps count elements of `dtype`, offsets too.
  static func run(
    _ dtype: DType, sizes: [Int], to target: UnsafeMutableRawPointer, offset: Int = 0, steps: [Int],
    from source: UnsafeMutableRawPointer, fromOffset sourceOffset: Int = 0, fromSteps sourceSteps: [Int]
  ) {
    let size = dtype.size
    ck_copy_strided(
      size, Int32(sizes.count), sizes, target + offset * size, steps, source + sourceOffset * size, sourceSteps)
  }

  /// Writes `spec`'s elements, stretched to `shape`.
  static func broadcast(
    _ spec: Spec, at source: UnsafeMutableRawPointer, to shape: Shape, at target: UnsafeMutableRawPointer
  ) {
    let own = strides(spec.shape)
    let lead = shape.count - spec.rank
    let steps = shape.indices.map { axis in axis < lead || spec.shape[axis - lead] == 1 ? 0 : own[axis - lead] }
    run(spec.dtype, sizes: shape, to: target, steps: strides(shape), from: source, fromSteps: steps)
  }
}
