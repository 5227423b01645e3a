import Tensors

/// A function of parameters, and how its parameters start.
struct Network {
  var shapes: [Shape] = []

  mutating func parameter(_ shape: Int...) -> Int {
    shapes.append(shape)
    return shapes.count - 1
  }

  /// Small uniform numbers for matrices, zeros for vectors.
  func initial() throws -> [Tensor] {
    try shapes.map { shape in
      guard shape.count > 1 else { return try Tensor.zeros(shape) }
      let fanIn = shape.dropLast().reduce(1, *)
      let limit = (3 / Double(fanIn)).squareRoot()
      return try (Tensor.random(shape) * 2 - 1) * limit
    }
  }
}

/// An update rule: new values and memory from values, gradients, memory and the rate.
enum Optimizer {
  case sgd
  case momentum
  case adam
  case adamw

  var slots: Int { self == .sgd ? 0 : self == .momentum ? 1 : 2 }

  func update(_ w: Tensor, _ g: Tensor, _ m: [Tensor], _ rate: Tensor) throws -> [Tensor] {
    switch self {
    case .sgd: return [try w - g * rate]
    case .momentum:
      let velocity = try m[0] * 0.9 - g * rate
      return [try w + velocity, velocity]
    case .adam, .adamw:
      let kept = self == .adamw ? try w - w * (rate * 0.01) : w
      let found = try adamUpdate(
        kept, gradient: g, momentum: m[0], velocity: m[1], rate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7)
      return [found.weights, found.momentum, found.velocity]
    }
  }
}

/// A training step as a program with its state.
final class Training {
  let program: Program
  var state: [Tensor]
  let rate: Tensor

  init(
    _ network: Network, _ optimizer: Optimizer, rate: Double, inputs: [Spec],
    loss: @escaping (_ w: [Tensor], _ inputs: [Tensor]) throws -> Tensor
  ) throws {
    let weights = try network.initial()
    state = weights + (try (0..<optimizer.slots).flatMap { _ in try weights.map(Tensor.zerosLike) })
    self.rate = try Tensor.number(rate)
    let count = weights.count
    program = try Program.trace(inputs: inputs + [self.rate.spec], state: state.map(\.spec)) { given, state in
      let found = try Engine.shared.tape.gradients(of: Array(state[..<count]), loss: { (r: Tensor) in r }) {
        try loss($0, Array(given.dropLast()))
      }
      var updated = Array(repeating: [Tensor](), count: optimizer.slots + 1)
      for index in 0..<count {
        let memory = (0..<optimizer.slots).map { state[count * ($0 + 1) + index] }
        let gradient = try found.gradients[index] ?? Tensor.zerosLike(state[index])
        for (slot, value) in try optimizer.update(state[index], gradient, memory, given[given.count - 1]).enumerated() {
          updated[slot].append(value)
        }
      }
      return (outputs: [found.result], state: updated.flatMap { $0 })
    }
  }

  func profile(_ batch: [Tensor]) throws -> [(name: String, seconds: Double)] {
    try program.profile(batch + [rate], state: &state)
  }

  func step(_ batch: [Tensor]) throws -> Tensor { try program.run(batch + [rate], state: &state)[0] }
}
