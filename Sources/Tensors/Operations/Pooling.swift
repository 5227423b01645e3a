import CKernels

/// The greatest value of each window, channels last. Outputs: values, and the places (row·columns + column in the
/// input) of the first greatest as int32. Padding never wins.
struct MaxPool: Operation {
  static let name = "max_pool"
  let size: [Int]
  let geometry: ConvolutionGeometry

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let shape = try geometry.pooledShape(inputs[0].shape, size: size)
    return [Spec(inputs[0].dtype, shape), Spec(.int32, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let window = geometry.window(input: inputs[0].shape, kernel: size, output: outputs[0].shape)
    return inputs[0].dtype == .float64
      ? .over(window, outputs) { ck_max_pool_f64($0, $1.doubles(0), $1.doubles(1), $1.int32s(2)) }
      : .over(window, outputs) { ck_max_pool_f32($0, $1.floats(0), $1.floats(1), $1.int32s(2)) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    return [
      try Engine.shared.apply1(MaxPoolScatter(geometry: geometry, size: size, shape: inputs[0].shape), seed, outputs[1])
    ]
  }
}

/// The adjoint of picking each window's maximum: g goes where the maximum was. Inputs: g, places.
struct MaxPoolScatter: Operation {
  static let name = "max_pool_gradient"
  let geometry: ConvolutionGeometry
  let size: [Int]
  let shape: Shape

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, shape)] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let window = geometry.window(input: shape, kernel: size, output: inputs[0].shape)
    return inputs[0].dtype == .float64
      ? .over(window, outputs) { ck_max_pool_scatter_f64($0, $1.doubles(0), $1.int32s(1), $1.doubles(2)) }
      : .over(window, outputs) { ck_max_pool_scatter_f32($0, $1.floats(0), $1.int32s(1), $1.floats(2)) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], needed[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(MaxPoolGather(geometry: geometry, size: size), seed, inputs[1]), nil]
  }
}

/// What lies at the places. Inputs: x, places.
struct MaxPoolGather: Operation {
  static let name = "max_pool_gather"
  let geometry: ConvolutionGeometry
  let size: [Int]

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, inputs[1].shape)] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let window = geometry.window(input: inputs[0].shape, kernel: size, output: outputs[0].shape)
    return inputs[0].dtype == .float64
      ? .over(window, outputs) { ck_max_pool_gather_f64($0, $1.doubles(0), $1.int32s(1), $1.doubles(2)) }
      : .over(window, outputs) { ck_max_pool_gather_f32($0, $1.floats(0), $1.int32s(1), $1.floats(2)) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], needed[0] else { return [nil, nil] }
    return [
      try Engine.shared.apply1(MaxPoolScatter(geometry: geometry, size: size, shape: inputs[0].shape), seed, inputs[1]),
      nil,
    ]
  }
}

/// The mean of the part of each window that lies inside the input, channels last.
struct MeanPool: Operation {
  static let name = "mean_pool"
  let size: [Int]
  let geometry: ConvolutionGeometry

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(inputs[0].dtype, try geometry.pooledShape(inputs[0].shape, size: size))]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let window = geometry.window(input: inputs[0].shape, kernel: size, output: outputs[0].shape)
    return inputs[0].dtype == .float64
      ? .over(window, outputs) { ck_mean_pool_f64($0, $1.doubles(0), $1.doubles(1)) }
      : .over(window, outputs) { ck_mean_pool_f32($0, $1.floats(0), $1.floats(1)) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try Engine.shared.apply1(MeanPoolAdjoint(size: size, geometry: geometry, shape: inputs[0].shape), seed)]
  }
}

/// The adjoint of the mean pool: each g is shared out evenly over its window.
struct MeanPoolAdjoint: Operation {
  static let name = "mean_pool_gradient"
  let size: [Int]
  let geometry: ConvolutionGeometry
  let shape: Shape

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, shape)] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let window = geometry.window(input: shape, kernel: size, output: inputs[0].shape)
    return inputs[0].dtype == .float64
      ? .over(window, outputs) { ck_mean_pool_adjoint_f64($0, $1.doubles(0), $1.doubles(1)) }
      : .over(window, outputs) { ck_mean_pool_adjoint_f32($0, $1.floats(0), $1.floats(1)) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try Engine.shared.apply1(MeanPool(size: size, geometry: geometry), seed)]
  }
}

extension Kernel {
  /// A kernel that reads a window's description; none where there is nothing to fill.
  fileprivate static func over(
    _ window: ck_window, _ outputs: [Spec],
    _ body: @escaping (UnsafePointer<ck_window>, UnsafePointer<UnsafeMutableRawPointer>) -> Void
  ) -> Kernel {
    if outputs[0].count == 0 { return Kernel { _ in } }
    return Kernel { p in withUnsafePointer(to: window) { body($0, p) } }
  }
}

extension ConvolutionGeometry {
  /// The shape of a pool's result.
  func pooledShape(_ input: Shape, size: [Int]) throws -> Shape {
    guard input.count == axes + 2 else {
      let form = axes == 1 ? "(batch, steps, channels)" : "(batch, rows, columns, channels)"
      throw TensorError(.shape, "a \(axes)-d pool takes an input of shape \(form), and got \(input.shapeText)")
    }
    try checkImageSizes(input, "pool")
    for axis in 0..<axes where paddingLow[axis] >= size[axis] || paddingHigh[axis] >= size[axis] {
      throw TensorError(
        .value,
        "padding of a pool is smaller than its window, and got \(max(paddingLow[axis], paddingHigh[axis])) for a window of \(size[axis])"
      )
    }
    let sizes = try outputSizes(Array(input[1...axes]), window: size, what: "pooling")
    return [input[0]] + sizes + [input[axes + 1]]
  }
}

/// The maximum over windows of `size`, for signals (batch, steps, channels) and images (batch, rows, columns, channels).
///
/// The gradient goes to the first greatest element of a window.
/// - Parameter strides: the size where nil.
/// - Throws: a shape error where the window does not fit.
public func maxPool(_ x: Tensor, size: [Int], strides: [Int]? = nil, padding: [(Int, Int)]? = nil) throws -> Tensor {
  let geometry = try ConvolutionGeometry(axes: size.count, strides: strides ?? size, padding: padding)
  let operand = try floatOperands([try pooled(x, size)])[0]
  return try Engine.shared.apply(MaxPool(size: size, geometry: geometry), [operand])[0]
}

/// The mean over windows of `size`; padding counts neither in the sum nor in the count.
/// - Parameter strides: the size where nil.
/// - Throws: a shape error where the window does not fit.
public func avgPool(_ x: Tensor, size: [Int], strides: [Int]? = nil, padding: [(Int, Int)]? = nil) throws -> Tensor {
  let geometry = try ConvolutionGeometry(axes: size.count, strides: strides ?? size, padding: padding)
  let operand = try floatOperands([try pooled(x, size)])[0]
  return try Engine.shared.apply1(MeanPool(size: size, geometry: geometry), operand)
}

private func pooled(_ x: Tensor, _ size: [Int]) throws -> Tensor {
  guard size.count == 1 || size.count == 2 else {
    throw TensorError(.value, "a pool's window has 1 or 2 sizes, and got \(size.count)")
  }
  return x
}
