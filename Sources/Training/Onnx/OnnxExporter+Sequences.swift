import NeuralNetworks
import Tensors

extension OnnxExporter {
  func recurrent(_ layer: Layer, _ input: Value, isBackward: Bool = false) throws -> Value {
    let kernel = try weight(layer, "kernel")
    let recurrent = try weight(layer, "recurrent_kernel")
    let units = recurrent.shape[0]
    let kind = layer.configuration.name
    // Order of the gates: ours i f c o, ONNX's i o f c; z r h both; one otherwise.
    let order = kind == "lstm" ? [0, 3, 1, 2] : kind == "gru" ? [0, 1, 2] : [0]
    func gates(_ matrix: Tensor) throws -> Tensor {
      let parts = try matrix.split(sizes: [Int](repeating: units, count: order.count), axis: -1)
      return try Tensor.concat(order.map { parts[$0] }, axis: -1)
    }
    let w = try gates(kernel).transpose([1, 0]).reshape([1, order.count * units, kernel.shape[0]])
    let r = try gates(recurrent).transpose([1, 0]).reshape([1, order.count * units, units])
    let steps = graph.add("Transpose", [float(input).name], [("perm", .integers([1, 0, 2]))])
    var inputs = [steps, try graph.tensor(w), try graph.tensor(r)]
    if let bias = optionalWeight(layer, "bias") {
      let rows: [Tensor] =
        kind == "gru"
        ? try bias.split(sizes: [1, 1], axis: 0).map { try gates($0).reshape([order.count * units]) }
        : [try gates(bias), try Tensor.zeros([order.count * units])]
      inputs.append(try graph.tensor(Tensor.concat(rows, axis: 0).reshape([1, 2 * order.count * units])))
    }
    var attributes: [(name: String, value: OnnxGraph.Attribute)] = [
      ("hidden_size", .integer(units)), ("direction", .text(isBackward ? "reverse" : "forward")),
      ("activations", .texts(try activations(layer, kind))),
    ]
    if kind == "gru" { attributes.append(("linear_before_reset", .integer(1))) }
    let operation = kind == "lstm" ? "LSTM" : kind == "gru" ? "GRU" : "RNN"
    let results = graph.add(operation, inputs, attributes, outputs: 2)
    if flag(layer, "return_sequences") {
      let sequence = graph.add("Squeeze", [results[0], try graph.integers([1])])
      let name = graph.add("Transpose", [sequence], [("perm", .integers([1, 0, 2]))])
      return Value(name: name, shape: [input.shape[0], units])
    }
    return Value(name: graph.add("Squeeze", [results[1], try graph.integers([0])]), shape: [units])
  }

  private func activations(_ layer: Layer, _ kind: String) throws -> [String] {
    func name(_ setting: String) throws -> String {
      guard case .activation(let activation)? = layer.configuration[setting] else { return "Tanh" }
      switch activation.configuration.name {
      case "tanh": return "Tanh"
      case "sigmoid": return "Sigmoid"
      case "relu" where activation.configuration["max"].map { if case .none = $0 { true } else { false } } ?? true:
        return "Relu"
      case "softsign": return "Softsign"
      case "softplus": return "Softplus"
      default: throw unsupported(layer, "its activation \(activation.configuration.name) has no ONNX form there")
      }
    }
    switch kind {
    case "lstm": return [try name("recurrent_activation"), try name("activation"), try name("activation")]
    case "gru": return [try name("recurrent_activation"), try name("activation")]
    default: return [try name("activation")]
    }
  }

  func bidirectional(_ layer: Layer, _ input: Value) throws -> Value {
    let ahead = try recurrent(part(layer, "forward"), input)
    let back = try recurrent(part(layer, "backward"), input, isBackward: true)
    return try merged([ahead, back], text(layer, "merge") ?? "concat", layer)
  }

  /// - Parameter isCausal: where the layer's own setting does not say it.
  func attention(_ layer: Layer, _ inputs: [Value], isCausal: Bool = false) throws -> Value {
    let (query, key, value) = inputs.count == 3 ? (inputs[0], inputs[1], inputs[2]) : (inputs[0], inputs[0], inputs[0])
    let kernel = try weight(layer, "query.kernel")
    let (heads, dim) = (kernel.shape[1], kernel.shape[2])
    /// Projects to heads, with the axes (batch, steps, head, dim) in another order.
    func headed(_ x: Value, _ prefix: String, _ axes: [Int]) throws -> String {
      let kernel = try weight(layer, "\(prefix).kernel")
      let (heads, dim) = (kernel.shape[1], kernel.shape[2])
      var name = graph.add(
        "MatMul", [float(x).name, try graph.tensor(kernel.reshape([kernel.shape[0], heads * dim]))])
      if let bias = optionalWeight(layer, "\(prefix).bias") {
        name = graph.add("Add", [name, try graph.tensor(bias.reshape([heads * dim]))])
      }
      let split = try reshaped(Value(name: name, shape: []), to: [x.shape[0], heads, dim])
      return graph.add("Transpose", [split.name], [("perm", .integers(axes))])
    }
    let q = try headed(query, "query", [0, 2, 1, 3])
    let k = try headed(key, "key", [0, 2, 3, 1])
    let v = try headed(value, "value", [0, 2, 1, 3])
    var scores = graph.add("Mul", [graph.add("MatMul", [q, k]), try graph.floats([1 / Double(dim).squareRoot()], [])])
    if isCausal || flag(layer, "causal") {
      let (rows, columns) = (query.shape[0], key.shape[0])
      let mask = (0..<rows * columns).map { $0 % columns > $0 / columns ? -1e9 : 0 }
      scores = graph.add("Add", [scores, try graph.floats(mask, [rows, columns])])
    }
    let weights = graph.add("Softmax", [scores], [("axis", .integer(-1))])
    let gathered = graph.add("Transpose", [graph.add("MatMul", [weights, v])], [("perm", .integers([0, 2, 1, 3]))])
    let valueDim = try weight(layer, "value.kernel").shape[2]
    let flat = try reshaped(Value(name: gathered, shape: []), to: [query.shape[0], heads * valueDim])
    let output = try weight(layer, "output.kernel")
    let width = output.shape[2]
    var name = graph.add("MatMul", [flat.name, try graph.tensor(output.reshape([heads * valueDim, width]))])
    if let bias = optionalWeight(layer, "output.bias") {
      name = graph.add("Add", [name, try graph.tensor(bias.reshape([width]))])
    }
    return Value(name: name, shape: [query.shape[0], width])
  }

  func transformerBlock(_ layer: Layer, _ input: Value) throws -> Value {
    let epsilon = number(layer, "epsilon")
    let x = float(input)
    func normed(_ value: Value, _ prefix: String) throws -> Value {
      try layerNorm(part(layer, prefix), value, epsilon: epsilon)
    }
    func attended(_ value: Value) throws -> Value {
      try attention(part(layer, "attention"), [value], isCausal: flag(layer, "causal"))
    }
    func transformed(_ value: Value) throws -> Value {
      try dense(part(layer, "dense2"), dense(part(layer, "dense1"), value))
    }
    func sum(_ a: Value, _ b: Value) -> Value {
      Value(name: graph.add("Add", [a.name, b.name]), shape: a.shape)
    }
    if flag(layer, "norm_first") {
      let h = sum(x, try attended(normed(x, "norm1")))
      return sum(h, try transformed(normed(h, "norm2")))
    }
    let h = try normed(sum(x, try attended(x)), "norm1")
    return try normed(sum(h, try transformed(h)), "norm2")
  }
}
