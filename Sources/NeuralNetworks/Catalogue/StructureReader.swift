import Tensors

/// Makes layers, losses, optimizers … of what `StructureWriter` wrote. The data may come from anywhere: every mistake in
/// them is an error.
public final class StructureReader {
  /// Finds a built-in function of a functional model by name.
  public typealias FunctionResolver = (_ name: String, _ arguments: ConfigValue) throws -> GraphFunction

  private let resolve: FunctionResolver?
  private var made: [Int: Layer] = [:]
  private var depth = 0

  public init(functions resolve: FunctionResolver? = nil) { self.resolve = resolve }

  private func damaged(_ what: String) -> TensorError {
    TensorError(.value, "the structure in the file is damaged: \(what)")
  }

  /// A layer with its weights' shapes in place (their values are new).
  public func layer(_ config: ConfigValue) throws -> Layer {
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw damaged("its layers are nested too deeply") }
    if let same = config["same"]?.numberValue {
      guard let layer = Int(exactly: same).flatMap({ made[$0] }) else { throw damaged("a shared layer is missing") }
      return layer
    }
    guard let kind = config["layer"]?.textValue else { throw damaged("a layer has no kind") }
    let layer: Layer
    switch kind {
    case "chain":
      guard let parts = config["parts"]?.items, !parts.isEmpty else { throw damaged("a chain has no parts") }
      layer = Sequential(try parts.map { try self.layer($0) })
    case "model": layer = try model(config)
    default:
      guard let descriptor = Catalogue.layers.first(where: { $0.name == kind }) else {
        throw damaged("there is no layer `\(kind)`")
      }
      layer = try descriptor.make([], try settings(config["settings"]))
    }
    if let name = config["name"]?.textValue { layer.name = name }
    if let number = config["number"]?.numberValue.flatMap({ Int(exactly: $0) }) { made[number] = layer }
    if let inputs = config["inputs"]?.items, depth == 1 || layer.children.isEmpty {
      let tensors = try inputs.map { input -> Tensor in
        guard let sizes = input["shape"]?.sizes,
          let dtype = DType.allCases.first(where: { $0.name == input["dtype"]?.textValue })
        else { throw damaged("a layer's input has no shape") }
        let shape = [Layer.symbolicBatch] + sizes
        _ = try Limits.checkedCount(shape, dtype)
        return Tensor(abstract: Spec(dtype, shape))
      }
      // The first weights are overwritten by the file's: their draws must not move the session's random numbers.
      let state = Generator.shared.state
      defer { Generator.shared.state = state }
      _ = try layer(tensors)
    }
    if case .flag(false)? = config["trainable"] { layer.isTrainable = false }
    return layer
  }

  private func model(_ config: ConfigValue) throws -> GraphModel {
    guard let nodes = config["nodes"]?.items else { throw damaged("a model has no steps") }
    var results: [[SymbolicTensor]] = []
    func symbols(_ references: ConfigValue?) throws -> [SymbolicTensor] {
      guard let items = references?.items else { throw damaged("a model's step has no inputs") }
      return try items.map { item in
        guard let pair = item.sizes, pair.count == 2, pair[0] < results.count, pair[1] < results[pair[0]].count else {
          throw damaged("a model's step refers to one that is not there")
        }
        return results[pair[0]][pair[1]]
      }
    }
    for node in nodes {
      if let shape = node["input"]?.sizes {
        guard let dtype = DType.allCases.first(where: { $0.name == node["dtype"]?.textValue }) else {
          throw damaged("an input has no dtype")
        }
        results.append([try SymbolicTensor.input(shape, dtype: dtype, name: node["name"]?.textValue)])
      } else if let call = node["call"] {
        results.append(try SymbolicTensor.apply(layer(call), symbols(node["from"])))
      } else if let name = node["function"]?.textValue, let resolve {
        results.append(try SymbolicTensor.apply(resolve(name, node["arguments"] ?? .none), symbols(node["from"])))
      } else {
        throw damaged("a model's step is of no known kind")
      }
    }
    return try GraphModel(inputs: symbols(config["model_inputs"]), outputs: symbols(config["model_outputs"]))
  }

  /// A loss, from its call.
  public func loss(_ config: ConfigValue) throws -> Loss { try make(config, Catalogue.losses) }
  /// An optimizer without its memory, from its call.
  public func optimizer(_ config: ConfigValue) throws -> Optimizer { try make(config, Catalogue.optimizers) }

  private func make<Product>(_ config: ConfigValue, _ family: [Descriptor<Product>]) throws -> Product {
    guard let name = config["make"]?.textValue, let descriptor = family.first(where: { $0.name == name }) else {
      throw damaged("there is no such constructor")
    }
    return try descriptor.make([], try settings(config["settings"]))
  }

  private func settings(_ config: ConfigValue?) throws -> [(name: String, value: Setting)] {
    guard case .record(let fields)? = config else { return [] }
    return try fields.map { ($0.name, try setting($0.value)) }
  }

  private func setting(_ config: ConfigValue) throws -> Setting {
    switch config {
    case .none: return .none
    case .flag(let flag): return .flag(flag)
    case .number(let number): return .number(number)
    case .text(let text):
      return text == "inf" || text == "-inf" ? .number(text == "inf" ? .infinity : -.infinity) : .text(text)
    case .list(let items): return .list(try items.map { try setting($0) })
    case .record:
      if config["layer"] != nil || config["same"] != nil { return .layer(try layer(config)) }
      guard let name = config["make"]?.textValue else { throw damaged("a setting is of no known kind") }
      if name == "constant", let rate = config["settings"]?["rate"]?.numberValue { return .number(rate) }
      if Catalogue.activations.contains(where: { $0.name == name }) {
        return .activation(try make(config, Catalogue.activations))
      }
      if Catalogue.initializers.contains(where: { $0.name == name }) {
        return .initializer(try make(config, Catalogue.initializers))
      }
      if Catalogue.regularizers.contains(where: { $0.name == name }) {
        return .regularizer(try make(config, Catalogue.regularizers))
      }
      if Catalogue.schedules.contains(where: { $0.name == name }) {
        return .schedule(try make(config, Catalogue.schedules))
      }
      throw damaged("there is no `\(name)`")
    }
  }
}
