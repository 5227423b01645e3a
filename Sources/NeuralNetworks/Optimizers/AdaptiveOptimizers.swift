import Tensors

extension Catalogue {
  /// Optimizers beside gradient descent and Adam.
  static var otherOptimizers: [Descriptor<Optimizer>] {
    [rmsprop, adamax, nadam, adagrad, adadelta, lion, ftrl]
  }

  private static var betas: [ParameterDescription] {
    [
      rate(0.001), share("beta1", 0.9, "how much of the mean gradient is kept"),
      share("beta2", 0.999, "how much of the mean square is kept"), epsilon(),
    ]
  }

  private static func optimizer(
    _ name: String, _ parameters: [ParameterDescription], _ documentation: Documentation,
    _ rule: @escaping (Arguments) throws -> any UpdateRule
  ) -> Descriptor<Optimizer> {
    Descriptor(name, .optimizers, parameters + OptimizerOptions.parameters(), documentation) { arguments in
      try Optimizer(arguments, rule(arguments))
    }
  }

  private static var rmsprop: Descriptor<Optimizer> {
    optimizer(
      "rmsprop",
      [
        rate(0.001), share("rho", 0.9, "how much of the mean square is kept"), share("momentum", 0), epsilon(),
        ParameterDescription(
          "centered", .flag, default: .flag(false), "divides by the deviation, not the root mean square"),
      ],
      Documentation(
        "Divides the gradient by the root of a running mean of its squares.",
        formula: "v = rho·v + (1-rho)·g²; w -= rate·g / √(v + epsilon)", source: "Tieleman and Hinton, 2012",
        example: "step(rmsprop(0.1), [1], [3]) < 1  # [true]")
    ) { arguments in
      try RMSProp(
        rho: arguments.number("rho"), momentum: arguments.number("momentum"), epsilon: arguments.number("epsilon"),
        isCentered: arguments.flag("centered"))
    }
  }

  private static var adamax: Descriptor<Optimizer> {
    optimizer(
      "adamax", betas,
      Documentation(
        "Adam with the largest recent gradient in the place of the root mean square.",
        formula: "u = max(β2·u, |g|); w -= rate/(1-β1ᵗ)·m / (u + epsilon)", source: "Kingma and Ba, ICLR 2015",
        example: "step(adamax(0.1), [1], [3])  # [0.9]")
    ) { arguments in
      try Adamax(
        beta1: arguments.number("beta1"), beta2: arguments.number("beta2"), epsilon: arguments.number("epsilon"))
    }
  }

  private static var nadam: Descriptor<Optimizer> {
    optimizer(
      "nadam", betas,
      Documentation(
        "Adam with Nesterov's look ahead.", details: "Its momentum warms up: μₜ = β1·(1 - ½·0.96ᵗ).",
        formula: "w -= rate·(μₜ₊₁·m / (1 - Πμₜ₊₁) + (1 - μₜ)·g / (1 - Πμₜ)) / (√(v / (1 - β2ᵗ)) + epsilon)",
        source: "Dozat, 2016",
        example: "step(nadam(0.1), [1], [3]) < 1  # [true]")
    ) { arguments in
      try Nadam(
        beta1: arguments.number("beta1"), beta2: arguments.number("beta2"), epsilon: arguments.number("epsilon"))
    }
  }

  private static var adagrad: Descriptor<Optimizer> {
    optimizer(
      "adagrad",
      [
        rate(0.001),
        ParameterDescription("initial", .number(.notNegative), default: .number(0.1), "where the sum starts"),
        epsilon(),
      ],
      Documentation(
        "Divides the gradient by the root of the sum of all its squares: frequent features learn more slowly.",
        formula: "a += g²; w -= rate·g / √(a + epsilon)", source: "Duchi, Hazan and Singer, JMLR 2011",
        example: "step(adagrad(0.1), [1], [3]) < 1  # [true]")
    ) { try Adagrad(initial: $0.number("initial"), epsilon: $0.number("epsilon")) }
  }

  private static var adadelta: Descriptor<Optimizer> {
    optimizer(
      "adadelta", [rate(0.001), share("rho", 0.95, "how much of the running means is kept"), epsilon()],
      Documentation(
        "Steps as large as past steps were, hence nearly without a rate.",
        formula: "d = g·√(s + epsilon) / √(v + epsilon); w -= rate·d; v and s are running means of g² and d²",
        source: "Zeiler, 2012", example: "step(adadelta(1), [1], [3]) < 1  # [true]")
    ) { try Adadelta(rho: $0.number("rho"), epsilon: $0.number("epsilon")) }
  }

  private static var lion: Descriptor<Optimizer> {
    optimizer(
      "lion", [rate(0.001), share("beta1", 0.9), share("beta2", 0.99)],
      Documentation(
        "Steps by the sign of a mean gradient: every weight moves by the rate.",
        formula: "w -= rate·sign(β1·m + (1-β1)·g); m = β2·m + (1-β2)·g", source: "Chen and others, NeurIPS 2023",
        example: "step(lion(0.1), [1], [3])  # [0.9]")
    ) { try Lion(beta1: $0.number("beta1"), beta2: $0.number("beta2")) }
  }

  private static var ftrl: Descriptor<Optimizer> {
    let parameter = { (name: String, value: Double, meaning: String) in
      ParameterDescription(name, .number(.notNegative), default: .number(value), meaning)
    }
    let notPositive = NumberRange(lower: -.infinity, isLowerOpen: false, upper: 0, isUpperOpen: false)
    return optimizer(
      "ftrl",
      [
        rate(0.001),
        ParameterDescription(
          "power", .number(notPositive), default: .number(-0.5), "how the rate falls with the squares"),
        parameter("initial", 0.1, "where the sum of squares starts"), parameter("l1", 0, ""), parameter("l2", 0, ""),
        parameter("shrinkage", 0, "an l2 penalty on the gradient alone"), parameter("beta", 0, ""),
      ],
      Documentation(
        "Follow the regularized leader: for linear models with many weights that should be exactly 0.",
        formula: "a' = a + g²; z += g + 2·shrinkage·w - (a'^-power - a^-power)/rate·w; "
          + "w = (clip(z, -l1, l1) - z) / ((beta + a'^-power)/rate + 2·l2)",
        source: "McMahan and others, KDD 2013", example: "step(ftrl(0.1), [1], [3]) < 1  # [true]")
    ) { arguments in
      try FTRL(
        power: arguments.number("power"), initial: arguments.number("initial"), l1: arguments.number("l1"),
        l2: arguments.number("l2"), shrinkage: arguments.number("shrinkage"), beta: arguments.number("beta"))
    }
  }
}
