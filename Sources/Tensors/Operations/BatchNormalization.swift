import CKernels

/// Normalisation of each feature over all rows, with the rows' own statistics (training). Inputs: x (…, features),
/// [gamma], [beta]. Outputs: y, mean (features), variance (features; divides by n).
struct BatchNormalization: Normalization {
  static let name = "batch_norm"
  let epsilon: Double
  let hasScale: Bool
  let hasOffset: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let x = inputs[0]
    guard x.rank >= 2 else {
      throw TensorError(.shape, "a batch normalisation takes (batch, …, features), and got \(x.shape.shapeText)")
    }
    let features = [x.shape[x.rank - 1]]
    try checkWeights(inputs)
    return [x, Spec(x.dtype, features), Spec(x.dtype, features)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = outputs[1].count
    if inputs[0].count == 0 { return .zeros(outputs, after: inputs.count) }
    let rows = inputs[0].count / n
    let epsilon = epsilon
    let (scale, offset) = (hasScale ? 1 : -1, hasOffset ? (hasScale ? 2 : 1) : -1)
    let y = inputs.count
    let scratch = (2 * ck_row_pieces(rows) + 3) * n * inputs[0].dtype.size
    return inputs[0].dtype == .float64
      ? Kernel(scratchBytes: scratch) { p in
        ck_batch_norm_f64(
          p.doubles(0), scale < 0 ? nil : p.doubles(scale), offset < 0 ? nil : p.doubles(offset), p.doubles(y),
          p.doubles(y + 1), p.doubles(y + 2), p.doubles(y + 3), rows, n, epsilon)
      }
      : Kernel(scratchBytes: scratch) { p in
        ck_batch_norm_f32(
          p.floats(0), scale < 0 ? nil : p.floats(scale), offset < 0 ? nil : p.floats(offset), p.floats(y),
          p.floats(y + 1), p.floats(y + 2), p.floats(y + 3), rows, n, epsilon)
      }
  }

  var gradientOperation: any Operation { BatchNormalizationGradient(forward: self) }

  func composition(_ inputs: [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let axes = Array(0..<(x.rank - 1))
    let mean = try x.mean(axes: axes)
    let centred = try x - mean
    let variance = try centred.square().mean(axes: axes)
    var y = try centred * (variance + epsilon).sqrt().reciprocal()
    if hasScale { y = try y * inputs[1] }
    if hasOffset { y = try y + inputs[hasScale ? 2 : 1] }
    return [y, mean, variance]
  }
}

/// The gradient of the batch norm with respect to x, gamma and beta. Inputs: x, mean, variance, g, [gamma].
struct BatchNormalizationGradient: Operation {
  static let name = "batch_norm_gradient"
  let forward: BatchNormalization

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0], inputs[1], inputs[1]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = outputs[1].count
    if inputs[0].count == 0 { return .zeros(outputs, after: inputs.count) }
    let rows = inputs[0].count / n
    let epsilon = forward.epsilon
    let hasScale = inputs.count > 4
    let out = inputs.count
    let scratch = (2 * ck_row_pieces(rows) + 3) * n * inputs[0].dtype.size
    return inputs[0].dtype == .float64
      ? Kernel(scratchBytes: scratch) { p in
        ck_batch_norm_gradient_f64(
          p.doubles(0), hasScale ? p.doubles(4) : nil, p.doubles(1), p.doubles(2), p.doubles(3), p.doubles(out),
          p.doubles(out + 1), p.doubles(out + 2), p.doubles(out + 3), rows, n, epsilon)
      }
      : Kernel(scratchBytes: scratch) { p in
        ck_batch_norm_gradient_f32(
          p.floats(0), hasScale ? p.floats(4) : nil, p.floats(1), p.floats(2), p.floats(3), p.floats(out),
          p.floats(out + 1), p.floats(out + 2), p.floats(out + 3), rows, n, epsilon)
      }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    try forward.secondGradient(inputs: inputs, outputs: outputs, seeds: seeds)
  }
}

/// Normalises each feature (the last axis) with the batch's own mean and variance:
/// `(x - mean) / sqrt(variance + epsilon) · gamma + beta`.
///
/// - Returns: the result, and the mean and the variance (which divides by n), for running averages.
/// - Throws: a shape error where the weights do not have the last axis's size.
public func batchNorm(
  _ x: Tensor, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-3
) throws -> (result: Tensor, mean: Tensor, variance: Tensor) {
  let operands = try floatOperands([x] + [gamma, beta].compactMap { $0 })
  let operation = BatchNormalization(epsilon: epsilon, hasScale: gamma != nil, hasOffset: beta != nil)
  let found = try Engine.shared.apply(operation, operands)
  return (found[0], found[1], found[2])
}

/// Normalises groups of neighbouring channels over all positions of a sample, channels last:
/// `(x - mean) / sqrt(variance + epsilon) · gamma + beta`.
/// - Throws: a shape error where the groups do not divide the channels.
public func groupNorm(
  _ x: Tensor, groups: Int, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-3
) throws -> Tensor {
  guard x.rank >= 2 else {
    throw TensorError(.shape, "a group normalisation takes (batch, …, channels), and got \(x.shape.shapeText)")
  }
  let channels = x.shape[x.rank - 1]
  guard groups >= 1, channels % groups == 0 else {
    throw TensorError(.shape, "\(groups) groups do not divide \(channels) channels evenly")
  }
  let operand = try floatOperands([x])[0]
  let positions = x.shape[1..<(x.rank - 1)].reduce(1, *)
  let split = try operand.reshape([x.shape[0], positions, groups, channels / groups])
  let centred = try split - split.mean(axes: [1, 3], keep: true)
  let variance = try centred.square().mean(axes: [1, 3], keep: true)
  var y = try (centred * (variance + epsilon).sqrt().reciprocal()).reshape(x.shape)
  if let gamma { y = try y * gamma }
  if let beta { y = try y + beta }
  return y
}
