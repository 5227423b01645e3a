import Tensors

/// The largest value or the mean of each window.
public final class Pooling: Layer {
  let axes: Int
  let isMax: Bool
  let size: [Int]
  let strides: [Int]
  let padding: PaddingRule

  init(_ arguments: Arguments, axes: Int, isMax: Bool) throws {
    self.axes = axes
    self.isMax = isMax
    size = try arguments.integers("size")
    strides = try arguments.optionalIntegers("strides") ?? size
    padding = try PaddingRule(arguments)
  }

  public override func check(_ inputs: [Spec]) throws {
    try axes == 1 ? ShapeWords.signal(inputs[0]) : ShapeWords.images(inputs[0])
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let ones = Array(repeating: 1, count: axes)
    let pads = padding.pads(Array(inputs[0].shape[1...axes]), size, strides, ones)
    return [
      isMax
        ? try maxPool(inputs[0], size: size, strides: strides, padding: pads)
        : try avgPool(inputs[0], size: size, strides: strides, padding: pads)
    ]
  }
}

/// One number for each channel: the largest value or the mean over all positions.
public final class GlobalPooling: Layer {
  let axes: Int
  let isMax: Bool

  init(axes: Int, isMax: Bool) {
    self.axes = axes
    self.isMax = isMax
  }

  public override func check(_ inputs: [Spec]) throws {
    try axes == 1 ? ShapeWords.signal(inputs[0]) : ShapeWords.images(inputs[0])
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let over = Array(1...axes)
    if isMax { return [try inputs[0].max(axes: over)] }
    guard axes == 1, let mask = inputs[0].provenance?.mask else { return [try inputs[0].mean(axes: over)] }
    // Padded steps count in neither sum nor count.
    let weights = try mask.cast(to: inputs[0].dtype).expand(-1)
    return [try (inputs[0] * weights).sum(axes: over) / weights.sum(axes: over)]
  }
}

extension Catalogue {
  static var pooling: [Descriptor<Layer>] {
    [
      pool("max_pool1d", axes: 1, isMax: true), pool("avg_pool1d", axes: 1, isMax: false),
      pool("max_pool2d", axes: 2, isMax: true), pool("avg_pool2d", axes: 2, isMax: false),
      globalPool("global_max_pool1d", axes: 1, isMax: true), globalPool("global_avg_pool1d", axes: 1, isMax: false),
      globalPool("global_max_pool2d", axes: 2, isMax: true), globalPool("global_avg_pool2d", axes: 2, isMax: false),
    ]
  }

  private static func pool(_ name: String, axes: Int, isMax: Bool) -> Descriptor<Layer> {
    let input = axes == 1 ? "ones(1, 8, 2)" : "ones(1, 8, 8, 2)"
    let output = axes == 1 ? "(1, 4, 2)" : "(1, 4, 4, 2)"
    return Descriptor(
      name, .layers,
      [
        ParameterDescription("size", .sizes(axes: axes, minimum: 1), default: .number(2), "of the window"),
        ParameterDescription(
          "strides", .optional(.sizes(axes: axes, minimum: 1)), default: Setting.none, "the size where none"),
        PaddingRule.parameter(),
      ] + Layer.commonParameters,
      Documentation(
        isMax ? "The largest value of each window." : "The mean of each window.",
        details: isMax
          ? "Padding never wins. The gradient goes to the first of equal values."
          : "Padding counts in neither the sum nor the count.",
        formula: "\(isMax ? "max" : "mean") over k < size of x[strides·i + k]",
        shapes: axes == 1
          ? "(steps, channels) → (positions, channels)" : "(rows, columns, channels) → (rows, columns, channels)",
        source: isMax ? "Yamaguchi and others, 1990" : "LeCun and others, 1989",
        example: "\(name)(2)(\(input)).shape  # \(output)"),
      sample: [.number(2)], sampleInputs: [axes == 1 ? [2, 5, 2] : [2, 4, 5, 2]]
    ) { try Pooling($0, axes: axes, isMax: isMax).named($0) }
  }

  private static func globalPool(_ name: String, axes: Int, isMax: Bool) -> Descriptor<Layer> {
    Descriptor(
      name, .layers, Layer.commonParameters,
      Documentation(
        isMax
          ? "The largest value of each channel over all positions." : "The mean of each channel over all positions.",
        details: axes == 1 && !isMax ? "Steps that a mask marks as padding do not count." : "",
        formula: "y[c] = \(isMax ? "max" : "mean") of x[…, c]",
        shapes: axes == 1 ? "(steps, channels) → (channels)" : "(rows, columns, channels) → (channels)",
        source: "Lin, Chen and Yan, ICLR 2014",
        example: "\(name)()(\(axes == 1 ? "ones(1, 8, 2)" : "ones(1, 8, 8, 2)")).shape  # (1, 2)"),
      sampleInputs: [axes == 1 ? [2, 5, 2] : [2, 3, 4, 2]]
    ) { try GlobalPooling(axes: axes, isMax: isMax).named($0) }
  }
}
