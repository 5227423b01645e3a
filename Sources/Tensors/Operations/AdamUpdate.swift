import CKernels

/// One update by Adam in one pass over memory. Inputs: weights, gradient, momentum, velocity, rate (0-d, float64).
/// Outputs: weights, momentum, velocity.
struct AdamUpdate: Operation {
  static let name = "adam_update"
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0], inputs[2], inputs[3]] }

  /// Each result may lie where the value before lies.
  var reusableInputs: [[Int]] { [[0], [2], [3]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    var form = ck_adam()
    form.count = inputs[0].count
    (form.a, form.b, form.epsilon) = (1 - beta1, 1 - beta2, epsilon)
    let (fixed, isWide) = (form, inputs[0].dtype == .float64)
    return Kernel { p in
      var update = fixed
      (update.w, update.g, update.m, update.v) = (.init(p[0]), .init(p[1]), .init(p[2]), .init(p[3]))
      update.rate = p.doubles(4).pointee
      (update.w2, update.m2, update.v2) = (p[5], p[6], p[7])
      if isWide { ck_adam_f64(&update) } else { ck_adam_f32(&update) }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    try FusedGradient.gradient(inputs, seeds: seeds, composition)
  }

  /// The same with plain operations.
  func composition(_ x: [Tensor]) throws -> [Tensor] {
    let momentum = try x[2] + (x[1] - x[2]) * (1 - beta1)
    let velocity = try x[3] + (x[1].square() - x[3]) * (1 - beta2)
    return [try x[0] - momentum * x[4] / (velocity.sqrt() + epsilon), momentum, velocity]
  }
}

/// Adam's update (Kingma and Ba, 2015): `m += (g - m)(1 - beta1)`, `v += (g² - v)(1 - beta2)`,
/// `w -= rate · m / (√v + epsilon)`, where `rate` (0-d) contains the correction for the first steps.
///
/// - Returns: the new weights, momentum `m` and velocity `v`, of the weights' shape.
public func adamUpdate(
  _ weights: Tensor, gradient: Tensor, momentum: Tensor, velocity: Tensor, rate: Tensor, beta1: Double, beta2: Double,
  epsilon: Double
) throws -> (weights: Tensor, momentum: Tensor, velocity: Tensor) {
  let operation = AdamUpdate(beta1: beta1, beta2: beta2, epsilon: epsilon)
  let all = [weights, gradient, momentum, velocity, rate]
  let isUniform =
    weights.dtype.isFloat && rate.rank == 0 && rate.dtype == .float64
    && all[1..<4].allSatisfy { $0.dtype == weights.dtype && $0.shape == weights.shape }
  let found = isUniform ? try Engine.shared.apply(operation, all) : try operation.composition(all)
  return (found[0], found[1], found[2])
}
