import Tensors

extension Catalogue {
  /// Functions along an axis.
  static var softmaxActivations: [Descriptor<Activation>] {
    let axis = ParameterDescription("axis", .integer(-12...11), default: .number(-1))
    return [
      Descriptor(
        "softmax", .activations, [axis],
        Documentation(
          "Scores to probabilities: positive, with sum 1 along the axis.",
          details: "The largest score is subtracted first, so nothing overflows. A loss that gets the result directly "
            + "works from the scores.",
          formula: "exp(x) / Σ exp(x)", shapes: "any shape of rank 1 or more → the same",
          source: "Bridle, 1990", example: "softmax([0, 0])  # [0.5, 0.5]")
      ) { arguments in
        let axis = try arguments.integer("axis")
        return Activation { x in
          let y = try x.softmax(axis: axis)
          let fromEnd = axis < 0 ? axis : axis - x.rank
          y.provenance = Provenance(logits: (x, .softmax(axis: fromEnd)), mask: x.provenance?.mask)
          return y
        }
      },
      Descriptor(
        "log_softmax", .activations, [axis],
        Documentation(
          "The logarithm of softmax, without loss of precision.", formula: "x - log Σ exp(x)",
          shapes: "any shape of rank 1 or more → the same", example: "exp(log_softmax([0, 0]))  # [0.5, 0.5]")
      ) { arguments in
        let axis = try arguments.integer("axis")
        return Activation { try $0.logSoftmax(axis: axis) }
      },
    ]
  }
}
