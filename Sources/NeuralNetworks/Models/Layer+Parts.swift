import Tensors

extension Sequential {
  /// Unique names of layers within a model: the given ones, else `dense`, `dense_1`, … in order.
  static func names(of layers: [Layer]) -> [String] {
    var taken = Set(layers.compactMap(\.name))
    var seen: Set<String> = []
    return layers.map { layer in
      if let name = layer.name, seen.insert(name).inserted { return name }
      let base = layer.name ?? layer.kindName
      var (name, number) = (base, 0)
      while taken.contains(name) {
        number += 1
        name = "\(base)_\(number)"
      }
      taken.insert(name)
      return name
    }
  }
}

extension Layer {
  /// The constructor's name: `dense`, `relu`, `chain`.
  public var kindName: String {
    (self as? ActivationLayer)?.activation.configuration.name ?? configuration.name
  }

  /// The layers that `net.layers` gives: the parts of a chain or model, of any other layer its own parts or itself.
  public var layers: [Layer] {
    switch self {
    case let chain as Sequential: chain.parts
    case let model as GraphModel: model.layersByName.map(\.layer)
    default: [self]
    }
  }

  /// The parts with the names that `net["dense_1"]` and `summary` use.
  public var namedParts: [(name: String, layer: Layer)] {
    if let model = self as? GraphModel { return model.layersByName }
    let layers = layers
    return Array(zip(Sequential.names(of: layers), layers))
  }

  /// A part by its name.
  public func part(named name: String) -> Layer? { namedParts.first { $0.name == name }?.layer }

  /// A layer of the same structure with its own weights: equal ones where this layer is built.
  /// - Throws: a value error for a layer that cannot be copied.
  public func clone() throws -> Layer {
    var copies: [ObjectIdentifier: Layer] = [:]
    func copy(_ layer: Layer) throws -> Layer {
      if let known = copies[ObjectIdentifier(layer)] { return known }
      let result = try layer.copied(copy)
      result.name = layer.name
      result.origin = layer.origin
      copies[ObjectIdentifier(layer)] = result
      return result
    }
    let result = try copy(self)
    // What the copy draws for its first weights is overwritten, and must not move the session's random numbers.
    let state = Generator.shared.state
    defer { Generator.shared.state = state }
    try result.adopt(from: self)
    result.copyFreezing(from: self)
    return result
  }

  /// Builds each layer for the inputs that the other was built for, and takes its values.
  private func adopt(from other: Layer) throws {
    if let specs = other.builtSpecs { try prepare(specs) }
    for (own, given) in zip(ownParameters, other.ownParameters) { try own.set(given.value) }
    for (own, given) in zip(children, other.children) { try own.layer.adopt(from: given.layer) }
  }

  private func copyFreezing(from other: Layer) {
    if children.isEmpty || !ownParameters.isEmpty { isTrainable = other.isTrainable }
    for (own, given) in zip(children, other.children) { own.layer.copyFreezing(from: given.layer) }
  }
}
