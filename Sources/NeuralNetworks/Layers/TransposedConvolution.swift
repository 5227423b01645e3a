import Tensors

/// The transposed convolution: spreads each pixel over a window, for making images larger.
public final class TransposedConvolution: Layer {
  let filters: Int
  let size: [Int]
  let strides: [Int]
  let dilation: [Int]
  let padding: PaddingRule
  let activation: Activation
  let usesBias: Bool
  let weights: KernelSettings
  private var kernel: Parameter?
  private var bias: Parameter?

  init(_ arguments: Arguments) throws {
    filters = try arguments.integer("filters")
    size = try arguments.integers("size")
    strides = try arguments.integers("strides")
    dilation = try arguments.integers("dilation")
    padding = try PaddingRule(arguments)
    activation = try arguments.activation("activation")
    usesBias = try arguments.flag("use_bias")
    weights = try KernelSettings(arguments)
    try Convolution.checkSteps(arguments, strides, dilation)
  }

  public override func check(_ inputs: [Spec]) throws {
    try ShapeWords.images(inputs[0])
    if let kernel, kernel.shape[3] != inputs[0].features {
      throw ShapeWords.features(inputs[0], wanted: kernel.shape[3], noun: "channels")
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    (kernel, bias) = try addParameters(
      weights, kernel: size + [filters, inputs[0].features], bias: usesBias ? filters : nil,
      inputs[0].parameterDType)
  }

  override func unbuild() {
    super.unbuild()
    (kernel, bias) = (nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel else { return inputs }
    var pads: [(Int, Int)] = []
    var sizes: [Int] = []
    for axis in 0..<2 {
      let (pad, size) = TransposedConvolution.geometry(
        input: inputs[0].shape[axis + 1], window: dilation[axis] * (size[axis] - 1) + 1, stride: strides[axis],
        isSame: padding == .same)
      pads.append(pad)
      sizes.append(size)
    }
    let y = try convTranspose(
      inputs[0], kernel.value, bias: bias?.value, strides: strides, padding: pads, dilation: dilation, outputSize: sizes
    )
    return [activation.isLinear ? y : try activation(y)]
  }

  /// The padding of the convolution whose adjoint this is, and the result's size, as Keras settles them: with `same`
  /// the size is input·stride, and of an odd number of cut pixels the extra one is at the end.
  private static func geometry(input: Int, window: Int, stride: Int, isSame: Bool) -> (pad: (Int, Int), size: Int) {
    guard isSame else { return ((0, 0), input * stride + max(window - stride, 0)) }
    let total = stride + window - 2
    let left = min(total / 2 + total % 2, window - 1)
    return ((window - 1 - left, max(0, window - 1 - (total - left))), input * stride)
  }

  public override var activityRegularizer: Regularizer? { weights.activityRegularizer }
}

extension Catalogue {
  static var conv2dTranspose: Descriptor<Layer> {
    Descriptor(
      "conv2d_transpose", .layers,
      [
        ParameterDescription("filters", .integer(from: 1), "the number of output channels"),
        ParameterDescription("size", .sizes(axes: 2, minimum: 1), "of the window"),
        ParameterDescription(
          "strides", .sizes(axes: 2, minimum: 1), default: .number(1), "how much larger the image becomes"),
        PaddingRule.parameter(),
        ParameterDescription("dilation", .sizes(axes: 2, minimum: 1), default: .number(1)),
        ParameterDescription("activation", .activation, default: .activation(.linear)),
        ParameterDescription("use_bias", .flag, default: .flag(true)),
      ] + KernelSettings.parameters + Layer.commonParameters,
      Documentation(
        "The transposed convolution: makes images larger, as decoders and generators do.",
        details: "With padding \"same\" the result is strides times as large.",
        formula: "y[strides·i + dilation·k] = Σ x[i]·kernel[k] + bias, over rows and columns",
        shapes: "(rows, columns, in) → (rows, columns, filters); kernel (h, w, filters, in), bias (filters,)",
        source: "Zeiler and others, CVPR 2010",
        example: "conv2d_transpose(4, 3, strides: 2, padding: \"same\")(ones(1, 4, 4, 2)).shape  # (1, 8, 8, 4)"),
      sample: [.number(2), .number(3)], sampleInputs: [[2, 3, 2, 2]]
    ) { try TransposedConvolution($0).named($0) }
  }
}
