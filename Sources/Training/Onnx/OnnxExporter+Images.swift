import NeuralNetworks
import Tensors

/// Layers of signals and images. ONNX wants channels first: a value is turned where it enters and turned back where it
/// leaves; a second layer finds the turned one, and what nobody uses is pruned.
extension OnnxExporter {
  private func turned(_ input: Value) -> String {
    let x = float(input)
    if let known = graph.channelsFirst[x.name] { return known }
    let rank = x.shape.count + 1
    let name = graph.add("Transpose", [x.name], [("perm", .integers([0, rank - 1] + Array(1..<rank - 1)))])
    graph.channelsFirst[x.name] = name
    return name
  }

  /// The value with channels last of a name with channels first.
  private func turnedBack(_ name: String, _ shape: Shape) -> Value {
    let rank = shape.count + 1
    let back = graph.add("Transpose", [name], [("perm", .integers([0] + Array(2..<rank) + [1]))])
    graph.channelsFirst[back] = name
    return Value(name: back, shape: shape)
  }

  /// ONNX's pads of a window: all beginnings, then all ends.
  private func pads(_ layer: Layer, _ input: Shape, _ size: [Int], _ strides: [Int], _ dilation: [Int]) -> [Int] {
    var low: [Int] = []
    var high: [Int] = []
    for axis in size.indices {
      let span = dilation[axis] * (size[axis] - 1)
      switch text(layer, "padding") {
      case "same":
        let outputs = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (outputs - 1) * strides[axis] + span + 1 - input[axis])
        low.append(total / 2)
        high.append(total - total / 2)
      case "causal":
        low.append(span)
        high.append(0)
      default:
        low.append(0)
        high.append(0)
      }
    }
    return low + high
  }

  private func finish(_ name: String, _ layer: Layer, _ input: Value) throws -> Value {
    try activated(turnedBack(name, outputShape(layer, input)), layer.configuration["activation"], layer)
  }

  /// The window's settings, one for each axis; the kernel tells its size.
  private func window(_ layer: Layer, _ kernel: Tensor) -> (size: [Int], strides: [Int], dilation: [Int]) {
    let size = Array(kernel.shape.dropLast(2))
    let ones = [Int](repeating: 1, count: size.count)
    return (size, sizes(layer, "strides", axes: size.count) ?? ones, sizes(layer, "dilation", axes: size.count) ?? ones)
  }

  func convolution(_ layer: Layer, _ input: Value) throws -> Value {
    let kernel = try weight(layer, "kernel")
    let axes = kernel.rank - 2
    let (size, strides, dilation) = window(layer, kernel)
    var inputs = [
      turned(input), try graph.tensor(kernel.transpose([axes + 1, axes] + Array(0..<axes))),
    ]
    if let bias = optionalWeight(layer, "bias") { inputs.append(try graph.tensor(bias)) }
    let name = graph.add(
      "Conv", inputs,
      [
        ("kernel_shape", .integers(size)), ("strides", .integers(strides)), ("dilations", .integers(dilation)),
        ("group", .integer(number(layer, "groups").flatMap { Int(exactly: $0) } ?? 1)),
        ("pads", .integers(pads(layer, input.shape, size, strides, dilation))),
      ])
    return try finish(name, layer, input)
  }

  /// Each channel by itself: as many groups as channels.
  private func channelwise(_ layer: Layer, _ input: Value, kernel: Tensor, bias: Tensor?) throws -> String {
    let (size, strides, dilation) = window(layer, kernel)
    let (channels, multiplier) = (kernel.shape[2], kernel.shape[3])
    let weights = try kernel.transpose([2, 3, 0, 1]).reshape([channels * multiplier, 1] + size)
    var inputs = [turned(input), try graph.tensor(weights)]
    if let bias { inputs.append(try graph.tensor(bias)) }
    return graph.add(
      "Conv", inputs,
      [
        ("kernel_shape", .integers(size)), ("strides", .integers(strides)), ("dilations", .integers(dilation)),
        ("group", .integer(channels)), ("pads", .integers(pads(layer, input.shape, size, strides, dilation))),
      ])
  }

  func depthwise(_ layer: Layer, _ input: Value) throws -> Value {
    let kernel = try optionalWeight(layer, "depthwise_kernel") ?? weight(layer, "kernel")
    return try finish(
      channelwise(layer, input, kernel: kernel, bias: optionalWeight(layer, "bias")), layer, input)
  }

  func separable(_ layer: Layer, _ input: Value) throws -> Value {
    let first = try channelwise(layer, input, kernel: weight(layer, "depthwise_kernel"), bias: nil)
    var inputs = [first, try graph.tensor(weight(layer, "pointwise_kernel").transpose([3, 2, 0, 1]))]
    if let bias = optionalWeight(layer, "bias") { inputs.append(try graph.tensor(bias)) }
    return try finish(graph.add("Conv", inputs), layer, input)
  }

  func transposedConvolution(_ layer: Layer, _ input: Value) throws -> Value {
    let kernel = try weight(layer, "kernel")
    let (size, strides, dilation) = window(layer, kernel)
    let output = try outputShape(layer, input)
    var low: [Int] = []
    var high: [Int] = []
    var extra: [Int] = []
    for axis in 0..<2 {
      // What the scattered windows cover, beyond what is kept; too little is filled up at the end.
      let full = (input.shape[axis] - 1) * strides[axis] + dilation[axis] * (size[axis] - 1) + 1
      let surplus = full - output[axis]
      let before = text(layer, "padding") == "same" ? max(0, surplus) / 2 : 0
      low.append(before)
      high.append(max(0, surplus) - before)
      extra.append(max(0, -surplus))
    }
    var inputs = [turned(input), try graph.tensor(kernel.transpose([3, 2, 0, 1]))]
    if let bias = optionalWeight(layer, "bias") { inputs.append(try graph.tensor(bias)) }
    let name = graph.add(
      "ConvTranspose", inputs,
      [
        ("kernel_shape", .integers(size)), ("strides", .integers(strides)), ("dilations", .integers(dilation)),
        ("pads", .integers(low + high)), ("output_padding", .integers(extra)),
      ])
    return try finish(name, layer, input)
  }

  func pooling(_ layer: Layer, _ input: Value) throws -> Value {
    let axes = input.shape.count - 1
    let size = sizes(layer, "size", axes: axes) ?? [Int](repeating: 2, count: axes)
    let strides = sizes(layer, "strides", axes: axes) ?? size
    let ones = [Int](repeating: 1, count: axes)
    let isMax = layer.configuration.name.hasPrefix("max")
    var attributes: [(name: String, value: OnnxGraph.Attribute)] = [
      ("kernel_shape", .integers(size)), ("strides", .integers(strides)),
      ("pads", .integers(pads(layer, input.shape, size, strides, ones))),
    ]
    if !isMax { attributes.append(("count_include_pad", .integer(0))) }
    return try finish(graph.add(isMax ? "MaxPool" : "AveragePool", [turned(input)], attributes), layer, input)
  }

  func globalPooling(_ layer: Layer, _ input: Value) throws -> Value {
    let isMax = layer.configuration.name.hasPrefix("global_max")
    let axes = Array(1..<input.shape.count)
    let name = graph.add(
      isMax ? "ReduceMax" : "ReduceMean", [float(input).name], [("axes", .integers(axes)), ("keepdims", .integer(0))])
    return Value(name: name, shape: [input.shape.last ?? 1])
  }

  func upsampled(_ layer: Layer, _ input: Value) throws -> Value {
    let size = sizes(layer, "size", axes: 2) ?? [2, 2]
    let scales = try graph.floats([1, Double(size[0]), Double(size[1]), 1], [4])
    let name = graph.add(
      "Resize", [float(input).name, "", scales],
      [
        ("mode", .text("nearest")), ("coordinate_transformation_mode", .text("asymmetric")),
        ("nearest_mode", .text("floor")),
      ])
    return Value(name: name, shape: try outputShape(layer, input))
  }

  /// Zeros around images, or rows and columns cut off: what differs between the shapes, split as the setting says.
  func margins(_ layer: Layer, _ input: Value) throws -> Value {
    let isPad = layer.configuration.name == "zero_pad2d"
    let output = try outputShape(layer, input)
    guard let margins = layer.configuration[isPad ? "padding" : "cropping"]?.margins else { throw unsupported(layer) }
    let name: String
    if isPad {
      let pads = try graph.integers([0, margins[0].0, margins[1].0, 0, 0, margins[0].1, margins[1].1, 0])
      name = graph.add("Pad", [float(input).name, pads])
    } else {
      let starts = try graph.integers([margins[0].0, margins[1].0])
      let ends = try graph.integers([input.shape[0] - margins[0].1, input.shape[1] - margins[1].1])
      name = graph.add("Slice", [float(input).name, starts, ends, try graph.integers([1, 2])])
    }
    return Value(name: name, shape: output)
  }
}
