import CKernels

/// `y = (x - mean) / sqrt(variance + epsilon) · gamma + beta` over the last axis; without centring, the mean counts as 0
/// and the variance is the mean of squares (rms norm). Inputs: x, [gamma], [beta]. Outputs: y, mean, rate, where rate is
/// `1 / sqrt(variance + epsilon)`; mean and rate have x's shape without its last axis.
struct LayerNormalization: Normalization {
  static let name = "layer_norm"
  let epsilon: Double
  let isCentred: Bool
  let hasScale: Bool
  let hasOffset: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let x = inputs[0]
    guard x.rank >= 1 else { throw TensorError(.shape, "a normalisation needs at least one axis") }
    try checkWeights(inputs)
    let rows = Spec(x.dtype, Array(x.shape.dropLast()))
    return [x, rows, rows]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    if inputs[0].count == 0 { return Kernel { _ in } }
    let rows = inputs[0].count / n
    let (epsilon, isCentred) = (epsilon, Int32(isCentred ? 1 : 0))
    let (scale, offset) = (hasScale ? 1 : -1, hasOffset ? (hasScale ? 2 : 1) : -1)
    let y = inputs.count
    return inputs[0].dtype == .float64
      ? Kernel { p in
        ck_layer_norm_f64(
          p.doubles(0), scale < 0 ? nil : p.doubles(scale), offset < 0 ? nil : p.doubles(offset), p.doubles(y),
          p.doubles(y + 1), p.doubles(y + 2), rows, n, epsilon, isCentred)
      }
      : Kernel { p in
        ck_layer_norm_f32(
          p.floats(0), scale < 0 ? nil : p.floats(scale), offset < 0 ? nil : p.floats(offset), p.floats(y),
          p.floats(y + 1), p.floats(y + 2), rows, n, epsilon, isCentred)
      }
  }

  var gradientOperation: any Operation { LayerNormalizationGradient(forward: self) }

  func composition(_ inputs: [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let axes = [x.rank - 1]
    let mean = try isCentred ? x.mean(axes: axes, keep: true) : Tensor.zeros(x.shape.dropLast() + [1], x.dtype)
    let centred = try isCentred ? x - mean : x
    let rate = try (centred.square().mean(axes: axes, keep: true) + epsilon).sqrt().reciprocal()
    var y = try centred * rate
    if hasScale { y = try y * inputs[1] }
    if hasOffset { y = try y + inputs[hasScale ? 2 : 1] }
    let rows = Array(x.shape.dropLast())
    return [y, try mean.reshape(rows), try rate.reshape(rows)]
  }
}

/// The gradient of the layer norm with respect to x, gamma and beta. Inputs: x, mean, rate, g, [gamma].
struct LayerNormalizationGradient: Operation {
  static let name = "layer_norm_gradient"
  let forward: LayerNormalization

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let features = Spec(inputs[0].dtype, [inputs[0].shape[inputs[0].rank - 1]])
    return [inputs[0], features, features]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    if inputs[0].count == 0 { return .zeros(outputs, after: inputs.count) }
    let rows = inputs[0].count / n
    let isCentred = Int32(forward.isCentred ? 1 : 0)
    let hasScale = inputs.count > 4
    let out = inputs.count
    let scratch = 2 * n * ck_row_pieces(rows) * inputs[0].dtype.size
    return inputs[0].dtype == .float64
      ? Kernel(scratchBytes: scratch) { p in
        ck_layer_norm_gradient_f64(
          p.doubles(0), hasScale ? p.doubles(4) : nil, p.doubles(1), p.doubles(2), p.doubles(3), p.doubles(out),
          p.doubles(out + 1), p.doubles(out + 2), p.doubles(out + 3), rows, n, isCentred)
      }
      : Kernel(scratchBytes: scratch) { p in
        ck_layer_norm_gradient_f32(
          p.floats(0), hasScale ? p.floats(4) : nil, p.floats(1), p.floats(2), p.floats(3), p.floats(out),
          p.floats(out + 1), p.floats(out + 2), p.floats(out + 3), rows, n, isCentred)
      }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    try forward.secondGradient(inputs: inputs, outputs: outputs, seeds: seeds)
  }
}

/// `(x - mean) / sqrt(variance + epsilon) · gamma + beta` over the last axis.
/// - Throws: a shape error where the weights do not have the last axis's size.
public func layerNorm(_ x: Tensor, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-3) throws -> Tensor {
  try normalized(x, gamma, beta, epsilon, isCentred: true)
}

/// `x / sqrt(mean(x²) + epsilon) · scale` over the last axis.
/// - Throws: a shape error where the scale does not have the last axis's size.
public func rmsNorm(_ x: Tensor, scale: Tensor? = nil, epsilon: Double = 1e-6) throws -> Tensor {
  try normalized(x, scale, nil, epsilon, isCentred: false)
}

private func normalized(_ x: Tensor, _ gamma: Tensor?, _ beta: Tensor?, _ epsilon: Double, isCentred: Bool) throws
  -> Tensor
{
  let operands = try floatOperands([x] + [gamma, beta].compactMap { $0 })
  let operation = LayerNormalization(
    epsilon: epsilon, isCentred: isCentred, hasScale: gamma != nil, hasOffset: beta != nil)
  return try Engine.shared.apply(operation, operands)[0]
}
