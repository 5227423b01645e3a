import Tensors

/// Attention and a two-layer net, each with a residual connection and layer norm.
public final class TransformerBlock: Layer {
  let isNormFirst: Bool
  let hidden: Int
  let activation: Activation
  let epsilon: Double
  let dropout: Dropout
  let attention: Attention
  let norm1: Normalisation
  let norm2: Normalisation
  let dense1: Layer
  private var dense2: Layer?

  init(_ arguments: Arguments) throws {
    isNormFirst = try arguments.flag("norm_first")
    hidden = try arguments.integer("hidden")
    activation = try arguments.activation("activation")
    epsilon = try arguments.number("epsilon")
    dropout = Dropout(rate: try arguments.number("dropout"))
    attention = Attention(heads: try arguments.integer("heads"), isCausal: try arguments.flag("causal"))
    norm1 = Normalisation(.layer, epsilon: epsilon, center: true)
    norm2 = Normalisation(.layer, epsilon: epsilon, center: true)
    norm1.configuration = Configuration("layer_norm")
    norm2.configuration = Configuration("layer_norm")
    dense1 = try Catalogue.dense.make([.integer(hidden), .activation(activation)])
  }

  public override var children: [(prefix: String, layer: Layer)] {
    [("norm1", norm1), ("attention", attention), ("norm2", norm2), ("dense1", dense1)]
      + (dense2.map { [("dense2", $0)] } ?? [])
  }

  public override func check(_ inputs: [Spec]) throws { try ShapeWords.signal(inputs[0]) }

  public override func build(_ inputs: [Spec]) throws {
    let layer = try Catalogue.dense.make([.integer(inputs[0].features)])
    layer.isTrainable = dense1.isTrainable
    dense2 = layer
  }

  override func unbuild() {
    super.unbuild()
    dense2 = nil
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let dense2 else { return inputs }
    let x = inputs[0]
    let attend = { [self] (x: Tensor) throws -> Tensor in
      let y = try context.enter("attention") { try attention(x, context) }
      return try context.enter("") { try dropout(y, context) }
    }
    let transform = { [self] (x: Tensor) throws -> Tensor in
      let h = try context.enter("dense1") { try dense1(x, context) }
      let y = try context.enter("dense2") { try dense2(h, context) }
      return try context.enter("") { try dropout(y, context) }
    }
    let normalise1 = { [self] (x: Tensor) in try context.enter("norm1") { try norm1(x, context) } }
    let normalise2 = { [self] (x: Tensor) in try context.enter("norm2") { try norm2(x, context) } }
    if isNormFirst {
      let h = try x + attend(normalise1(x))
      return [try h + transform(normalise2(h))]
    }
    let h = try normalise1(x + attend(x))
    return [try normalise2(h + transform(h))]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var transformerBlock: Descriptor<Layer> {
    Descriptor(
      "transformer_block", .layers,
      [
        ParameterDescription("heads", .integer(from: 1)),
        ParameterDescription("hidden", .integer(from: 1), "the width of the net between"),
        ParameterDescription("activation", .activation, default: .activation(activation("relu"))),
        share("dropout", 0, "of both residual branches, while training"),
        ParameterDescription("causal", .flag, default: .flag(false), "true: no step sees later ones"),
        ParameterDescription("norm_first", .flag, default: .flag(true), "layer norm before, not after, each branch"),
        epsilon(1e-3),
      ] + Layer.commonParameters,
      Documentation(
        "Self-attention, then a two-layer net for each step; both with a residual connection and layer norm.",
        formula: "h = x + attention(norm1(x)); y = h + dense2(dense1(norm2(h)))", shapes: "(steps, width) → the same",
        source: "Vaswani and others, NeurIPS 2017; Xiong and others, ICML 2020",
        example: "transformer_block(2, 8)(ones(1, 5, 4)).shape  # (1, 5, 4)"),
      sample: [.number(2), .number(6)], sampleInputs: [[2, 3, 4]]
    ) { try TransformerBlock($0).named($0) }
  }
}
