import Tensors

/// Multiplies by a learnt matrix and adds a learnt vector: `activation(x @ kernel + bias)`.
public final class Dense: Layer {
  let units: Int
  let activation: Activation
  let usesBias: Bool
  let weights: KernelSettings
  private var kernel: Parameter?
  private var bias: Parameter?

  init(_ arguments: Arguments) throws {
    units = try arguments.integer("units")
    activation = try arguments.activation("activation")
    usesBias = try arguments.flag("use_bias")
    weights = try KernelSettings(arguments)
  }

  /// What to write where rows were given as one axis, or a sample without its size.
  private static func hint(rank1 spec: Spec) -> String? {
    guard spec.rank == 1 else { return nil }
    let count = spec.shape[0]
    if count == symbolicBatch { return "samples need a number of features: build(net, 3) or input(3)" }
    return "one row of \(count) features is [x] or x[none], \(count) rows of one are x[:, none]"
  }

  public override func check(_ inputs: [Spec]) throws {
    let spec = inputs[0]
    guard spec.rank >= 2 else {
      throw ShapeWords.rank(
        spec, wanted: "rows (batch × features)",
        hint: Dense.hint(rank1: spec))
    }
    let features = spec.shape[spec.rank - 1]
    if let kernel, kernel.shape[0] != features { throw ShapeWords.features(spec, wanted: kernel.shape[0]) }
  }

  public override func build(_ inputs: [Spec]) throws {
    (kernel, bias) = try addParameters(
      weights, kernel: [inputs[0].features, units], bias: usesBias ? units : nil, inputs[0].parameterDType)
  }

  override func unbuild() {
    super.unbuild()
    (kernel, bias) = (nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel else { return inputs }
    var y = try inputs[0].matmul(kernel.value)
    if let bias { y = try y + bias.value }
    return [activation.isLinear ? y : try activation(y)]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
  public override var activityRegularizer: Regularizer? { weights.activityRegularizer }
}

extension Catalogue {
  static var dense: Descriptor<Layer> {
    Descriptor(
      "dense", .layers,
      [
        ParameterDescription("units", .integer(from: 1), "the number of outputs"),
        ParameterDescription("activation", .activation, default: .activation(.linear)),
        ParameterDescription("use_bias", .flag, default: .flag(true)),
      ] + KernelSettings.parameters + Layer.commonParameters,
      Documentation(
        "A fully connected layer.",
        details: "Inputs with more than two axes are transformed along their last one.",
        formula: "activation(x @ kernel + bias)", shapes: "(…, in) → (…, units); kernel (in, units), bias (units,)",
        source: "Rosenblatt, 1958", example: "let layer_ = dense(2, relu)\nlayer_(ones(3, 4)).shape  # (3, 2)"),
      sample: [.number(3)], sampleInputs: [[2, 4]]
    ) { try Dense($0).named($0) }
  }
}

extension Layer {
  /// `name:` and `trainable:`, which every layer takes.
  static var commonParameters: [ParameterDescription] {
    [
      ParameterDescription(
        "name", .optional(.text), default: Setting.none, "its name in messages, summaries and models"),
      ParameterDescription("trainable", .flag, default: .flag(true), "false: learning leaves it alone"),
    ]
  }

  /// Takes the common arguments.
  func named(_ arguments: Arguments) throws -> Layer {
    if case .text(let text) = arguments["name"] { name = text }
    if case .flag(false) = arguments["trainable"] { isTrainable = false }
    return self
  }
}
