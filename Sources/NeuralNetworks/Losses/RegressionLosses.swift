import Tensors

extension Catalogue {
  /// Losses of numbers.
  static var regressionLosses: [Descriptor<Loss>] {
    [
      regression(
        "mse", "The mean squared error.", "mean((prediction - target)²)", "mse([1; 2], [1; 4])  # 2",
        source: "Legendre, 1805; Gauss, 1809"
      ) { .elements(try ($0 - $1).square()) },
      regression(
        "mae", "The mean absolute error.", "mean(|prediction - target|)", "mae([1; 2], [1; 4])  # 1",
        source: "Laplace, 1774"
      ) { .elements(try ($0 - $1).abs()) },
      huber,
      regression(
        "log_cosh", "The logarithm of the error's hyperbolic cosine: a smooth mae.",
        "mean(log(cosh(prediction - target)))",
        "log_cosh([0; 0], [0; 0])  # 0"
      ) { prediction, target in
        let error = try prediction - target
        return .elements(try error + (error * -2).softplus() - 0.693147180559945309417)
      },
      regression(
        "half_squared_error", "Half the sum of squared errors of a row, as in the lectures on backpropagation.",
        "½·Σ(target - output)², the mean over rows", "half_squared_error([1, 2], [0, 0])  # 2.5",
        source: "Rumelhart, Hinton and Williams, 1986"
      ) { prediction, target in
        let squares = try (target - prediction).square() * 0.5
        return .rows(squares.rank == 0 ? squares : try squares.sum(axes: [-1]))
      },
      regression(
        "poisson", "The negative log-likelihood of counts, for a predicted rate.",
        "mean(prediction - target·log(prediction + 1e-7))", "poisson([1; 1], [1; 1])  # 1"
      ) { prediction, target in
        .elements(try prediction - target * (prediction + 1e-7).log())
      },
      regression(
        "cosine_loss", "Minus the cosine between prediction and target: -1 where they point the same way.",
        "-Σ p·t / (|p|·|t|)", "cosine_loss([[3, 4]], [[6, 8]])  # -1"
      ) { prediction, target in
        let product = try unit(prediction) * unit(target)
        return .rows(try -(product.rank == 0 ? product : product.sum(axes: [-1])))
      },
    ]
  }

  /// Rows of length 1; a row of zeros stays.
  private static func unit(_ x: Tensor) throws -> Tensor {
    let squares = x.rank == 0 ? try x.square() : try x.square().sum(axes: [-1], keep: true)
    return try x * Tensor.maximum(squares, Tensor.number(1e-24)).rsqrt()
  }

  private static func regression(
    _ name: String, _ summary: String, _ formula: String, _ example: String, source: String = "",
    _ body: @escaping (Tensor, Tensor) throws -> Loss.Values
  ) -> Descriptor<Loss> {
    Descriptor(
      name, .losses, [reductionParameter],
      Documentation(
        summary, formula: formula, shapes: "prediction and target of equal shape → a number", source: source,
        example: example)
    ) { try Loss($0, body) }
  }

  private static var huber: Descriptor<Loss> {
    Descriptor(
      "huber", .losses,
      [
        ParameterDescription(
          "delta", .number(.positive), default: .number(1), "where squares end and straight lines begin"),
        reductionParameter,
      ],
      Documentation(
        "Squared for small errors, straight for large ones, so that outliers weigh less.",
        formula: "½e² where |e| ≤ delta, else delta·|e| - ½delta²",
        shapes: "prediction and target of equal shape → a number", source: "Huber, 1964",
        example: "huber([3; 0], [0; 0])  # 1.25")
    ) { arguments in
      let delta = try arguments.number("delta")
      return try Loss(arguments) { prediction, target in
        let error = try prediction - target
        let size = try error.abs()
        return .elements(
          try Tensor.where(
            size.lessEqual(Tensor.number(delta)), error.square() * 0.5, size * delta - 0.5 * delta * delta))
      }
    }
  }
}
