import Tensors

/// Gradient descent, with momentum.
struct SGD: UpdateRule {
  let momentum: Double
  let dampening: Double
  let isNesterov: Bool

  var slotNames: [String] { momentum == 0 ? [] : ["momentum"] }

  func coefficients(rate: Double, step: Int) -> [Double] { [rate * (1 - dampening)] }

  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  ) {
    let push = try gradient * coefficients[0]
    guard let velocity = slots.first else { return (try value - push, []) }
    let next = try velocity * momentum - push
    return (isNesterov ? try value + next * momentum - push : try value + next, [next])
  }
}

extension Catalogue {
  static var sgd: Descriptor<Optimizer> {
    Descriptor(
      "sgd", .optimizers,
      [
        rate(0.01), share("momentum", 0, "the share of the last step that goes on"),
        ParameterDescription("nesterov", .flag, default: .flag(false), "looks ahead along the momentum"),
        ParameterDescription("dampening", .number(.unit), default: .number(0), "the share of the gradient left out"),
      ] + OptimizerOptions.parameters(),
      Documentation(
        "Stochastic gradient descent, with momentum.",
        details: "With `dampening` equal to `momentum` the step is an average of past gradients, as in the lectures.",
        formula: "v = momentum·v - rate·(1 - dampening)·g; w += v. Nesterov: w += momentum·v - rate·(1 - dampening)·g",
        source: "Robbins and Monro, 1951; Polyak, 1964; Nesterov, 1983",
        example: "step(sgd(0.5), [1, 2], [2, 2])  # [0, 1]")
    ) { arguments in
      try Optimizer(
        arguments,
        SGD(
          momentum: arguments.number("momentum"), dampening: arguments.number("dampening"),
          isNesterov: arguments.flag("nesterov")))
    }
  }
}
