import Interpreter
import NeuralNetworks
import Tensors
import Training

/// A layer or model as a value of the language. It has identity: a second name is the same layer.
final class LayerObject: ObjectValue {
  let layer: Layer
  /// Its calls in use, once it is built.
  private var forward: ForwardPass?

  init(_ layer: Layer) { self.layer = layer }

  override var typeName: String { "layer" }
  override var isCallable: Bool { true }
  override func isEqual(to other: ObjectValue) -> Bool { (other as? LayerObject)?.layer === layer }
  override func text(_ style: DisplayStyle) -> String { layer.sourceText }

  // MARK: Calls

  /// `net(x, training: false)`: a tensor, a list of them for several inputs, or symbolic ones, which make a graph.
  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    var inputs = Array(arguments.positional)
    var isTraining = false
    for (name, value) in arguments.named {
      switch name {
      case "training":
        guard let flag = value.asBool else {
          throw RuntimeError(.type, "`training` is true or false, and this is \(value.kindText)")
        }
        isTraining = flag
      case "x": inputs.append(value)
      default:
        throw RuntimeError(
          .type, "a layer takes its input and `training`, and got `\(name)`", hint: "write net(x, training: true)")
      }
    }
    if inputs.count == 1, case .list(let list) = inputs[0], list.items.contains(where: \.isTensorLike) {
      inputs = Array(list.items)
    }
    if inputs.contains(where: \.isSymbolic) { return try SymbolicObject.apply(layer, to: inputs) }
    let tensors = try inputs.map { try layerInput($0) }
    let outputs = try isTraining ? layer(tensors, LayerContext(isTraining: true)) : inUse(tensors)
    return outputs.count == 1 ? .tensor(outputs[0]) : .items(outputs.map { .tensor($0) })
  }

  /// The layer in use. Calls with the same shapes again and again run as a program, unless a function of the user's own is
  /// part of the layer: it may print, or read what changes.
  private func inUse(_ tensors: [Tensor]) throws -> [Tensor] {
    if forward == nil, layer.isBuilt, CompiledFunction.functions(in: layer).isEmpty { forward = ForwardPass(layer) }
    return try forward?(tensors) ?? layer(tensors, LayerContext())
  }

  private func layerInput(_ value: Value) throws -> Tensor {
    let tensor: Tensor
    switch value {
    case .tensor(let given): tensor = given
    case .number, .list, .range: tensor = try tensorFromValue(value, of: "a layer")
    default:
      throw RuntimeError(.type, "the layer \(layer.sourceText) wants a tensor, and got \(value.kindText)")
    }
    return LayerObject.isDryRun ? Tensor(abstract: tensor.spec) : tensor
  }

  /// While true, calls make parameters and compute nothing.
  nonisolated(unsafe) private static var isDryRun = false

  // MARK: Members

  override var memberNames: [String] { ["layers", "name", "params", "trainable"] }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "layers": .items(layer.layers.map { .object(LayerObject($0)) })
    case "params": .fields(layer.parameters.map { ($0.path, .tensor($0.parameter.value)) })
    case "trainable": .bool(layer.isTrainable)
    case "name": layer.name.map { .text($0) } ?? Value.none
    default: nil
    }
  }

  override func setMember(_ name: String, _ value: Value, _ context: CallContext) throws -> Bool {
    switch name {
    case "trainable":
      guard let flag = value.asBool else {
        throw RuntimeError(.type, "`trainable` is true or false, and this is \(value.kindText)")
      }
      layer.isTrainable = flag
    case "name":
      guard case .string(let text) = value else {
        throw RuntimeError(.type, "a layer's `name` is a string, and this is \(value.kindText)")
      }
      layer.name = text.text
    default: return false
    }
    return true
  }

  /// `net[0]` and `net["dense_1"]`: a part by its place or its name.
  override func index(_ parts: [IndexValue], _ context: CallContext) throws -> Value? {
    guard parts.count == 1, case .value(let value) = parts[0] else { return nil }
    let layers = layer.layers
    switch value {
    case .string(let text):
      let named = layer.namedParts
      if let part = named.first(where: { $0.name == text.text }) { return .object(LayerObject(part.layer)) }
      let names = named.map(\.name)
      throw RuntimeError(
        .name, "there is no layer named \"\(text.text)\" in this model",
        hint: didYouMean(text.text, among: names) ?? "its layers are \(names.prefix(12).joined(separator: ", "))")
    default:
      guard let number = value.asNumber, let written = Int(exactly: number) else { return nil }
      let position = written < 0 ? written + layers.count : written
      guard layers.indices.contains(position) else {
        throw RuntimeError(
          .index, "there is no layer \(written): this one has \(Wording.counted(layers.count, "part"))")
      }
      return .object(LayerObject(layers[position]))
    }
  }

  // MARK: Operators

  /// `layer >> layer`, `layer >> relu`, `f >> layer`.
  override func binary(
    _ operation: ObjectOperator, left: Value, right: Value, _ context: CallContext
  ) throws -> Value? {
    guard operation == .compose else { return nil }
    guard let first = try layerFromValue(left, context), let second = try layerFromValue(right, context) else {
      return nil
    }
    return .object(LayerObject(Sequential(first, second)))
  }
}

extension LayerObject: DifferentiableObject {
  var objectValue: ObjectValue { self }
  var isBuilt: Bool { layer.isBuilt }

  func differentiableTensors() throws -> [(name: String, tensor: Tensor)] {
    layer.trainableParameters.map { ($0.path, $0.parameter.value) }
  }

  func withTensors<Result>(_ tensors: [Tensor], _ body: () throws -> Result) throws -> Result {
    try Parameter.withStandIns(layer.trainableParameters.map(\.parameter), tensors, body).result
  }

  func whileBuilding(_ body: () throws -> Void) throws {
    let before = LayerObject.isDryRun
    LayerObject.isDryRun = true
    defer { LayerObject.isDryRun = before }
    try body()
  }
}

/// The layer that a value stands for in a chain: a layer, an activation, what makes a layer without being told anything
/// (`>> flatten` is `>> flatten()`), or any other function.
func layerFromValue(_ value: Value, _ context: CallContext) throws -> Layer? {
  switch value {
  case .object(let object): return (object as? LayerObject)?.layer
  case .function(let function):
    if let activation = activation(of: function) { return ActivationLayer(activation) }
    if let made = try layer(madeBy: function) { return made }
    return Lambda(tensorFunction(value, name: function.name, context))
  default: return nil
  }
}

/// The layer of a constructor that needs no arguments; nil for other functions.
private func layer(madeBy function: FunctionValue) throws -> Layer? {
  guard function is BuiltinFunction, let name = function.name,
    let descriptor = NeuralNetworks.Catalogue.layers.first(where: { $0.name == name })
  else { return nil }
  if let needed = descriptor.parameters.first(where: { $0.isRest || $0.defaultValue == nil }) {
    throw RuntimeError(
      .type, "`\(name)` makes a layer, and needs `\(needed.name)`",
      hint: "write `\(name)(…)`: \(needed.kind.expectation)")
  }
  return try descriptor.make()
}

extension Value {
  /// True for what may be one of a layer's several inputs.
  var isTensorLike: Bool {
    switch self {
    case .tensor, .list: true
    case .object(let object): object is SymbolicObject
    default: false
    }
  }
}
