import Tensors

extension Catalogue {
  /// Losses of classes and probabilities.
  static var classificationLosses: [Descriptor<Loss>] {
    [binaryCrossEntropy, crossEntropy, hinge(isSquared: false), hinge(isSquared: true), categoricalHinge, klDivergence]
  }

  /// Probabilities are kept this far from 0 and 1.
  private static let margin = 1e-7

  private static var binaryCrossEntropy: Descriptor<Loss> {
    Descriptor(
      "binary_cross_entropy", .losses, [logitsParameter, reductionParameter],
      Documentation(
        "The cross-entropy of yes-or-no answers.",
        details: "A prediction that comes directly from sigmoid is taken back to its logits, so that saturation gives "
          + "neither nan nor a gradient of 0. Other probabilities are clipped to [1e-7, 1 - 1e-7].",
        formula: "-mean(t·log(p) + (1 - t)·log(1 - p))", shapes: "prediction and target of equal shape → a number",
        source: "Good, 1952", example: "binary_cross_entropy([0.5; 0.5], [0; 1])  # 0.693147")
    ) { arguments in
      let isLogits = try arguments.flag("logits")
      return try Loss(arguments, probabilities: isLogits ? nil : 0...1) { prediction, target in
        if let logits = isLogits ? prediction : logits(of: prediction, .sigmoid) {
          return .elements(try sigmoidCrossEntropy(logits, target))
        }
        let p = try prediction.clip(margin, 1 - margin)
        return .elements(try -(target * p.log() + (1 - target) * (1 - p).log()))
      }
    }
  }

  private static var crossEntropy: Descriptor<Loss> {
    Descriptor(
      "cross_entropy", .losses, [logitsParameter, reductionParameter],
      Documentation(
        "The cross-entropy of one class among several.",
        details:
          "The target holds class numbers (one axis less than the prediction) or one-hot rows. A prediction that "
          + "comes directly from softmax is taken back to its logits, so that saturation gives neither nan nor a gradient "
          + "of 0. Other rows are divided by their sum, then clipped to [1e-7, 1 - 1e-7].",
        formula: "-mean(Σ t·log(p))", shapes: "prediction (…, classes), target (…) or (…, classes) → a number",
        source: "Good, 1952", example: "cross_entropy([0.5, 0.5; 0.5, 0.5], [0, 1])  # 0.693147")
    ) { arguments in
      let isLogits = try arguments.flag("logits")
      return try Loss(arguments, takesClasses: true, probabilities: isLogits ? nil : 0...Double.infinity) {
        prediction, target in
        guard prediction.rank >= 1 else {
          throw TensorError(.shape, "cross_entropy needs a row of probabilities, and got a single number")
        }
        if let logits = isLogits ? prediction : logits(of: prediction, .softmax(axis: -1)) {
          return .rows(try softmaxCrossEntropy(logits, target))
        }
        let p = try (prediction / prediction.sum(axes: [-1], keep: true)).clip(margin, 1 - margin)
        if target.rank == prediction.rank { return .rows(try -(target * p.log()).sum(axes: [-1])) }
        let classes = try target.cast(to: .int32).expand(-1)
        return .rows(try -p.takeAlong(classes, axis: -1).log().squeeze(-1))
      }
    }
  }

  /// The logits that a prediction is directly the sigmoid or softmax of.
  private static func logits(of prediction: Tensor, _ link: Provenance.Link) -> Tensor? {
    guard let logits = prediction.provenance?.logits, logits.link == link else { return nil }
    return logits.tensor
  }

  private static func hinge(isSquared: Bool) -> Descriptor<Loss> {
    Descriptor(
      isSquared ? "squared_hinge" : "hinge", .losses, [reductionParameter],
      Documentation(
        isSquared ? "The square of the hinge loss." : "The loss of support vector machines.",
        details: "Targets are -1 and 1; 0 and 1 are converted.",
        formula: isSquared ? "mean(max(0, 1 - t·p)²)" : "mean(max(0, 1 - t·p))",
        shapes: "prediction and target of equal shape → a number", source: "Cortes and Vapnik, 1995",
        example: "\(isSquared ? "squared_hinge" : "hinge")([1; -1], [1; -1])  # 0")
    ) { arguments in
      try Loss(arguments) { prediction, target in
        let isBinary = try target.equalElements(Tensor.number(0)).logicalOr(target.equalElements(Tensor.number(1)))
          .all()
        let signs = try Tensor.where(isBinary, target * 2 - 1, target)
        let slack = try (1 - signs * prediction).relu()
        return .elements(isSquared ? try slack.square() : slack)
      }
    }
  }

  private static var categoricalHinge: Descriptor<Loss> {
    Descriptor(
      "categorical_hinge", .losses, [reductionParameter],
      Documentation(
        "The hinge loss of one class among several, for one-hot targets.",
        formula: "max(0, 1 + max((1 - t)·p) - Σ t·p)", shapes: "prediction and target of equal shape → a number",
        source: "Weston and Watkins, 1999", example: "categorical_hinge([[2, 0]], [[1, 0]])  # 0")
    ) { arguments in
      try Loss(arguments) { prediction, target in
        let positive = try (target * prediction).sum(axes: [-1])
        let negative = try ((1 - target) * prediction).max(axes: [-1])
        return .rows(try (negative - positive + 1).relu())
      }
    }
  }

  private static var klDivergence: Descriptor<Loss> {
    Descriptor(
      "kl_divergence", .losses, [reductionParameter],
      Documentation(
        "The Kullback-Leibler divergence of the prediction from the target.",
        details: "Both are clipped to [1e-7, 1].", formula: "Σ t·log(t / p), the mean over rows",
        shapes: "prediction and target of equal shape → a number", source: "Kullback and Leibler, 1951",
        example: "kl_divergence([[0.5, 0.5]], [[0.5, 0.5]])  # 0")
    ) { arguments in
      try Loss(arguments) { prediction, target in
        let t = try target.clip(margin, 1)
        let p = try prediction.clip(margin, 1)
        let terms = try t * (t / p).log()
        return .rows(terms.rank == 0 ? terms : try terms.sum(axes: [-1]))
      }
    }
  }
}
