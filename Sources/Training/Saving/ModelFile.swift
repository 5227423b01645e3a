import FileFormats
import NeuralNetworks
import Tensors

/// A model in a safetensors file: its weights under their paths, its structure as JSON in the metadata, and, where asked
/// for, the state of an optimizer under `optimizer.…`.
public enum ModelFile {
  /// Writes a model, whole or not at all.
  /// - Parameter optimizer: its settings, step count and memory are kept too.
  /// - Throws: a value error that names a layer made of the program's functions; an io error.
  public static func save(_ model: Layer, to path: String, optimizer: Optimizer? = nil) throws {
    var description = JSON.Fields()
    description["kind"] = "model"
    description["version"] = .number(Double(SealedFile.version))
    description["model"] = try structure(of: model)
    var items = try weights(of: model, prefix: "")
    if let optimizer {
      description["optimizer"] = try OptimizerCoding.encode(optimizer)
      items += try OptimizerCoding.items(optimizer, model)
    }
    let file = SealedFile(description: .object(description), items: items)
    try withFiles(path) { try AtomicFile.write(file.bytes(), to: path) }
  }

  /// Reads a model, and the optimizer that was saved with it.
  /// - Throws: an io error where the file is missing, damaged, or holds no model of Glia.
  public static func load(_ path: String) throws -> (model: Layer, optimizer: Optimizer?) {
    try withFiles(path) {
      guard let file = try SealedFile(reading: FileReader.bytes(of: path)), let structure = file.description["model"]
      else {
        throw TensorError(
          .io, "\(path) holds weights without the structure of a model",
          hint: "build the model, then load_weights(net, \"\(path)\")")
      }
      let prefix = file.description["kind"]?.string == "checkpoint" ? Checkpoint.modelPrefix : ""
      let model = try restored(structure)
      try setWeights(of: model, from: file.arrays, prefix: prefix)
      let optimizer = try file.description["optimizer"].map { try OptimizerCoding.decode($0, file.arrays, model) }
      return (model, optimizer)
    }
  }

  /// Finds the built-in functions of functional models by name; whoever runs programs sets it.
  nonisolated(unsafe) public static var functions: StructureReader.FunctionResolver?

  /// The structure of a model, with the specs of its inputs where it is built.
  static func structure(of model: Layer) throws -> JSON { JSON(try StructureWriter().write(model)) }

  /// The model of a structure, with new weights. The session's random numbers are not used up.
  static func restored(_ structure: JSON) throws -> Layer {
    let random = Generator.shared.state
    defer { Generator.shared.state = random }
    do {
      return try StructureReader(functions: functions).layer(structure.configValue)
    } catch is AbstractDataError {
      throw damaged("one of its layers looks at values")
    }
  }

  /// The parameters of a model as arrays of a file.
  static func weights(of model: Layer, prefix: String) throws -> [Safetensors.Item] {
    try model.parameters.map { Safetensors.Item(name: prefix + $0.path, array: try $0.parameter.value.rawArray()) }
  }

  /// Takes every parameter of a model from a file.
  static func setWeights(of model: Layer, from arrays: [String: RawArray], prefix: String) throws {
    var values: [(path: String, value: Tensor)] = []
    for entry in model.parameters {
      guard let array = arrays[prefix + entry.path] else { throw damaged("the weight `\(entry.path)` is missing") }
      guard array.shape == entry.parameter.shape else {
        throw damaged(
          "the weight `\(entry.path)` has shape \(array.shape.shapeText) instead of \(entry.parameter.shape.shapeText)")
      }
      values.append((entry.path, try Tensor(array)))
    }
    try model.setParameters(values)
  }

  static func damaged(_ reason: String) -> FormatError { .damaged(format: "model", reason: reason) }
}

/// An optimizer in a file.
enum OptimizerCoding {
  static func encode(_ optimizer: Optimizer) throws -> JSON {
    [
      "configuration": JSON(try StructureWriter().write(optimizer.configuration)),
      "steps": .number(Double(optimizer.stepCount)),
    ]
  }

  private static func name(_ path: String, _ slot: String) -> String { "optimizer.\(path).\(slot)" }

  static func items(_ optimizer: Optimizer, _ model: Layer) throws -> [Safetensors.Item] {
    var items: [Safetensors.Item] = []
    for (entry, slots) in zip(model.trainableParameters, try optimizer.slots(of: model)) {
      for (slot, tensor) in zip(optimizer.slotNames, slots) {
        items.append(Safetensors.Item(name: name(entry.path, slot), array: try tensor.rawArray()))
      }
    }
    return items
  }

  static func decode(_ json: JSON, _ arrays: [String: RawArray], _ model: Layer) throws -> Optimizer {
    guard let description = json["configuration"], let steps = json["steps"]?.integer, steps >= 0 else {
      throw ModelFile.damaged("the optimizer lacks its settings or step count")
    }
    let optimizer = try StructureReader().optimizer(description.configValue)
    try restore(optimizer, steps: steps, arrays, model)
    return optimizer
  }

  /// Gives an optimizer the memory that a file holds for a model's trainable weights.
  static func restore(_ optimizer: Optimizer, steps: Int, _ arrays: [String: RawArray], _ model: Layer) throws {
    let slots = try model.trainableParameters.map { entry in
      try optimizer.slotNames.map { slot -> Tensor in
        guard let array = arrays[name(entry.path, slot)], array.shape == entry.parameter.shape else {
          throw ModelFile.damaged("the optimizer's `\(slot)` of `\(entry.path)` is missing or has another shape")
        }
        return try Tensor(array)
      }
    }
    optimizer.restore(slots, of: model, stepCount: steps)
  }
}
