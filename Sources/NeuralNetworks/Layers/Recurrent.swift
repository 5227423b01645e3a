import Tensors

/// Reads a sequence step by step, with a state that each step changes.
public final class Recurrent: Layer {
  public typealias Kind = RecurrentKind

  public let kind: Kind
  let units: Int
  let activation: Activation
  let recurrentActivation: Activation
  let usesBias: Bool
  let startsForgetOpen: Bool
  public let returnsSequences: Bool
  let weights: KernelSettings
  let recurrentInitializer: Initializer
  let recurrentRegularizer: Regularizer?
  /// True for the second half of a bidirectional layer: reads from the end; sequences come in the order read.
  let isBackward: Bool
  private var kernel: Parameter?
  private var recurrentKernel: Parameter?
  private var bias: Parameter?

  init(_ arguments: Arguments, _ kind: Kind, isBackward: Bool = false) throws {
    self.kind = kind
    self.isBackward = isBackward
    units = try arguments.integer("units")
    activation = try arguments.activation("activation")
    recurrentActivation = kind == .simple ? .linear : try arguments.activation("recurrent_activation")
    usesBias = try arguments.flag("use_bias")
    startsForgetOpen = kind == .lstm ? try arguments.flag("unit_forget_bias") : false
    returnsSequences = try arguments.flag("return_sequences")
    weights = try KernelSettings(arguments)
    recurrentInitializer = try arguments.initializer("recurrent_init")
    recurrentRegularizer = try arguments.regularizer("recurrent_regularizer")
  }

  /// The same layer reading from the end, with weights of its own.
  func reversed() throws -> Recurrent {
    let descriptor = Catalogue.recurrent(kind)
    let layer = try Recurrent(
      Arguments(
        constructor: descriptor.name, parameters: descriptor.parameters, positional: [], named: configuration.settings),
      kind, isBackward: true)
    layer.configuration = configuration
    layer.isTrainable = isTrainable
    return layer
  }

  public override func check(_ inputs: [Spec]) throws {
    try ShapeWords.signal(inputs[0])
    guard inputs[0].shape[1] > 0 else { throw LayerFailure(.shape, "needs sequences with at least one step") }
    if let kernel, kernel.shape[0] != inputs[0].features {
      throw ShapeWords.features(inputs[0], wanted: kernel.shape[0])
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    let (width, dtype) = (kind.gates * units, inputs[0].parameterDType)
    kernel = try addParameter(
      "kernel", [inputs[0].features, width], dtype, weights.kernelInitializer, regularizer: weights.kernelRegularizer)
    recurrentKernel = try addParameter(
      "recurrent_kernel", [units, width], dtype, recurrentInitializer, regularizer: recurrentRegularizer)
    guard usesBias else { return }
    var initializer = weights.biasInitializer
    if startsForgetOpen {
      let (given, units) = (initializer, units)
      initializer = Initializer { shape, dtype in
        try Tensor.concat(
          [given([units], dtype), Tensor.ones([units], dtype), given([shape[0] - 2 * units], dtype)], axis: 0)
      }
    }
    bias = try addParameter(
      "bias", kind == .gru ? [2, width] : [width], dtype, initializer, regularizer: weights.biasRegularizer)
  }

  override func unbuild() {
    super.unbuild()
    (kernel, recurrentKernel, bias) = (nil, nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel, let recurrentKernel else { return inputs }
    let isUsual = activation.configuration.name == "tanh" && recurrentActivation.configuration.name == "sigmoid"
    let plain = activation.configuration.name == "tanh" && kind == .simple
    let mask = inputs[0].provenance?.mask
    let result = try recurrent(
      kind, isBackward ? inputs[0].flip(1) : inputs[0], kernel: kernel.value, recurrent: recurrentKernel.value,
      bias: bias?.value, mask: isBackward ? mask?.flip(1) : mask,
      activation: isUsual || plain ? nil : { [activation] in try activation($0) },
      gate: isUsual || plain ? nil : { [recurrentActivation] in try recurrentActivation($0) })
    guard !returnsSequences else { return [result.states] }
    let steps = result.states.shape[1]
    let last = try result.states.split(sizes: [steps - 1, 1], axis: 1)[1].squeeze(1)
    return [last]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? {
    returnsSequences && !isBackward ? inputs[0].provenance?.mask : nil
  }

  public override var activityRegularizer: Regularizer? { weights.activityRegularizer }
}

extension Catalogue {
  static func recurrent(_ kind: Recurrent.Kind) -> Descriptor<Layer> {
    switch kind {
    case .simple:
      recurrent(
        "simple_rnn", kind,
        Documentation(
          "A recurrent layer whose state is its output.",
          formula: "h = activation(x @ kernel + h @ recurrent_kernel + bias)",
          shapes:
            "(steps, in) → (units), or (steps, units) with return_sequences; kernel (in, units), recurrent_kernel (units, units)",
          source: "Elman, 1990", example: "simple_rnn(4)(ones(2, 5, 3)).shape  # (2, 4)"))
    case .lstm:
      recurrent(
        "lstm", kind,
        Documentation(
          "Long short-term memory: gates decide what the cell keeps, takes in and shows.",
          details:
            "Gates stand in the order i f c o along the last axis; there is one bias, whose forget part starts at 1.",
          formula: "c = f·c + i·tanh(…); h = o·tanh(c)",
          shapes:
            "(steps, in) → (units), or (steps, units) with return_sequences; kernel (in, 4·units), recurrent_kernel (units, 4·units)",
          source: "Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000",
          example: "lstm(4)(ones(2, 5, 3)).shape  # (2, 4)"))
    case .gru:
      recurrent(
        "gru", kind,
        Documentation(
          "A gated recurrent unit: the lstm's idea with two gates and no cell.",
          details:
            "Gates stand in the order z r h; the reset gate acts after the product (reset_after), hence a bias of two rows.",
          formula: "h = z·h + (1 - z)·tanh(x @ kernel_h + r·(h @ recurrent_h + b))",
          shapes:
            "(steps, in) → (units), or (steps, units) with return_sequences; kernel (in, 3·units), bias (2, 3·units)",
          source: "Cho and others, EMNLP 2014", example: "gru(4)(ones(2, 5, 3)).shape  # (2, 4)"))
    }
  }

  private static func recurrent(_ name: String, _ kind: Recurrent.Kind, _ documentation: Documentation) -> Descriptor<
    Layer
  > {
    var parameters = [
      ParameterDescription("units", .integer(from: 1), "the size of the state"),
      ParameterDescription("activation", .activation, default: .activation(activation("tanh"))),
      ParameterDescription(
        "return_sequences", .flag, default: .flag(false), "true: the output of every step, else of the last"),
    ]
    if kind != .simple {
      parameters.append(
        ParameterDescription(
          "recurrent_activation", .activation, default: .activation(activation("sigmoid")), "of the gates"))
    }
    parameters += [
      ParameterDescription("use_bias", .flag, default: .flag(true)),
      ParameterDescription("recurrent_init", .initializer, default: .initializer(initializer("orthogonal"))),
      ParameterDescription("recurrent_regularizer", .optional(.regularizer), default: Setting.none),
    ]
    if kind == .lstm {
      parameters.append(
        ParameterDescription(
          "unit_forget_bias", .flag, default: .flag(true), "the forget gate starts open: its bias is 1"))
    }
    return Descriptor(
      name, .layers, parameters + KernelSettings.parameters + Layer.commonParameters, documentation,
      sample: [.number(3)], sampleInputs: [[2, 4, 2]]
    ) { try Recurrent($0, kind).named($0) }
  }
}
