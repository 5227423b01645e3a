import Tensors

/// Steps of one size, by the sign of a mean gradient.
struct Lion: UpdateRule {
  let beta1: Double
  let beta2: Double

  var slotNames: [String] { ["momentum"] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let direction = try (slots[0] * beta1 + gradient * (1 - beta1)).sign()
    let momentum = try slots[0] * beta2 + gradient * (1 - beta2)
    return (try value - direction * coefficients[0], [momentum])
  }
}

/// Follow the regularized leader: for sparse weights.
struct FTRL: UpdateRule {
  let power: Double
  let initial: Double
  let l1: Double
  let l2: Double
  let shrinkage: Double
  let beta: Double

  var slotNames: [String] { ["accumulator", "linear"] }

  func initialSlots(_ value: Tensor) throws -> [Tensor] {
    [try Tensor.full(value.shape, initial, value.dtype), try Tensor.zerosLike(value)]
  }

  /// One over the rate, and twice what stands for `l2` with the rate's share of `beta`.
  func coefficients(rate: Double, step: Int) -> [Double] { [1 / rate, 2 * l2 + beta / rate] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let shrunk = shrinkage == 0 ? gradient : try gradient + value * (2 * shrinkage)
    let sum = try slots[0] + gradient.square()
    let (root, past) = (try sum.power(-power), try slots[0].power(-power))
    let linear = try slots[1] + shrunk - (root - past) * coefficients[0] * value
    let quadratic = try root * coefficients[0] + coefficients[1]
    let pull = l1 == 0 ? try -linear : try linear.clip(-l1, l1) - linear
    return (try pull / quadratic, [sum, linear])
  }
}
