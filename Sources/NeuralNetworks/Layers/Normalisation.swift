import Tensors

/// Standardises each sample over its last axis, or groups of channels, then scales and shifts.
public final class Normalisation: Layer {
  enum Kind {
    /// Over the last axis.
    case layer
    /// Over positions and the channels of a group.
    case group(Int)
    /// By the root mean square of the last axis, without a shift.
    case rootMeanSquare
  }

  let kind: Kind
  let epsilon: Double
  let usesCenter: Bool
  let usesScale: Bool
  private var scale: Parameter?
  private var shift: Parameter?

  init(_ kind: Kind, epsilon: Double, center: Bool = false, scale: Bool = true) {
    self.kind = kind
    self.epsilon = epsilon
    usesCenter = center
    usesScale = scale
  }

  public override func check(_ inputs: [Spec]) throws {
    let spec = inputs[0]
    guard spec.rank >= 2 else { throw ShapeWords.rank(spec, wanted: "a batch of samples (batch × … × features)") }
    if let size = (scale ?? shift)?.shape[0], size != spec.features { throw ShapeWords.features(spec, wanted: size) }
    if case .group(let groups) = kind, spec.features % groups != 0 {
      throw LayerFailure(
        .shape, "splits channels into \(groups) groups, and got \(spec.features) channels",
        hint:
          "the number of groups must divide the number of channels: group_norm(\(divisor(of: spec.features, below: groups)))"
      )
    }
  }

  private func divisor(of count: Int, below groups: Int) -> Int {
    stride(from: min(count, groups), to: 0, by: -1).first { count % $0 == 0 } ?? 1
  }

  public override func build(_ inputs: [Spec]) throws {
    let (shape, dtype) = ([inputs[0].features], inputs[0].parameterDType)
    if usesScale {
      if case .rootMeanSquare = kind {
        scale = try addParameter("scale", shape, dtype, .ones)
      } else {
        scale = try addParameter("gamma", shape, dtype, .ones)
      }
    }
    if usesCenter { shift = try addParameter("beta", shape, dtype, .zeros) }
  }

  override func unbuild() {
    super.unbuild()
    (scale, shift) = (nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let x = inputs[0].dtype.isFloat ? inputs[0] : try inputs[0].cast(to: .float32)
    let (gamma, beta) = (scale?.value, shift?.value)
    switch kind {
    case .layer: return [try layerNorm(x, gamma: gamma, beta: beta, epsilon: epsilon)]
    case .group(let groups): return [try groupNorm(x, groups: groups, gamma: gamma, beta: beta, epsilon: epsilon)]
    case .rootMeanSquare: return [try rmsNorm(x, scale: gamma, epsilon: epsilon)]
    }
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var normalisationLayers: [Descriptor<Layer>] {
    let flags = [
      ParameterDescription("center", .flag, default: .flag(true), "learns a shift, beta"),
      ParameterDescription("scale", .flag, default: .flag(true), "learns a scale, gamma"),
    ]
    return [
      batchNorm,
      Descriptor(
        "layer_norm", .layers, [epsilon(1e-3)] + flags + Layer.commonParameters,
        Documentation(
          "Standardises each position over its features, then scales and shifts.",
          formula: "gamma·(x - mean) / √(variance + epsilon) + beta",
          shapes: "(…, features) → the same; gamma, beta (features,)",
          source: "Ba, Kiros and Hinton, 2016", example: "layer_norm()(ones(2, 3)).shape  # (2, 3)"),
        sampleInputs: [[2, 4]]
      ) { arguments in
        try Normalisation(
          .layer, epsilon: arguments.number("epsilon"), center: arguments.flag("center"), scale: arguments.flag("scale")
        ).named(arguments)
      },
      Descriptor(
        "group_norm", .layers,
        [ParameterDescription("groups", .integer(from: 1), default: .number(32)), epsilon(1e-3)] + flags
          + Layer.commonParameters,
        Documentation(
          "Standardises each sample over groups of channels, then scales and shifts.",
          formula: "gamma·(x - mean) / √(variance + epsilon) + beta",
          shapes: "(…, channels) → the same; gamma, beta (channels,)",
          source: "Wu and He, ECCV 2018", example: "group_norm(2)(ones(1, 2, 2, 4)).shape  # (1, 2, 2, 4)"),
        sample: [.number(2)], sampleInputs: [[2, 3, 4]]
      ) { arguments in
        try Normalisation(
          .group(arguments.integer("groups")), epsilon: arguments.number("epsilon"), center: arguments.flag("center"),
          scale: arguments.flag("scale")
        ).named(arguments)
      },
      Descriptor(
        "rms_norm", .layers, [epsilon(1e-6)] + Layer.commonParameters,
        Documentation(
          "Divides each position by the root mean square of its features, then scales.",
          formula: "scale·x / √(mean(x²) + epsilon)", shapes: "(…, features) → the same; scale (features,)",
          source: "Zhang and Sennrich, NeurIPS 2019", example: "rms_norm()(ones(2, 3)).shape  # (2, 3)"),
        sampleInputs: [[2, 4]]
      ) { try Normalisation(.rootMeanSquare, epsilon: $0.number("epsilon")).named($0) },
    ]
  }
}
