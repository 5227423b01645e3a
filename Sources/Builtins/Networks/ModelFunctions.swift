import Interpreter
import NeuralNetworks
import Tensors

/// What is done with layers and models.
func registerModels(_ catalogue: inout Catalogue) {
  catalogue.add(
    "build", "(net, ...shape)", .models,
    """
    Makes the weights of a layer for samples of a shape (without the batch axis), and gives the layer.

    Layers learn their input size when first used; `build` does it without data. Several inputs take a list of shapes.
    """, example: "count_params(build(dense(5) >> dense(2), 3))  # 32"
  ) { a, _ in
    let net = try a.layer(0)
    let parts = try a.items(1)
    if parts.count == 1, case .list(let shapes) = parts[0],
      shapes.items.contains(where: { if case .list = $0 { true } else { false } })
    {
      try net.build(samples: shapes.items.map { try sampleShape($0, of: "build") })
    } else {
      try net.build(samples: [a.shape(1)])
    }
    return .object(LayerObject(net))
  }

  catalogue.add(
    "count_params", "(net)", .models, "The number of single weights and states of a layer; shared ones count once.",
    example: "count_params(build(dense(2), 3))  # 8"
  ) { a, _ in .number(Double(try a.layer(0).parameterCount)) }

  catalogue.add(
    "summary", "(net)", .models,
    """
    A table of the layers of a model: name, layer, the shape of a sample it gives, parameters, trainable ones; then totals.

    Shapes and counts are known once the model has seen an input size: `build(net, shape)`.
    """, example: "summary(build(dense(5) >> dense(2), 3)).parameters  # [20, 12, 32]  # 3"
  ) { a, _ in try summaryTable(a.layer(0)) }

  catalogue.add(
    "clone", "(net)", .models, "A layer of the same structure with weights of its own, equal to the first one's.",
    example: "equal(clone(build(dense(2), 3)).params, build(dense(2), 3).params)  # false"
  ) { a, _ in .object(LayerObject(try a.layer(0).clone())) }

  catalogue.add(
    "weights", "(net)", .models, "The weights of a layer as a record from path to tensor: what `net.params` is.",
    example: "keys(weights(build(dense(2), 3)))  # (\"kernel\", \"bias\")"
  ) { a, _ in .fields(try a.layer(0).parameters.map { ($0.path, .tensor($0.parameter.value)) }) }

  catalogue.add(
    "set_weights", "(net, weights)", .models,
    "Sets some or all weights of a layer from a record from path to tensor; nothing is set unless all fit.",
    example: """
      let net = build(dense(1), 1)
      set_weights(net, {kernel: [[2]], bias: [1]})
      net([[3]])  # [[7]]  # 1×1
      """
  ) { a, _ in
    let record = try a.record(1)
    let values = try zip(record.names, record.values).map {
      (path: $0, value: try tensorFromValue($1, of: "set_weights"))
    }
    try a.layer(0).setParameters(values)
    return .none
  }

  catalogue.add(
    "step", "(optimizer, target, gradients)", .training,
    """
    One update by an optimizer: `step(opt, net, grads)` changes a layer's weights, `step(opt, values, grads)` gives new
    values for a tensor, number, list or record.

    The gradients have the form that `grad` gives them. In a training loop call the model as `net(x, training: true)`, so
    that dropout draws and batch normalisation sees the batch. An optimizer counts its steps and keeps its memory for one
    target: two networks, or two values, have one each.
    """, example: "step(sgd(0.1), [1, 2], [10, 0])  # [0, 2]  # 2"
  ) { a, _ in
    let optimizer = try a.object(0, OptimizerObject.self, wanted: "an optimizer such as adam()").optimizer
    if case .object(let object as LayerObject) = a[1] {
      try optimizer.step(object.layer, gradients: layerGradients(object.layer, a[2]))
      return .none
    }
    let target = try Differentiable(a[1], of: "step")
    let gradients = try Differentiable(a[2], of: "step")
    guard target.names == gradients.names else {
      throw RuntimeError(
        .value, "`step` wants gradients of the form of the values: \(target.names.joined(separator: ", "))")
    }
    let values = try optimizer.step(
      Array(zip(target.names, target.variables)).map { (name: $0.0, value: $0.1) }, gradients: gradients.variables)
    return target.gradient(from: values)
  }

  catalogue.add(
    "layer", "(init = none, call, output_shape = none)", .layers,
    """
    A constructor of layers from two functions: `init: shape -> {w: …}` makes the weights for a sample's shape (without the
    batch axis), `call: (p, x) -> …` computes the result for a batch from the weights and the input.

    `output_shape: shape -> shape`, where given, is checked against what `call` gives. `()` makes a layer:
    `let scale = layer(init: shape -> {f: ones(shape[-1])}, call: (p, x) -> x * p.f)`, then `dense(3) >> scale()`.
    """,
    example: """
      let scale = layer(init: shape -> {f: full((shape[-1],), 3)}, call: (p, x) -> x * p.f)
      scale()([[1, 2]])  # [[3, 6]]  # 1×2
      """
  ) { a, c in try customLayer(&a, c) }
}

/// A shape given as a list or a number.
func sampleShape(_ value: Value, of function: String) throws -> Shape {
  try BoundArguments(signature: Signature(function: function, text: "(shape)"), values: [value]).shape(0)
}

/// The gradients of a layer's trainable parameters, from a record by path.
private func layerGradients(_ layer: Layer, _ value: Value) throws -> [Tensor] {
  guard case .record(let record) = value else {
    throw RuntimeError(
      .type, "`step` of a layer wants a record of gradients, as `grad` gives it, and got \(value.kindText)",
      hint: "let (l, g) = value_and_grad(m -> loss(m(x), y))(net)")
  }
  let parameters = layer.trainableParameters
  for name in record.names where !parameters.contains(where: { $0.path == name }) {
    throw RuntimeError(
      .name, "the layer has no trainable weight `\(name)`", hint: didYouMean(name, among: parameters.map(\.path)))
  }
  return try parameters.map { entry in
    guard let gradient = record[entry.path] else {
      throw RuntimeError(.value, "`step` lacks the gradient of `\(entry.path)`")
    }
    return try tensorFromValue(gradient, of: "step")
  }
}

/// `layer(init:, call:)`.
private func customLayer(_ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  let initialize = try a.optionalCallable(0)
  let call = try a.callable(1)
  let outputShape = try a.optionalCallable(2)
  let signature = Signature(function: "layer", text: "(name = none, trainable = true)")
  return .function(
    HostFunction("layer", signature: signature) { arguments, _ in
      let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
      let layer = CustomLayer(
        payload: ValueBox(call),
        initialize: initialize.map { function in
          { shape in
            guard case .record(let record) = try context.call(function, .shape(shape)) else {
              throw TensorError(.type, "`init` of a layer gives a record of tensors: shape -> {w: …}")
            }
            return try zip(record.names, record.values).map { ($0, try tensorFromValue($1, of: "init")) }
          }
        },
        compute: { weights, inputs, _ in
          let record = Value.fields(weights.map { ($0.name, .tensor($0.value)) })
          let x: Value = inputs.count == 1 ? .tensor(inputs[0]) : .items(inputs.map { .tensor($0) })
          return try tensors(in: context.call(call, record, x), of: "call")
        },
        outputShape: outputShape.map { function in
          { shape in try sampleShape(context.call(function, .shape(shape)), of: "output_shape") }
        })
      layer.name = try bound.optionalString(0)
      layer.isTrainable = try bound.boolean(1)
      return .object(LayerObject(layer))
    })
}

/// `summary(net)`: a row for each layer, and the totals.
private func summaryTable(_ net: Layer) throws -> Value {
  let summary = net.summary()
  func shapes(_ row: SummaryRow) -> String {
    row.outputShapes.map { $0.map(\.shapeText).joined(separator: ", ") } ?? "?"
  }
  let hasBranches = summary.rows.contains { !$0.inputs.isEmpty }
  var columns: [(String, [Value])] = [
    ("name", summary.rows.map { .text($0.name) }), ("layer", summary.rows.map { .text($0.layer) }),
    ("output", summary.rows.map { .text(shapes($0)) }),
    ("parameters", summary.rows.map { .number(Double($0.parameterCount)) }),
    ("trainable", summary.rows.map { .number(Double($0.trainableCount)) }),
  ]
  if hasBranches {
    columns.insert(("from", summary.rows.map { .text($0.inputs.joined(separator: ", ")) }), at: 2)
  }
  let totals: [String: Value] = [
    "name": .text("total"), "parameters": .number(Double(summary.parameterCount)),
    "trainable": .number(Double(summary.trainableCount)),
  ]
  for index in columns.indices {
    columns[index].1.append(
      totals[columns[index].0] ?? .text(columns[index].0 == "output" && !summary.isBuilt ? "not built" : ""))
  }
  return try makeTable(columns.map { ($0.0, .items($0.1)) })
}
