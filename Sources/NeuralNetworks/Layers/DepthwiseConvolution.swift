import Tensors

/// A convolution of each channel by itself; separable, it is followed by a mixing of channels.
public final class DepthwiseConvolution: Layer {
  /// Nil: depthwise alone.
  let filters: Int?
  let size: [Int]
  let strides: [Int]
  let dilation: [Int]
  let padding: PaddingRule
  let multiplier: Int
  let activation: Activation
  let usesBias: Bool
  let depthwise: KernelSettings
  let pointwise: (initializer: Initializer, regularizer: Regularizer?)?
  private var kernel: Parameter?
  private var mixing: Parameter?
  private var bias: Parameter?

  init(_ arguments: Arguments, isSeparable: Bool) throws {
    filters = isSeparable ? try arguments.integer("filters") : nil
    size = try arguments.integers("size")
    strides = try arguments.integers("strides")
    dilation = try arguments.integers("dilation")
    padding = try PaddingRule(arguments)
    multiplier = try arguments.integer("multiplier")
    activation = try arguments.activation("activation")
    usesBias = try arguments.flag("use_bias")
    depthwise = try KernelSettings(arguments, kernel: isSeparable ? "depthwise" : "kernel")
    pointwise =
      isSeparable
      ? (try arguments.initializer("pointwise_init"), try arguments.regularizer("pointwise_regularizer")) : nil
    try Convolution.checkSteps(arguments, strides, dilation)
  }

  public override func check(_ inputs: [Spec]) throws {
    try ShapeWords.images(inputs[0])
    if let kernel, kernel.shape[2] != inputs[0].features {
      throw ShapeWords.features(inputs[0], wanted: kernel.shape[2], noun: "channels")
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    let (channels, dtype) = (inputs[0].features, inputs[0].parameterDType)
    kernel = try addParameter(
      pointwise == nil ? "kernel" : "depthwise_kernel", size + [channels, multiplier], dtype,
      depthwise.kernelInitializer, regularizer: depthwise.kernelRegularizer)
    var outputs = channels * multiplier
    if let pointwise, let filters {
      mixing = try addParameter(
        "pointwise_kernel", [1, 1, outputs, filters], dtype, pointwise.initializer, regularizer: pointwise.regularizer)
      outputs = filters
    }
    if usesBias {
      bias = try addParameter(
        "bias", [outputs], dtype, depthwise.biasInitializer, regularizer: depthwise.biasRegularizer)
    }
  }

  override func unbuild() {
    super.unbuild()
    (kernel, mixing, bias) = (nil, nil, nil)
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let kernel else { return inputs }
    let pads = padding.pads(Array(inputs[0].shape[1...2]), size, strides, dilation)
    var y = try depthwiseConv(
      inputs[0], kernel.value, bias: mixing == nil ? bias?.value : nil, strides: strides, padding: pads,
      dilation: dilation)
    if let mixing { y = try conv(y, mixing.value, bias: bias?.value) }
    return [activation.isLinear ? y : try activation(y)]
  }

  public override var activityRegularizer: Regularizer? { depthwise.activityRegularizer }
}

extension Catalogue {
  static var depthwiseConv2d: Descriptor<Layer> {
    Descriptor(
      "depthwise_conv2d", .layers, depthwiseParameters + KernelSettings.parameters + Layer.commonParameters,
      Documentation(
        "Slides filters over each channel by itself.", details: "Output channel c·multiplier + m comes from channel c.",
        formula: "y[i, j, c·multiplier + m] = Σ x[i + k, j + l, c]·kernel[k, l, c, m] + bias",
        shapes: "(rows, columns, in) → (rows, columns, in·multiplier); kernel (h, w, in, multiplier)",
        source: "Howard and others, 2017 (MobileNets)",
        example: "depthwise_conv2d(3)(ones(1, 8, 8, 2)).shape  # (1, 6, 6, 2)"),
      sample: [.number(2)], sampleInputs: [[2, 3, 4, 2]]
    ) { try DepthwiseConvolution($0, isSeparable: false).named($0) }
  }

  static var separableConv2d: Descriptor<Layer> {
    let pointwise = [
      ParameterDescription("pointwise_init", .initializer, default: .initializer(.glorotUniform)),
      ParameterDescription("pointwise_regularizer", .optional(.regularizer), default: Setting.none),
    ]
    return Descriptor(
      "separable_conv2d", .layers,
      [ParameterDescription("filters", .integer(from: 1), "the number of output channels")] + depthwiseParameters
        + KernelSettings.parameters(kernel: "depthwise") + pointwise + Layer.commonParameters,
      Documentation(
        "A depthwise convolution, then one of size 1 that mixes the channels: a convolution with far fewer weights.",
        formula: "depthwise(x) @ pointwise_kernel + bias, at every position",
        shapes: "(rows, columns, in) → (rows, columns, filters); depthwise_kernel (h, w, in, multiplier), "
          + "pointwise_kernel (1, 1, in·multiplier, filters)", source: "Chollet, CVPR 2017",
        example: "separable_conv2d(4, 3)(ones(1, 8, 8, 2)).shape  # (1, 6, 6, 4)"),
      sample: [.number(3), .number(2)], sampleInputs: [[2, 3, 4, 2]]
    ) { try DepthwiseConvolution($0, isSeparable: true).named($0) }
  }

  private static var depthwiseParameters: [ParameterDescription] {
    [
      ParameterDescription("size", .sizes(axes: 2, minimum: 1), "of the window"),
      ParameterDescription("strides", .sizes(axes: 2, minimum: 1), default: .number(1)),
      PaddingRule.parameter(),
      ParameterDescription("dilation", .sizes(axes: 2, minimum: 1), default: .number(1)),
      ParameterDescription("multiplier", .integer(from: 1), default: .number(1), "filters for each channel"),
      ParameterDescription("activation", .activation, default: .activation(.linear)),
      ParameterDescription("use_bias", .flag, default: .flag(true)),
    ]
  }
}
