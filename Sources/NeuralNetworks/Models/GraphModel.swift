import Tensors

/// A model of steps between inputs and outputs: branches, several inputs and outputs, shared layers.
public final class GraphModel: Layer {
  public let inputs: [SymbolicTensor]
  public let outputs: [SymbolicTensor]
  /// Every step that the outputs need, in an order of computing.
  public let nodes: [GraphNode]
  /// Layers, each once, with unique names.
  public let layersByName: [(name: String, layer: Layer)]

  /// - Throws: a value error where an output needs an input that is not given, or an input leads to no output.
  public init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) throws {
    self.inputs = inputs
    self.outputs = outputs
    nodes = GraphModel.reached(from: outputs).sorted { $0.number < $1.number }
    var layers: [Layer] = []
    let given = Set(inputs.map { ObjectIdentifier($0.node) })
    for node in nodes {
      switch node.work {
      case .input(let shape, _, _):
        guard given.contains(ObjectIdentifier(node)) else {
          throw TensorError(
            .value, "the model's output needs an input of shape \(shape.shapeText) that is not among its inputs",
            hint: "list every input: model((a, b), y)")
        }
      case .layer(let layer): if !layers.contains(where: { $0 === layer }) { layers.append(layer) }
      case .function: break
      }
    }
    guard !inputs.isEmpty, !outputs.isEmpty else {
      throw TensorError(.value, "a model has at least one input and one output")
    }
    let used = Set(nodes.map(ObjectIdentifier.init))
    for (position, input) in inputs.enumerated() {
      guard case .input = input.node.work else {
        throw TensorError(.value, "input \(position) of the model is a result, not an input(…)")
      }
      guard used.contains(ObjectIdentifier(input.node)) else {
        throw TensorError(.value, "input \(position) of the model leads to none of its outputs")
      }
    }
    layersByName = Array(zip(Sequential.names(of: layers), layers))
    super.init()
    configuration = Configuration("model")
  }

  private static func reached(from outputs: [SymbolicTensor]) -> [GraphNode] {
    var result: [GraphNode] = []
    var seen: Set<ObjectIdentifier> = []
    var waiting = outputs.map(\.node)
    while let node = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      result.append(node)
      waiting += node.inputs.map(\.node)
    }
    return result
  }

  public override var children: [(prefix: String, layer: Layer)] { layersByName.map { ($0.name, $0.layer) } }
  public override var inputCount: ClosedRange<Int> { inputs.count...inputs.count }

  public override func check(_ specs: [Spec]) throws {
    for (position, (input, spec)) in zip(inputs, specs).enumerated() {
      guard Array(spec.shape.dropFirst()) == input.sampleShape, spec.rank > 0 else {
        let which = inputs.count == 1 ? "inputs" : "input \(position)"
        throw LayerFailure(
          .shape,
          "wants \(which) of shape \(ShapeWords.batched([Layer.symbolicBatch] + input.sampleShape)), and got \(ShapeWords.described(spec))"
        )
      }
    }
    if let first = specs.first, let other = specs.first(where: { $0.shape.first != first.shape.first }) {
      throw LayerFailure(
        .shape,
        "wants inputs with the same number of rows, and got \(first.shape.first ?? 0) and \(other.shape.first ?? 0)")
    }
  }

  public override func forward(_ tensors: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    var values: [ObjectIdentifier: [Tensor]] = [:]
    for (input, tensor) in zip(inputs, tensors) { values[ObjectIdentifier(input.node)] = [tensor] }
    let names = Dictionary(
      layersByName.map { (ObjectIdentifier($0.layer), $0.name) }, uniquingKeysWith: { first, _ in first })
    for node in nodes {
      let given = node.inputs.compactMap { values[ObjectIdentifier($0.node)]?[$0.position] }
      switch node.work {
      case .input: continue
      case .layer(let layer):
        let name = names[ObjectIdentifier(layer)] ?? ""
        values[ObjectIdentifier(node)] = try context.enter(name) { try layer(given, context) }
      case .function(let function):
        do {
          values[ObjectIdentifier(node)] = try function.body(given)
        } catch let error as TensorError {
          throw LayerFailure(error.kind, "failed in \(function.name): \(error.message)", hint: error.hint)
        }
      }
    }
    return outputs.compactMap { values[ObjectIdentifier($0.node)]?[$0.position] }
  }

  public override func copied(_ copy: (Layer) throws -> Layer) throws -> Layer {
    var made: [ObjectIdentifier: [SymbolicTensor]] = [:]
    for node in nodes {
      let given = node.inputs.compactMap { made[ObjectIdentifier($0.node)]?[$0.position] }
      switch node.work {
      case .input(let shape, let dtype, let name):
        made[ObjectIdentifier(node)] = [try SymbolicTensor.input(shape, dtype: dtype, name: name)]
      case .layer(let layer): made[ObjectIdentifier(node)] = try SymbolicTensor.apply(copy(layer), given)
      case .function(let function): made[ObjectIdentifier(node)] = try SymbolicTensor.apply(function, given)
      }
    }
    let find = { (symbols: [SymbolicTensor]) in symbols.compactMap { made[ObjectIdentifier($0.node)]?[$0.position] } }
    return try GraphModel(inputs: find(inputs), outputs: find(outputs))
  }

  public override var sourceText: String {
    "model with \(layersByName.count) layer\(layersByName.count == 1 ? "" : "s")"
  }
}
