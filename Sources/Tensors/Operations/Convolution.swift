/// Convolution (cross-correlation) of signals and images, channels last.
///
/// `y[n, p, o] = Σ over taps t and channels c of x[n, p·stride + t·dilation - low, c] · kernel[t, c, o] (+ bias[o])`.
/// Shapes: x (batch, …sizes, in), kernel (…taps, in / groups, out), bias (out), result (batch, …positions, out).
///
/// The three operations here are one trilinear form and its partial adjoints, so that each one's gradient is made of the
/// other two and derivatives of every order exist.
struct Convolution: Operation {
  static let name = "convolution"
  let geometry: ConvolutionGeometry

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (x, kernel) = (inputs[0], inputs[1])
    try geometry.check(x: x.shape, kernel: kernel.shape)
    if inputs.count > 2, inputs[2].shape != [kernel.shape[kernel.rank - 1]] {
      throw TensorError(
        .shape,
        "a convolution with \(kernel.shape[kernel.rank - 1]) filters needs a bias of that size, and got \(inputs[2].shape.shapeText)"
      )
    }
    let sizes = try geometry.outputSizes(
      Array(x.shape[1...geometry.axes]), window: Array(kernel.shape[..<geometry.axes]), what: "convolution")
    let shape = [x.shape[0]] + sizes + [kernel.shape[kernel.rank - 1]]
    _ = try Limits.checkedCount(shape, x.dtype)
    return [Spec(x.dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    try ConvolutionKernels.prepared(
      .forward(hasBias: inputs.count > 2), geometry, x: inputs[0], kernel: inputs[1], y: outputs[0])
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return inputs.map { _ in nil } }
    var shares: [Tensor?] = [
      needed[0] ? try ConvolutionInputGradient.of(geometry, inputs[0].shape, seed, inputs[1]) : nil,
      needed[1] ? try ConvolutionKernelGradient.of(geometry, inputs[1].shape, inputs[0], seed) : nil,
    ]
    if inputs.count > 2 { shares.append(needed[2] ? try seed.sum(axes: Array(0...geometry.axes)) : nil) }
    return shares
  }
}

/// The adjoint of a convolution with respect to its input; also the transposed convolution. Inputs: g (like the
/// convolution's result), kernel. Result: the shape of the convolution's input.
struct ConvolutionInputGradient: Operation {
  static let name = "convolution_input_gradient"
  let geometry: ConvolutionGeometry
  let inputShape: Shape

  static func of(_ geometry: ConvolutionGeometry, _ shape: Shape, _ g: Tensor, _ kernel: Tensor) throws -> Tensor {
    try Engine.shared.apply1(ConvolutionInputGradient(geometry: geometry, inputShape: shape), g, kernel)
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    try geometry.check(x: inputShape, kernel: inputs[1].shape)
    try geometry.check(result: inputs[0].shape, x: inputShape, kernel: inputs[1].shape)
    _ = try Limits.checkedCount(inputShape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, inputShape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    try ConvolutionKernels.prepared(.input, geometry, x: outputs[0], kernel: inputs[1], y: inputs[0])
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [
      needed[0] ? try Engine.shared.apply1(Convolution(geometry: geometry), seed, inputs[1]) : nil,
      needed[1] ? try ConvolutionKernelGradient.of(geometry, inputs[1].shape, seed, inputs[0]) : nil,
    ]
  }
}

/// The adjoint of a convolution with respect to its kernel. Inputs: x, g (like the convolution's result).
struct ConvolutionKernelGradient: Operation {
  static let name = "convolution_kernel_gradient"
  let geometry: ConvolutionGeometry
  let kernelShape: Shape

  static func of(_ geometry: ConvolutionGeometry, _ shape: Shape, _ x: Tensor, _ g: Tensor) throws -> Tensor {
    try Engine.shared.apply1(ConvolutionKernelGradient(geometry: geometry, kernelShape: shape), x, g)
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    try geometry.check(x: inputs[0].shape, kernel: kernelShape)
    try geometry.check(result: inputs[1].shape, x: inputs[0].shape, kernel: kernelShape)
    return [Spec(inputs[0].dtype, kernelShape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    try ConvolutionKernels.prepared(.kernel, geometry, x: inputs[0], kernel: outputs[0], y: inputs[1])
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [
      needed[0] ? try ConvolutionInputGradient.of(geometry, inputs[0].shape, inputs[1], seed) : nil,
      needed[1] ? try Engine.shared.apply1(Convolution(geometry: geometry), inputs[0], seed) : nil,
    ]
  }
}

extension ConvolutionGeometry {
  /// Ranks, channels and groups fit together.
  func check(x: Shape, kernel: Shape) throws {
    let form = axes == 1 ? "(batch, steps, channels)" : "(batch, rows, columns, channels)"
    guard x.count == axes + 2 else {
      throw TensorError(.shape, "a \(axes)-d convolution takes an input of shape \(form), and got \(x.shapeText)")
    }
    guard kernel.count == axes + 2 else {
      throw TensorError(
        .shape,
        "a \(axes)-d convolution takes a kernel of \(axes + 2) axes (…sizes, in, out), and got \(kernel.shapeText)")
    }
    let (channels, filters) = (x[axes + 1], kernel[axes + 1])
    guard channels % groups == 0, filters % groups == 0 else {
      throw TensorError(.shape, "\(groups) groups do not divide \(channels) channels and \(filters) filters evenly")
    }
    guard kernel[axes] == channels / groups else {
      throw TensorError(
        .shape,
        groups == 1
          ? "a convolution's kernel of \(kernel[axes]) input channels meets an input with \(channels)"
          : "a convolution's kernel of \(kernel[axes]) channels a group meets an input with \(channels) channels in \(groups) groups"
      )
    }
    try checkImageSizes(x, "convolution")
    try checkImageSizes(kernel, "convolution")
  }

  /// `result` is what the convolution of these two gives.
  func check(result: Shape, x: Shape, kernel: Shape) throws {
    let sizes = try outputSizes(Array(x[1...axes]), window: Array(kernel[..<axes]), what: "convolution")
    let expected = [x[0]] + sizes + [kernel[axes + 1]]
    guard result == expected else {
      throw TensorError(
        .shape,
        "a transposed convolution to \(x.shapeText) takes an input of \(expected.shapeText), and got \(result.shapeText)"
      )
    }
  }
}
