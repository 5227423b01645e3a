import Tensors

extension Catalogue {
  /// S-shaped and smooth functions.
  static var smoothActivations: [Descriptor<Activation>] {
    [
      simple(
        "linear", "The identity.", "x", "linear([1, 2])  # [1, 2]"
      ) { $0 },
      simple(
        "sigmoid", "The logistic function: any number to between 0 and 1.", "1 / (1 + exp(-x))", "sigmoid(0)  # 0.5",
        source: "Cox, 1958"
      ) { x in
        let y = try x.sigmoid()
        y.provenance = Provenance(logits: (x, .sigmoid), mask: x.provenance?.mask)
        return y
      },
      simple(
        "tanh", "The hyperbolic tangent: any number to between -1 and 1.", "(e^x - e^-x) / (e^x + e^-x)", "tanh(0)  # 0"
      ) {
        try $0.tanh()
      },
      gelu,
      simple(
        "softplus", "A smooth relu.", "log(1 + exp(x))", "softplus(0)  # 0.693147",
        source: "Dugas and others, NeurIPS 2000"
      ) {
        try $0.softplus()
      },
      simple(
        "softsign", "Like tanh, with slower tails.", "x / (1 + |x|)", "softsign(1)  # 0.5",
        source: "Bergstra and others, 2009"
      ) { x in
        try x / (x.abs() + 1)
      },
      simple(
        "swish", "x times its sigmoid; also called silu.", "x·sigmoid(x)", "swish(0)  # 0",
        source: "Ramachandran, Zoph and Le, 2017"
      ) { x in
        try x * x.sigmoid()
      },
      simple(
        "mish", "x times the tanh of its softplus.", "x·tanh(log(1 + exp(x)))", "mish(0)  # 0",
        source: "Misra, BMVC 2020"
      ) { x in
        // With n = e^x (e^x + 2), the tanh of the softplus is n / (n + 2); from 20 on it is 1.
        let power = try Tensor.minimum(x, Tensor.number(20)).exp()
        let n = try power * (power + 2)
        return try x * (n / (n + 2))
      },
      simple(
        "hard_sigmoid", "A sigmoid of three straight pieces.", "clip(x / 6 + 1/2, 0, 1)",
        "hard_sigmoid([-3, 0, 3])  # [0, 0.5, 1]"
      ) { x in
        try Tensor.minimum((x + 3).relu(), Tensor.number(6)) / 6
      },
      simple("exponential", "The exponential function.", "e^x", "exponential(0)  # 1") { try $0.exp() },
      simple(
        "binary_step", "The perceptron's threshold: 1 from 0 on, else 0.", "1 where x ≥ 0, else 0",
        "binary_step([-1, 0, 2])  # [0, 1, 1]", details: "Its gradient is 0 everywhere.",
        source: "McCulloch and Pitts, 1943; Rosenblatt, 1958"
      ) { x in
        try x.stopGradient().greaterEqual(Tensor.number(0)).cast(to: x.dtype.isFloat ? x.dtype : .float32)
      },
      simple(
        "sign_step", "The perceptron's threshold with outputs -1 and 1.", "1 where x > 0, else -1",
        "sign_step([-1, 0, 2])  # [-1, -1, 1]", details: "Its gradient is 0 everywhere.", source: "Rosenblatt, 1958"
      ) { x in
        try x.stopGradient().greater(Tensor.number(0)).cast(to: x.dtype.isFloat ? x.dtype : .float32) * 2 - 1
      },
    ]
  }

  private static func simple(
    _ name: String, _ summary: String, _ formula: String, _ example: String, details: String = "",
    source: String = "", _ body: @escaping (Tensor) throws -> Tensor
  ) -> Descriptor<Activation> {
    Descriptor(
      name, .activations, [],
      Documentation(
        summary, details: details, formula: formula, shapes: "any shape → the same", source: source, example: example)
    ) { _ in Activation(name: name, body) }
  }

  private static var gelu: Descriptor<Activation> {
    Descriptor(
      "gelu", .activations,
      [ParameterDescription("approximate", .flag, default: .flag(false), "the form with tanh, as in the first GPT")],
      Documentation(
        "The Gaussian error linear unit: x times the share of a standard normal below x.",
        formula: "x·(1 + erf(x / √2)) / 2; approximate: x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2",
        shapes: "any shape → the same", source: "Hendrycks and Gimpel, 2016", example: "gelu(0)  # 0")
    ) { arguments in
      let isApproximate = try arguments.flag("approximate")
      return Activation { isApproximate ? try $0.tanhGelu() : try $0.gelu() }
    }
  }
}
