/// The convolution of a signal (batch, steps, in) or images (batch, rows, columns, in) with a kernel
/// (…sizes, in / groups, out).
///
/// - Parameters:
///   - bias: one number per filter, or nil.
///   - padding: zeros before and after, per spatial axis; see `ConvolutionGeometry.samePadding`.
/// - Returns: (batch, …positions, out), where positions are `(in + low + high - dilation·(size - 1) - 1) / stride + 1`.
/// - Throws: a shape error where channels, groups or sizes do not fit.
public func conv(
  _ x: Tensor, _ kernel: Tensor, bias: Tensor? = nil, strides: [Int]? = nil, padding: [(Int, Int)]? = nil,
  dilation: [Int]? = nil, groups: Int = 1
) throws -> Tensor {
  let axes = try spatialAxes(x, kernel)
  let geometry = try ConvolutionGeometry(
    axes: axes, strides: strides, padding: padding, dilation: dilation, groups: groups)
  let operands = try floatOperands([x, kernel] + (bias.map { [$0] } ?? []))
  return try Engine.shared.apply(Convolution(geometry: geometry), operands)[0]
}

/// The transposed convolution: the adjoint of `conv` from the result's shape to the input's, with a kernel
/// (…sizes, out, in).
///
/// - Parameter outputSize: the result's spatial sizes; nil for the smallest, `(in - 1)·stride + dilation·(size - 1) + 1 - low - high`.
/// - Returns: (batch, …outputSize, out).
/// - Throws: a shape error where a convolution of that output would not have the input's size.
public func convTranspose(
  _ x: Tensor, _ kernel: Tensor, bias: Tensor? = nil, strides: [Int]? = nil, padding: [(Int, Int)]? = nil,
  dilation: [Int]? = nil, groups: Int = 1, outputSize: [Int]? = nil
) throws -> Tensor {
  let axes = try spatialAxes(x, kernel)
  let geometry = try ConvolutionGeometry(
    axes: axes, strides: strides, padding: padding, dilation: dilation, groups: groups)
  guard x.shape[axes + 1] == kernel.shape[axes + 1] else {
    throw TensorError(
      .shape,
      "a transposed convolution's kernel for \(kernel.shape[axes + 1]) input channels meets an input with \(x.shape[axes + 1])"
    )
  }
  let smallest = (0..<axes).map { axis -> Int in
    let reach = geometry.dilation[axis] * (kernel.shape[axis] - 1) + 1
    let full = (x.shape[axis + 1] - 1) * geometry.strides[axis] + reach
    return max(0, full - geometry.paddingLow[axis] - geometry.paddingHigh[axis])
  }
  let sizes = outputSize ?? smallest
  guard sizes.count == axes else {
    throw TensorError(.value, "`outputSize` needs \(axes) numbers, one per spatial axis, and got \(sizes.count)")
  }
  let operands = try floatOperands([x, kernel] + (bias.map { [$0] } ?? []))
  let shape = [x.shape[0]] + sizes + [kernel.shape[axes] * groups]
  let result = try ConvolutionInputGradient.of(geometry, shape, operands[0], operands[1])
  return bias == nil ? result : try result + operands[2]
}

/// Convolution of each channel by itself, with a kernel (rows, columns, in, multiplier).
///
/// - Returns: (batch, …positions, in·multiplier); output channel `c·multiplier + m` comes from channel c.
public func depthwiseConv(
  _ x: Tensor, _ kernel: Tensor, bias: Tensor? = nil, strides: [Int]? = nil, padding: [(Int, Int)]? = nil,
  dilation: [Int]? = nil
) throws -> Tensor {
  let axes = try spatialAxes(x, kernel)
  let (channels, multiplier) = (kernel.shape[axes], kernel.shape[axes + 1])
  guard channels == x.shape[axes + 1] else {
    throw TensorError(.shape, "a depthwise kernel for \(channels) channels meets an input with \(x.shape[axes + 1])")
  }
  let flat = try kernel.reshape(Array(kernel.shape[..<axes]) + [1, channels * multiplier])
  return try conv(x, flat, bias: bias, strides: strides, padding: padding, dilation: dilation, groups: max(1, channels))
}

/// 1 for signals, 2 for images.
private func spatialAxes(_ x: Tensor, _ kernel: Tensor) throws -> Int {
  guard x.rank == 3 || x.rank == 4 else {
    throw TensorError(
      .shape,
      "a convolution takes (batch, steps, channels) or (batch, rows, columns, channels), and got \(x.shape.shapeText)",
      hint: "add the missing axis with `expand`")
  }
  guard kernel.rank == x.rank else {
    throw TensorError(
      .shape, "an input of \(x.rank) axes needs a kernel of \(x.rank) axes, and got \(kernel.shape.shapeText)")
  }
  return x.rank - 2
}

/// The tensors as floats of one type: float64 where one of them is, otherwise float32.
func floatOperands(_ tensors: [Tensor]) throws -> [Tensor] {
  let dtype: DType = tensors.contains { $0.dtype == .float64 && !$0.spec.isWeak } ? .float64 : .float32
  return try tensors.map { $0.dtype == dtype ? $0 : try $0.cast(to: dtype) }
}
