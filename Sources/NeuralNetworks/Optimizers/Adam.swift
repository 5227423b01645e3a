import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adaptive moments: the mean of past gradients over the root of the mean of their squares.
struct Adam: UpdateRule {
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let isAMSGrad: Bool

  init(_ arguments: Arguments) throws {
    beta1 = try arguments.number("beta1")
    beta2 = try arguments.number("beta2")
    epsilon = try arguments.number("epsilon")
    isAMSGrad = try arguments.flag("amsgrad")
  }

  var slotNames: [String] { isAMSGrad ? ["momentum", "velocity", "velocity_max"] : ["momentum", "velocity"] }

  func coefficients(rate: Double, step: Int) -> [Double] {
    [rate * (1 - pow(beta2, Double(step))).squareRoot() / (1 - pow(beta1, Double(step)))]
  }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    if !isAMSGrad {
      let found = try adamUpdate(
        value, gradient: gradient, momentum: slots[0], velocity: slots[1], rate: coefficients[0], beta1: beta1,
        beta2: beta2, epsilon: epsilon)
      return (found.weights, [found.momentum, found.velocity])
    }
    let momentum = try slots[0] + (gradient - slots[0]) * (1 - beta1)
    let velocity = try slots[1] + (gradient.square() - slots[1]) * (1 - beta2)
    let largest = try Tensor.maximum(slots[2], velocity)
    return (try value - momentum * coefficients[0] / (largest.sqrt() + epsilon), [momentum, velocity, largest])
  }
}

extension Catalogue {
  static var adam: Descriptor<Optimizer> { adam("adam", weightDecay: nil) }
  static var adamw: Descriptor<Optimizer> { adam("adamw", weightDecay: 0.004) }

  private static func adam(_ name: String, weightDecay: Double?) -> Descriptor<Optimizer> {
    Descriptor(
      name, .optimizers,
      [
        rate(0.001), share("beta1", 0.9, "how much of the mean gradient is kept"),
        share("beta2", 0.999, "how much of the mean square is kept"), epsilon(),
        ParameterDescription("amsgrad", .flag, default: .flag(false), "divides by the largest mean square so far"),
      ] + OptimizerOptions.parameters(weightDecay: weightDecay),
      Documentation(
        weightDecay == nil
          ? "Steps by the mean gradient over the root of the mean square: a good first choice."
          : "Adam with weight decay.",
        details: "The epsilon stands outside the root and is not corrected.",
        formula: "m = β1·m + (1-β1)·g; v = β2·v + (1-β2)·g²; w -= rate·√(1-β2ᵗ)/(1-β1ᵗ)·m / (√v + epsilon)",
        source: weightDecay == nil
          ? "Kingma and Ba, ICLR 2015; Reddi, Kale and Kumar, ICLR 2018" : "Loshchilov and Hutter, ICLR 2019",
        example: "step(\(name)(0.1\(weightDecay == nil ? "" : ", weight_decay: 0")), [1], [3])  # [0.9]")
    ) { arguments in try Optimizer(arguments, Adam(arguments)) }
  }
}
