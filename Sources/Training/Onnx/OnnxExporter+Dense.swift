import NeuralNetworks
import Tensors

extension OnnxExporter {
  func chain(_ layer: Layer, _ inputs: [Value]) throws -> [Value] {
    var values = inputs
    for child in layer.children { values = try emit(child.layer, values) }
    return values
  }

  func dense(_ layer: Layer, _ input: Value) throws -> Value {
    let kernel = try weight(layer, "kernel")
    var name = graph.add("MatMul", [float(input).name, try graph.tensor(kernel)])
    if let bias = optionalWeight(layer, "bias") { name = graph.add("Add", [name, try graph.tensor(bias)]) }
    let result = Value(name: name, shape: input.shape.dropLast() + [kernel.shape[1]])
    return try activated(result, layer.configuration["activation"], layer)
  }

  func prelu(_ layer: Layer, _ input: Value) throws -> Value {
    let alpha = try weight(layer, "alpha")
    let slopes = try graph.tensor(alpha.reshape([1] + alpha.shape))
    return Value(name: graph.add("PRelu", [float(input).name, slopes]), shape: input.shape)
  }

  /// Applies an activation.
  func activated(_ input: Value, _ setting: Setting?, _ layer: Layer) throws -> Value {
    guard case .activation(let activation)? = setting else { return input }
    let x = float(input)
    return Value(name: try applied(x.name, activation.configuration, x.shape.count + 1, layer), shape: x.shape)
  }

  /// An activation on a value of a rank, whose features are on the last axis.
  private func applied(_ x: String, _ configuration: Configuration, _ rank: Int, _ layer: Layer) throws -> String {
    func setting(_ name: String, _ otherwise: Double) -> Double {
      if case .number(let number)? = configuration[name] { return number }
      return otherwise
    }
    switch configuration.name {
    case "linear": return x
    case "relu":
      let positive = graph.add("Relu", [x])
      guard case .number(let limit)? = configuration["max"] else { return positive }
      return graph.add("Min", [positive, try graph.floats([limit], [])])
    case "leaky_relu": return graph.add("LeakyRelu", [x], [("alpha", .float(setting("alpha", 0.01)))])
    case "elu": return graph.add("Elu", [x], [("alpha", .float(setting("alpha", 1)))])
    case "selu":
      return graph.add("Selu", [x], [("alpha", .float(1.6732632423543772)), ("gamma", .float(1.0507009873554805))])
    case "sigmoid": return graph.add("Sigmoid", [x])
    case "tanh": return graph.add("Tanh", [x])
    case "softplus": return graph.add("Softplus", [x])
    case "softsign": return graph.add("Softsign", [x])
    case "exponential": return graph.add("Exp", [x])
    case "swish": return graph.add("Mul", [x, graph.add("Sigmoid", [x])])
    case "mish": return graph.add("Mul", [x, graph.add("Tanh", [graph.add("Softplus", [x])])])
    case "hard_sigmoid": return graph.add("HardSigmoid", [x], [("alpha", .float(1.0 / 6)), ("beta", .float(0.5))])
    case "gelu":
      var isApproximate = false
      if case .flag(true)? = configuration["approximate"] { isApproximate = true }
      return try gelu(x, isApproximate: isApproximate)
    case "softmax", "log_softmax":
      let axis = Int(exactly: setting("axis", -1)) ?? -1
      return graph.add(configuration.name == "softmax" ? "Softmax" : "LogSoftmax", [x], [("axis", .integer(axis))])
    case "binary_step", "sign_step":
      // 0 belongs to the upper class of the one and to the lower class of the other.
      let isSign = configuration.name == "sign_step"
      let above = graph.add(isSign ? "Greater" : "GreaterOrEqual", [x, try graph.floats([0], [])])
      let step = graph.add("Cast", [above], [("to", .integer(1))])
      guard isSign else { return step }
      return graph.add("Sub", [graph.add("Mul", [step, try graph.floats([2], [])]), try graph.floats([1], [])])
    default: throw unsupported(layer, "its activation \(configuration.name) has no ONNX form")
    }
  }

  private func gelu(_ x: String, isApproximate: Bool) throws -> String {
    let half = try graph.floats([0.5], [])
    let one = try graph.floats([1], [])
    let inner: String
    if isApproximate {
      let cube = graph.add("Mul", [graph.add("Mul", [x, x]), x])
      let sum = graph.add("Add", [x, graph.add("Mul", [cube, try graph.floats([0.044715], [])])])
      inner = graph.add("Tanh", [graph.add("Mul", [sum, try graph.floats([0.7978845608028654], [])])])
    } else {
      inner = graph.add("Erf", [graph.add("Mul", [x, try graph.floats([0.7071067811865476], [])])])
    }
    return graph.add("Mul", [graph.add("Mul", [x, half]), graph.add("Add", [inner, one])])
  }

  // MARK: Joining

  func merged(_ inputs: [Value], _ how: String, _ layer: Layer) throws -> Value {
    guard let first = inputs.first else { throw unsupported(layer) }
    if how == "concat" || how == "concatenate" {
      let axis = number(layer, "axis").flatMap { Int(exactly: $0) } ?? -1
      return try concatenated(inputs, axis: axis)
    }
    var name = first.name
    for input in inputs.dropFirst() { name = graph.add(how == "multiply" ? "Mul" : "Add", [name, input.name]) }
    if how == "average" { name = graph.add("Div", [name, try graph.floats([Double(inputs.count)], [])]) }
    return Value(name: name, shape: first.shape)
  }

  /// - Parameter axis: counts the batch axis.
  func concatenated(_ inputs: [Value], axis: Int) throws -> Value {
    var shape = inputs[0].shape
    let place = axis < 0 ? shape.count + axis : axis - 1
    guard shape.indices.contains(place) else {
      throw TensorError(.value, "concatenation along the batch axis cannot be written as ONNX")
    }
    shape[place] = inputs.reduce(0) { $0 + $1.shape[place] }
    return Value(
      name: graph.add("Concat", inputs.map { float($0).name }, [("axis", .integer(place + 1))]), shape: shape)
  }

  func residual(_ layer: Layer, _ input: Value) throws -> Value {
    let result = try emit(part(layer, "layer"), input)
    let way = try layer.children.first { $0.prefix == "shortcut" }.map { try emit($0.layer, input) } ?? float(input)
    return Value(name: graph.add("Add", [result.name, way.name]), shape: result.shape)
  }

  func parallel(_ layer: Layer, _ input: Value) throws -> Value {
    var results: [Value] = []
    for child in layer.children { results.append(try emit(child.layer, input)) }
    return try merged(results, text(layer, "merge") ?? "concat", layer)
  }
}

// MARK: - Functional models

extension OnnxExporter {
  func functional(_ layer: Layer, _ inputs: [Value]) throws -> [Value] {
    guard let model = layer as? GraphModel else { throw unsupported(layer) }
    var values: [ObjectIdentifier: [Value]] = [:]
    for (symbol, input) in zip(model.inputs, inputs) { values[ObjectIdentifier(symbol.node)] = [input] }
    for node in model.nodes {
      let given = node.inputs.compactMap { values[ObjectIdentifier($0.node)]?[$0.position] }
      switch node.work {
      case .input: continue
      case .layer(let part): values[ObjectIdentifier(node)] = try emit(part, given)
      case .function(let function): values[ObjectIdentifier(node)] = [try self.function(function, given)]
      }
    }
    return model.outputs.compactMap { values[ObjectIdentifier($0.node)]?[$0.position] }
  }

  /// A built-in function of a functional model.
  private func function(_ function: GraphFunction, _ inputs: [Value]) throws -> Value {
    let names = ["+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "maximum": "Max", "minimum": "Min"]
    if let operation = names[function.name], inputs.count == 2, inputs[0].shape == inputs[1].shape {
      return Value(name: graph.add(operation, inputs.map { float($0).name }), shape: inputs[0].shape)
    }
    if let descriptor = Catalogue.activations.first(where: { $0.name == function.name }), inputs.count == 1 {
      return try activated(inputs[0], .activation(descriptor.make()), ActivationLayer(descriptor.make()))
    }
    if function.name == "concat", !inputs.isEmpty {
      var axis = -1.0
      if case .number(let number)? = function.arguments?["axis"] { axis = number }
      return try concatenated(inputs, axis: Int(exactly: axis) ?? -1)
    }
    throw TensorError(.value, "the function \(function.name) of the model cannot be written as ONNX")
  }
}
