import Tensors

/// Standardises each channel by the batch's mean and variance, then scales and shifts.
public final class BatchNorm: Layer {
  let momentum: Double
  let epsilon: Double
  let usesCenter: Bool
  let usesScale: Bool
  private var gamma: Parameter?
  private var beta: Parameter?
  private var mean: Parameter?
  private var variance: Parameter?

  init(_ arguments: Arguments) throws {
    momentum = try arguments.number("momentum")
    epsilon = try arguments.number("epsilon")
    usesCenter = try arguments.flag("center")
    usesScale = try arguments.flag("scale")
  }

  public override func check(_ inputs: [Spec]) throws {
    guard inputs[0].rank >= 2 else {
      throw ShapeWords.rank(inputs[0], wanted: "a batch of samples (batch × … × channels)")
    }
    if let mean, mean.shape[0] != inputs[0].features {
      throw ShapeWords.features(inputs[0], wanted: mean.shape[0], noun: "channels")
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    let (shape, dtype) = ([inputs[0].features], inputs[0].parameterDType)
    if usesScale { gamma = try addParameter("gamma", shape, dtype, .ones) }
    if usesCenter { beta = try addParameter("beta", shape, dtype, .zeros) }
    mean = try addParameter("moving_mean", shape, dtype, .zeros, role: .state)
    variance = try addParameter("moving_variance", shape, dtype, .ones, role: .state)
  }

  override func unbuild() {
    super.unbuild()
    (gamma, beta, mean, variance) = (nil, nil, nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let mean, let variance else { return inputs }
    let x = inputs[0].dtype.isFloat ? inputs[0] : try inputs[0].cast(to: .float32)
    guard context.isTraining, isTrainable else { return [try normalized(x, mean.value, variance.value)] }
    let (y, batchMean, batchVariance) = try standardized(x)
    for (state, new) in [(mean, batchMean), (variance, batchVariance)] {
      state.update(try (state.value * momentum + new.stopGradient() * (1 - momentum)).cast(to: state.dtype))
    }
    return [y]
  }

  /// The result with the batch's mean and variance (dividing by n) over all axes but the last; steps that a mask marks
  /// as padding do not count.
  private func standardized(_ x: Tensor) throws -> (Tensor, mean: Tensor, variance: Tensor) {
    let axes = Array(0..<(x.rank - 1))
    guard let mask = x.provenance?.mask, mask.rank < x.rank else {
      return try Tensors.batchNorm(x, gamma: gamma?.value, beta: beta?.value, epsilon: epsilon)
    }
    let weights = try mask.cast(to: x.dtype).reshape(mask.shape + Array(repeating: 1, count: x.rank - mask.rank))
      .broadcast(to: x.shape)
    let count = try Tensor.maximum(weights.sum(axes: axes), Tensor.number(1))
    let mean = try (x * weights).sum(axes: axes) / count
    let variance = try ((x - mean).square() * weights).sum(axes: axes) / count
    return (try normalized(x, mean, variance), mean, variance)
  }

  private func normalized(_ x: Tensor, _ mean: Tensor, _ variance: Tensor) throws -> Tensor {
    var scale = try (variance + epsilon).rsqrt()
    if let gamma { scale = try scale * gamma.value }
    let y = try (x - mean) * scale
    return beta == nil ? y : try y + (beta?.value ?? mean)
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var batchNorm: Descriptor<Layer> {
    Descriptor(
      "batch_norm", .layers,
      [
        ParameterDescription(
          "momentum", .number(.unit), default: .number(0.99), "how much of the running statistics is kept"),
        epsilon(1e-3),
        ParameterDescription("center", .flag, default: .flag(true), "learns a shift, beta"),
        ParameterDescription("scale", .flag, default: .flag(true), "learns a scale, gamma"),
      ] + Layer.commonParameters,
      Documentation(
        "Standardises each channel over the batch, then scales and shifts.",
        details:
          "Training uses the batch's statistics and moves the running ones towards them; otherwise, and while the "
          + "layer is frozen, the running ones are used. The variance divides by n. `fit` trains; in a loop of your own call "
          + "the model as `net(x, training: true)`.",
        formula: "gamma·(x - mean) / √(variance + epsilon) + beta",
        shapes: "(…, channels) → the same; gamma, beta, moving_mean, moving_variance (channels,)",
        source: "Ioffe and Szegedy, ICML 2015", example: "batch_norm()(ones(4, 3)).shape  # (4, 3)"),
      sampleInputs: [[5, 3]]
    ) { try BatchNorm($0).named($0) }
  }
}
