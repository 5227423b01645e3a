import Tensors

/// A dense map between features and heads: (…, width) to (…, heads, dim), or back.
final class HeadProjection: Layer {
  let kernelShape: Shape
  let biasShape: Shape
  /// True for features to heads.
  let isSplitting: Bool
  let initializer: Initializer
  let usesBias: Bool
  private(set) var kernel: Parameter?
  private(set) var bias: Parameter?

  init(isSplitting: Bool, kernelShape: Shape, biasShape: Shape, usesBias: Bool, initializer: Initializer) {
    self.isSplitting = isSplitting
    self.kernelShape = kernelShape
    self.biasShape = biasShape
    self.usesBias = usesBias
    self.initializer = initializer
    super.init()
    configuration = Configuration("projection")
  }

  override func build(_ inputs: [Spec]) throws {
    // The scale is that of the matrix the kernel stands for: width × heads·dim, or back.
    let rows = isSplitting ? kernelShape[0] : kernelShape[0] * kernelShape[1]
    let scaled = Initializer { [initializer, kernelShape] _, dtype in
      try initializer([rows, kernelShape.reduce(1, *) / max(1, rows)], dtype).reshape(kernelShape)
    }
    kernel = try addParameter("kernel", kernelShape, inputs[0].parameterDType, scaled)
    if usesBias { bias = try addParameter("bias", biasShape, inputs[0].parameterDType, .zeros) }
  }

  override func unbuild() {
    super.unbuild()
    (kernel, bias) = (nil, nil)
  }

  /// Features (batch, steps, width) to heads (batch, steps, heads, dim), or heads back to features.
  override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel else { return inputs }
    if isSplitting {
      let (heads, dim) = (kernelShape[1], kernelShape[2])
      let x = inputs[0]
      var y = try x.matmul(kernel.value.reshape([kernelShape[0], heads * dim]))
      if let bias { y = try y + bias.value.reshape([heads * dim]) }
      return [try y.reshape([x.shape[0], x.shape[1], heads, dim])]
    }
    let (heads, dim, width) = (kernelShape[0], kernelShape[1], kernelShape[2])
    let x = inputs[0]
    let flat = try x.reshape([x.shape[0], x.shape[1], heads * dim])
    let y = try flat.matmul(kernel.value.reshape([heads * dim, width]))
    return [bias == nil ? y : try y + (bias?.value ?? y)]
  }
}

/// Multi-head attention: each position gathers from all others what its query asks for.
public final class Attention: Layer {
  let heads: Int
  let dim: Int?
  let isCausal: Bool
  let usesBias: Bool
  let rate: Double
  let initializer: Initializer
  private var projections: [(prefix: String, layer: HeadProjection)] = []

  init(_ arguments: Arguments) throws {
    heads = try arguments.integer("heads")
    dim = try arguments.optionalInteger("dim")
    isCausal = try arguments.flag("causal")
    usesBias = try arguments.flag("use_bias")
    rate = try arguments.number("dropout")
    initializer = try arguments.initializer("kernel_init")
  }

  init(heads: Int, isCausal: Bool) {
    self.heads = heads
    dim = nil
    self.isCausal = isCausal
    usesBias = true
    rate = 0
    initializer = .glorotUniform
    super.init()
    configuration = Configuration("attention", settings: [("heads", .integer(heads))])
  }

  public override var children: [(prefix: String, layer: Layer)] { projections.map { ($0.prefix, $0.layer) } }
  public override var inputCount: ClosedRange<Int> { 1...3 }

  public override func check(_ inputs: [Spec]) throws {
    guard inputs.count != 2 else {
      throw LayerFailure(
        .type, "takes one sequence, or the list (query, key, value)", hint: "key and value may be the same: (q, k, k)")
    }
    for input in inputs { try ShapeWords.signal(input) }
    let width = inputs[0].features
    if dim == nil, width % heads != 0 {
      throw LayerFailure(
        .shape, "splits the width of its input into \(heads) heads, and got width \(width)",
        hint: "choose a number of heads that divides \(width), or give the width of one head: dim: 16")
    }
    for (projection, input) in zip(projections, inputs.count == 1 ? [inputs[0], inputs[0], inputs[0]] : inputs)
    where projection.layer.kernelShape[0] != input.features {
      throw ShapeWords.features(input, wanted: projection.layer.kernelShape[0])
    }
    if inputs.count == 3 {
      guard inputs[1].shape[1] == inputs[2].shape[1] else {
        throw LayerFailure(
          .shape, "wants as many values as keys, and got \(inputs[2].shape[1]) and \(inputs[1].shape[1]) steps")
      }
      guard Set(inputs.map { $0.shape[0] }).count == 1 else {
        throw LayerFailure(
          .shape,
          "wants query, key and value of one batch, and got \(inputs.map { $0.shape.shapeText }.joined(separator: ", "))"
        )
      }
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    let width = inputs[0].features
    let size = dim ?? width / heads
    let sources = inputs.count == 1 ? [inputs[0], inputs[0], inputs[0]] : inputs
    let parts = zip(["query", "key", "value"], sources).map { name, spec in
      (
        name,
        HeadProjection(
          isSplitting: true, kernelShape: [spec.features, heads, size], biasShape: [heads, size], usesBias: usesBias,
          initializer: initializer)
      )
    }
    let output = HeadProjection(
      isSplitting: false, kernelShape: [heads, size, width], biasShape: [width], usesBias: usesBias,
      initializer: initializer)
    let trainable = isTrainable
    projections = parts + [("output", output)]
    if !trainable { isTrainable = false }
  }

  override func unbuild() {
    super.unbuild()
    projections = []
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let sources = inputs.count == 1 ? [inputs[0], inputs[0], inputs[0]] : inputs
    var projected: [Tensor] = []
    for (position, source) in sources.enumerated() {
      let part = projections[position]
      projected.append(try context.enter(part.prefix) { try part.layer(source, context) })
    }
    let keys = try padding(sources)
    let gathered =
      context.isTraining && rate > 0
      ? try dropped(projected, keys)
      : try attentionCore(projected[0], projected[1], projected[2], causal: isCausal, mask: keys, isTimeFirst: true)
    let output = projections[3]
    return [try context.enter(output.prefix) { try output.layer(gathered, context) }]
  }

  /// Which keys are words, (batch, keys); nil for all. A query's own mask changes only results that are masked themselves.
  private func padding(_ sources: [Tensor]) throws -> Tensor? {
    let masks = (sources[1] === sources[2] ? [sources[1]] : [sources[1], sources[2]]).compactMap { source -> Tensor? in
      guard let mask = source.provenance?.mask, mask.shape == Array(source.shape.prefix(2)) else { return nil }
      return mask
    }
    return masks.count == 2 ? try masks[0].logicalAnd(masks[1]) : masks.first
  }

  /// The attention of training with dropout, step by step: the weights are thinned before they gather.
  private func dropped(_ projected: [Tensor], _ keys: Tensor?) throws -> Tensor {
    let heads = try projected.map { try $0.transpose([0, 2, 1, 3]) }
    let scaled = try heads[0] * (1 / Double(heads[0].shape[3]).squareRoot())
    var scores = try scaled.matmul(heads[1].transpose([0, 1, 3, 2]))
    if let allowed = try allowed(keys, queries: scores.shape[2], keyCount: scores.shape[3]) {
      scores = try Tensor.where(allowed.broadcast(to: scores.shape), scores, Tensor.number(-1e9))
    }
    let weights = try Dropout.apply(scores.softmax(axis: -1), rate: rate)
    return try weights.matmul(heads[2]).transpose([0, 2, 1, 3])
  }

  /// Which key each query may see, (batch or 1, 1, queries or 1, keys); nil for all.
  private func allowed(_ keys: Tensor?, queries: Int, keyCount: Int) throws -> Tensor? {
    let padding = try keys?.reshape([keys?.shape[0] ?? 1, 1, 1, keyCount])
    guard isCausal else { return padding }
    let flags = (0..<queries).flatMap { query in (0..<keyCount).map { $0 <= query } }
    let earlier = try Tensor(bools: flags, shape: [1, 1, queries, keyCount])
    return try padding.map { try $0.logicalAnd(earlier) } ?? earlier
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var attention: Descriptor<Layer> {
    Descriptor(
      "attention", .layers,
      [
        ParameterDescription("heads", .integer(from: 1)),
        ParameterDescription(
          "dim", .optional(.integer(from: 1)), default: Setting.none,
          "the width of one head; where none, the input's divided by heads"),
        ParameterDescription("causal", .flag, default: .flag(false), "true: no step sees later ones"),
        share("dropout", 0, "the share of attention dropped while training"),
        ParameterDescription("use_bias", .flag, default: .flag(true)),
        ParameterDescription("kernel_init", .initializer, default: .initializer(.glorotUniform)),
      ] + Layer.commonParameters,
      Documentation(
        "Multi-head attention: each step gathers from others what its query asks for.",
        details:
          "One sequence attends to itself; the list (query, key, value) is cross-attention. Padded keys are left out.",
        formula: "softmax(q·kᵀ / √dim)·v, per head",
        shapes: "(steps, width) → the same; query, key, value kernels (width, heads, dim), output (heads, dim, width)",
        source: "Vaswani and others, NeurIPS 2017", example: "attention(2)(ones(1, 5, 4)).shape  # (1, 5, 4)"),
      sample: [.number(2)], sampleInputs: [[2, 3, 4]]
    ) { try Attention($0).named($0) }
  }
}
