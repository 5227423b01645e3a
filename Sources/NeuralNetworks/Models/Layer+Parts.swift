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
    try result.adopt(from: self)
    return result
  }

  /// Builds like another layer of the same structure, and takes its weights and what is frozen.
  private func adopt(from other: Layer) throws {
    if let specs = other.builtSpecs {
      let inputs = specs.map { Tensor(abstract: Spec($0.dtype, $0.shape)) }
      _ = try self(inputs)
    }
    for (own, given) in zip(parameters, other.parameters) where own.path == given.path {
      try own.parameter.set(given.parameter.value, path: own.path)
    }
    copyFreezing(from: other)
  }

  private func copyFreezing(from other: Layer) {
    if children.isEmpty || !ownParameters.isEmpty { isTrainable = other.isTrainable }
    for (own, given) in zip(children, other.children) { own.layer.copyFreezing(from: given.layer) }
  }
}
