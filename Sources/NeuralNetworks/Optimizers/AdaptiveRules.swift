import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Divides by the root of a running mean of squared gradients.
struct RMSProp: UpdateRule {
  let rho: Double
  let momentum: Double
  let epsilon: Double
  let isCentered: Bool

  var slotNames: [String] {
    ["velocity"] + (isCentered ? ["average_gradient"] : []) + (momentum > 0 ? ["momentum"] : [])
  }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let velocity = try slots[0] * rho + gradient.square() * (1 - rho)
    var memory = [velocity]
    var spread = velocity
    if isCentered {
      let mean = try slots[1] * rho + gradient * (1 - rho)
      memory.append(mean)
      spread = try velocity - mean.square()
    }
    let push = try gradient * coefficients[0] * (spread + epsilon).rsqrt()
    guard momentum > 0 else { return (try value - push, memory) }
    let carried = try slots[slots.count - 1] * momentum + push
    return (try value - carried, memory + [carried])
  }
}

/// Divides by the root of the sum of all squared gradients.
struct Adagrad: UpdateRule {
  let initial: Double
  let epsilon: Double

  var slotNames: [String] { ["accumulator"] }

  func initialSlots(_ value: Tensor) throws -> [Tensor] { [try Tensor.full(value.shape, initial, value.dtype)] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let sum = try slots[0] + gradient.square()
    return (try value - gradient * coefficients[0] * (sum + epsilon).rsqrt(), [sum])
  }
}

/// Steps in the units of past steps: the root of mean squared steps over that of gradients.
struct Adadelta: UpdateRule {
  let rho: Double
  let epsilon: Double

  var slotNames: [String] { ["accumulated_gradient", "accumulated_delta"] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let squares = try slots[0] * rho + gradient.square() * (1 - rho)
    let change = try gradient * (slots[1] + epsilon).sqrt() * (squares + epsilon).rsqrt()
    let changes = try slots[1] * rho + change.square() * (1 - rho)
    return (try value - change * coefficients[0], [squares, changes])
  }
}

/// Adam with the largest recent gradient in the place of the root mean square.
struct Adamax: UpdateRule {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  var slotNames: [String] { ["momentum", "norm"] }

  func coefficients(rate: Double, step: Int) -> [Double] { [rate / (1 - pow(beta1, Double(step)))] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let momentum = try slots[0] + (gradient - slots[0]) * (1 - beta1)
    let norm = try Tensor.maximum(slots[1] * beta2, gradient.abs())
    return (try value - momentum * coefficients[0] / (norm + epsilon), [momentum, norm])
  }
}

/// Adam with Nesterov's look ahead and a momentum that warms up.
struct Nadam: UpdateRule {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  var slotNames: [String] { ["momentum", "velocity"] }

  /// The momentum of a step, `β1·(1 - ½·0.96ᵗ)`.
  private func momentum(_ step: Int) -> Double { beta1 * (1 - 0.5 * pow(0.96, Double(step))) }

  /// The weights of mean gradient and gradient, and the correction of the mean square. The product of all momenta so far
  /// is recomputed, so that a step depends on its number alone; once it vanishes the rest cannot change it.
  func coefficients(rate: Double, step: Int) -> [Double] {
    var product = 1.0
    for past in 1...max(1, step) {
      product *= momentum(past)
      if product < 1e-300 { break }
    }
    let next = momentum(step + 1)
    return [
      rate * next / (1 - product * next), rate * (1 - momentum(step)) / (1 - product),
      1 / (1 - pow(beta2, Double(step))),
    ]
  }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let mean = try slots[0] + (gradient - slots[0]) * (1 - beta1)
    let velocity = try slots[1] + (gradient.square() - slots[1]) * (1 - beta2)
    let push = try mean * coefficients[0] + gradient * coefficients[1]
    let scale = try (velocity * coefficients[2]).sqrt() + epsilon
    return (try value - push / scale, [mean, velocity])
  }
}
