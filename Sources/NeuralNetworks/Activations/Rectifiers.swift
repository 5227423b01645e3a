import Tensors

extension Catalogue {
  /// Piecewise functions that are the identity (or nearly) for positive inputs.
  static var rectifiers: [Descriptor<Activation>] {
    [relu, leakyRelu, elu, selu]
  }

  private static var relu: Descriptor<Activation> {
    Descriptor(
      "relu", .activations,
      [
        ParameterDescription(
          "max", .optional(.number(.notNegative)), default: Setting.none, "the largest value let through")
      ],
      Documentation(
        "The rectified linear unit: negative values become 0.", details: "The gradient at exactly 0 is 0.",
        formula: "max(x, 0)", shapes: "any shape → the same", source: "Nair and Hinton, ICML 2010",
        example: "relu([-2, 0, 3])  # [0, 0, 3]")
    ) { arguments in
      guard let limit = try arguments.optionalNumber("max") else { return Activation { try $0.relu() } }
      return Activation { x in try Tensor.minimum(x.relu(), Tensor.number(limit)) }
    }
  }

  private static var leakyRelu: Descriptor<Activation> {
    Descriptor(
      "leaky_relu", .activations,
      [ParameterDescription("alpha", .number(.any), default: .number(0.01), "the slope for negative values")],
      Documentation(
        "The rectified linear unit with a small slope for negative values.", formula: "x where x > 0, else alpha·x",
        shapes: "any shape → the same", source: "Maas, Hannun and Ng, ICML 2013",
        example: "leaky_relu([-2, 3], alpha: 0.5)  # [-1, 3]")
    ) { arguments in
      let alpha = try arguments.number("alpha")
      return Activation { x in try Tensor.where(x.greater(Tensor.number(0)), x, x * alpha) }
    }
  }

  private static var elu: Descriptor<Activation> {
    Descriptor(
      "elu", .activations,
      [ParameterDescription("alpha", .number(.any), default: .number(1), "minus the limit for very negative values")],
      Documentation(
        "The exponential linear unit: smooth, with negative values down to -alpha.",
        formula: "x where x > 0, else alpha·(exp(x) - 1)", shapes: "any shape → the same",
        source: "Clevert, Unterthiner and Hochreiter, ICLR 2016", example: "elu([0, 2])  # [0, 2]")
    ) { arguments in
      let alpha = try arguments.number("alpha")
      return Activation { try exponentialLinear($0, alpha: alpha) }
    }
  }

  private static var selu: Descriptor<Activation> {
    Descriptor(
      "selu", .activations, [],
      Documentation(
        "The scaled exponential linear unit, which keeps mean 0 and variance 1 through many layers.",
        details: "Made for kernels from lecun_normal.",
        formula: "1.0507·(x where x > 0, else 1.67326·(exp(x) - 1))", shapes: "any shape → the same",
        source: "Klambauer and others, NeurIPS 2017", example: "selu([0, 1])  # [0, 1.0507]")
    ) { _ in
      let scale = 1.050700987355480493419334985294
      let alpha = 1.673263242354377284817042991671
      return Activation { x in try exponentialLinear(x, alpha: alpha) * scale }
    }
  }

  /// The branch that is not taken sees 0, so that its exponential cannot overflow into the gradient.
  private static func exponentialLinear(_ x: Tensor, alpha: Double) throws -> Tensor {
    let negative = try Tensor.minimum(x, Tensor.number(0)).expm1() * alpha
    return try Tensor.where(x.greater(Tensor.number(0)), x, negative)
  }
}
