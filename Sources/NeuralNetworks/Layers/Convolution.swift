import Tensors

/// Slides learnt filters over signals or images.
public final class Convolution: Layer {
  let axes: Int
  let filters: Int
  let size: [Int]
  let strides: [Int]
  let dilation: [Int]
  let groups: Int
  let padding: PaddingRule
  let activation: Activation
  let usesBias: Bool
  let weights: KernelSettings
  private var kernel: Parameter?
  private var bias: Parameter?

  init(_ arguments: Arguments, axes: Int) throws {
    self.axes = axes
    filters = try arguments.integer("filters")
    size = try arguments.integers("size")
    strides = try arguments.integers("strides")
    dilation = try arguments.integers("dilation")
    groups = try arguments.integer("groups")
    padding = try PaddingRule(arguments)
    activation = try arguments.activation("activation")
    usesBias = try arguments.flag("use_bias")
    weights = try KernelSettings(arguments)
    guard filters % groups == 0 else {
      throw TensorError(
        .value, "\(arguments.constructor) wants filters divisible by `groups`, and got \(filters) and \(groups)")
    }
    try Convolution.checkSteps(arguments, strides, dilation)
  }

  static func checkSteps(_ arguments: Arguments, _ strides: [Int], _ dilation: [Int]) throws {
    if strides.contains(where: { $0 > 1 }), dilation.contains(where: { $0 > 1 }) {
      throw TensorError(.value, "\(arguments.constructor) takes strides or dilation above 1, not both")
    }
  }

  public override func check(_ inputs: [Spec]) throws {
    try axes == 1 ? ShapeWords.signal(inputs[0]) : ShapeWords.images(inputs[0])
    let channels = inputs[0].features
    if let kernel, kernel.shape[axes] * groups != channels {
      throw ShapeWords.features(inputs[0], wanted: kernel.shape[axes] * groups, noun: "channels")
    }
    guard channels % groups == 0 else {
      throw LayerFailure(.shape, "splits channels into \(groups) groups, and got \(channels) channels")
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    (kernel, bias) = try addParameters(
      weights, kernel: size + [inputs[0].features / groups, filters], bias: usesBias ? filters : nil,
      inputs[0].parameterDType)
  }

  override func unbuild() {
    super.unbuild()
    (kernel, bias) = (nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel else { return inputs }
    let pads = padding.pads(Array(inputs[0].shape[1...axes]), size, strides, dilation)
    let y = try conv(
      inputs[0], kernel.value, bias: bias?.value, strides: strides, padding: pads, dilation: dilation, groups: groups)
    return [activation.isLinear ? y : try activation(y)]
  }

  public override var activityRegularizer: Regularizer? { weights.activityRegularizer }
}

/// How the rim of an input is treated.
enum PaddingRule: String {
  case valid, same, causal

  init(_ arguments: Arguments) throws { self = PaddingRule(rawValue: try arguments.text("padding")) ?? .valid }

  /// Zeros before and after, for each spatial axis.
  func pads(_ inputs: [Int], _ size: [Int], _ strides: [Int], _ dilation: [Int]) -> [(Int, Int)] {
    inputs.indices.map { axis in
      switch self {
      case .valid: (0, 0)
      case .causal: (dilation[axis] * (size[axis] - 1), 0)
      case .same:
        ConvolutionGeometry.samePadding(
          input: inputs[axis], size: size[axis], stride: strides[axis], dilation: dilation[axis])
      }
    }
  }

  static func parameter(_ words: [String] = ["valid", "same"]) -> ParameterDescription {
    ParameterDescription(
      "padding", .choice(words), default: .text("valid"),
      "valid: only whole windows; same: zeros around, so that stride 1 keeps the size\(words.contains("causal") ? "; causal: zeros before, so that no step sees later ones" : "")"
    )
  }
}

extension Catalogue {
  static var conv1d: Descriptor<Layer> {
    Descriptor(
      "conv1d", .layers, convolutionParameters(axes: 1, padding: ["valid", "same", "causal"]),
      Documentation(
        "Slides learnt filters along a sequence.", formula: "activation(Σ x[t + k]·kernel[k] + bias)",
        shapes: "(steps, in) → (positions, filters); kernel (size, in / groups, filters), bias (filters,)",
        source: "Waibel and others, 1989", example: "conv1d(4, 3)(ones(1, 10, 2)).shape  # (1, 8, 4)"),
      sample: [.number(2), .number(3)], sampleInputs: [[2, 6, 3]]
    ) { try Convolution($0, axes: 1).named($0) }
  }

  static var conv2d: Descriptor<Layer> {
    Descriptor(
      "conv2d", .layers, convolutionParameters(axes: 2, padding: ["valid", "same"]),
      Documentation(
        "Slides learnt filters over images.", formula: "activation(Σ x[i + k, j + l]·kernel[k, l] + bias)",
        shapes: "(rows, columns, in) → (rows, columns, filters); kernel (h, w, in / groups, filters), bias (filters,)",
        source: "LeCun and others, 1989", example: "conv2d(4, 3)(ones(1, 8, 8, 1)).shape  # (1, 6, 6, 4)"),
      sample: [.number(2), .number(2)], sampleInputs: [[2, 4, 3, 2]]
    ) { try Convolution($0, axes: 2).named($0) }
  }

  private static func convolutionParameters(axes: Int, padding: [String]) -> [ParameterDescription] {
    [
      ParameterDescription("filters", .integer(from: 1), "the number of output channels"),
      ParameterDescription("size", .sizes(axes: axes, minimum: 1), "of the window"),
      ParameterDescription("strides", .sizes(axes: axes, minimum: 1), default: .number(1)),
      PaddingRule.parameter(padding),
      ParameterDescription(
        "dilation", .sizes(axes: axes, minimum: 1), default: .number(1), "spreads the window's points"),
      ParameterDescription("groups", .integer(from: 1), default: .number(1), "channels are split into so many groups"),
      ParameterDescription("activation", .activation, default: .activation(.linear)),
      ParameterDescription("use_bias", .flag, default: .flag(true)),
    ] + KernelSettings.parameters + Layer.commonParameters
  }
}
