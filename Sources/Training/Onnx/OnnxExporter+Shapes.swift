import NeuralNetworks
import Tensors

extension OnnxExporter {
  func reshaped(_ layer: Layer, _ input: Value) throws -> Value {
    let shape = try outputShape(layer, input)
    return try reshaped(input, to: shape)
  }

  /// The same numbers as samples of another shape.
  func reshaped(_ input: Value, to shape: Shape) throws -> Value {
    Value(name: graph.add("Reshape", [input.name, try graph.integers([-1] + shape)]), shape: shape, dtype: input.dtype)
  }

  func permuted(_ layer: Layer, _ input: Value) throws -> Value {
    guard let axes = layer.configuration["axes"]?.integers else { throw unsupported(layer) }
    let name = graph.add("Transpose", [input.name], [("perm", .integers([0] + axes.filter { $0 != 0 }))])
    return Value(name: name, shape: try outputShape(layer, input), dtype: input.dtype)
  }

  func repeated(_ layer: Layer, _ input: Value) throws -> Value {
    let shape = try outputShape(layer, input)
    let column = graph.add("Unsqueeze", [float(input).name, try graph.integers([1])])
    return Value(name: graph.add("Expand", [column, try graph.integers([1, shape[0], 1])]), shape: shape)
  }

  func timeDistributed(_ layer: Layer, _ input: Value) throws -> Value {
    guard let inner = layer.children.first?.layer else { throw unsupported(layer) }
    let flat = try reshaped(float(input), to: Array(input.shape.dropFirst()))
    let result = try emit(inner, flat)
    return try reshaped(result, to: [input.shape[0]] + result.shape)
  }

  func embedding(_ layer: Layer, _ input: Value) throws -> Value {
    guard !flag(layer, "mask_zero") else { throw unsupported(layer, "ONNX has no masks that travel with a value") }
    let table = try weight(layer, "embeddings")
    let words = graph.add("Cast", [input.name], [("to", .integer(7))])
    let name = graph.add("Gather", [try graph.tensor(table), words], [("axis", .integer(0))])
    return Value(name: name, shape: input.shape + [table.shape[1]])
  }

  func positionalEncoding(_ layer: Layer, _ input: Value) throws -> Value {
    // What the layer adds is what it makes of zeros.
    let pattern: Tensor = try layer(Tensor.zeros([1] + input.shape))
    return Value(name: graph.add("Add", [float(input).name, try graph.tensor(pattern)]), shape: input.shape)
  }

  // MARK: Normalisation

  /// The scale and shift of the running statistics, computed in float64.
  func batchNorm(_ layer: Layer, _ input: Value) throws -> Value {
    let epsilon = number(layer, "epsilon") ?? 1e-3
    let mean = try weight(layer, "moving_mean").doubles()
    let variance = try weight(layer, "moving_variance").doubles()
    let gamma = try optionalWeight(layer, "gamma")?.doubles()
    let beta = try optionalWeight(layer, "beta")?.doubles()
    let scale = variance.indices.map { (gamma?[$0] ?? 1) / (variance[$0] + epsilon).squareRoot() }
    let shift = mean.indices.map { (beta?[$0] ?? 0) - mean[$0] * scale[$0] }
    let scaled = graph.add("Mul", [float(input).name, try graph.floats(scale, [scale.count])])
    return Value(name: graph.add("Add", [scaled, try graph.floats(shift, [shift.count])]), shape: input.shape)
  }

  func layerNorm(_ layer: Layer, _ input: Value, epsilon: Double? = nil) throws -> Value {
    let width = input.shape.last ?? 1
    let gamma = try optionalWeight(layer, "gamma") ?? Tensor.ones([width])
    var inputs = [float(input).name, try graph.tensor(gamma)]
    if let beta = optionalWeight(layer, "beta") { inputs.append(try graph.tensor(beta)) }
    let name = graph.add(
      "LayerNormalization", inputs,
      [("axis", .integer(-1)), ("epsilon", .float(epsilon ?? number(layer, "epsilon") ?? 1e-3))])
    return Value(name: name, shape: input.shape)
  }

  func groupNorm(_ layer: Layer, _ input: Value) throws -> Value {
    let channels = input.shape.last ?? 1
    let groups = number(layer, "groups").flatMap { Int(exactly: $0) } ?? 32
    let places = input.shape.dropLast().reduce(1, *)
    let x = try reshaped(float(input), to: [places, groups, channels / groups]).name
    let axes: [(name: String, value: OnnxGraph.Attribute)] = [("axes", .integers([1, 3])), ("keepdims", .integer(1))]
    let centred = graph.add("Sub", [x, graph.add("ReduceMean", [x], axes)])
    let variance = graph.add("ReduceMean", [graph.add("Mul", [centred, centred])], axes)
    let epsilon = try graph.floats([number(layer, "epsilon") ?? 1e-3], [])
    let divided = graph.add("Div", [centred, graph.add("Sqrt", [graph.add("Add", [variance, epsilon])])])
    var result = try reshaped(Value(name: divided, shape: []), to: input.shape)
    if let gamma = optionalWeight(layer, "gamma") {
      result.name = graph.add("Mul", [result.name, try graph.tensor(gamma)])
    }
    if let beta = optionalWeight(layer, "beta") {
      result.name = graph.add("Add", [result.name, try graph.tensor(beta)])
    }
    return result
  }

  func rmsNorm(_ layer: Layer, _ input: Value) throws -> Value {
    let x = float(input).name
    let mean = graph.add(
      "ReduceMean", [graph.add("Mul", [x, x])], [("axes", .integers([-1])), ("keepdims", .integer(1))])
    let epsilon = try graph.floats([number(layer, "epsilon") ?? 1e-6], [])
    var name = graph.add("Div", [x, graph.add("Sqrt", [graph.add("Add", [mean, epsilon])])])
    if let scale = optionalWeight(layer, "scale") { name = graph.add("Mul", [name, try graph.tensor(scale)]) }
    return Value(name: name, shape: input.shape)
  }
}
