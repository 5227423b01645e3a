import FileFormats
import NeuralNetworks
import Tensors

/// Turns configurations into JSON and back: how the structure of a model stands in a file.
///
/// A layer that stands in several places is written once, with a number, and referred to by it afterwards.
struct SettingEncoder {
  private var numbers: [ObjectIdentifier: Int] = [:]

  /// - Throws: a value error that names what cannot be written: a function of the program.
  mutating func encode(_ setting: Setting) throws -> JSON {
    switch setting {
    case .none: .null
    case .flag(let flag): .bool(flag)
    case .number(let number): number.isFinite ? .number(number) : ["number": .string("\(number)")]
    case .text(let text): .string(text)
    case .list(let items): .array(try items.map { try encode($0) })
    case .record(let fields):
      ["record": .array(try fields.map { .array([.string($0.name), try encode($0.value)]) })]
    case .tensor(let tensor):
      [
        "tensor": [
          "dtype": .string(tensor.dtype.name), "shape": .array(tensor.shape.map { .number(Double($0)) }),
          "data": .array(try tensor.doubles().map { $0.isFinite ? .number($0) : .string("\($0)") }),
        ]
      ]
    case .activation(let activation): ["activation": try encode(activation.configuration)]
    case .initializer(let initializer): ["initializer": try encode(initializer.configuration)]
    case .regularizer(let regularizer): ["regularizer": try encode(regularizer.configuration)]
    case .schedule(let schedule): ["schedule": try encode(schedule.configuration)]
    case .layer(let layer): ["layer": try encode(layer)]
    case .function(let function):
      throw TensorError(
        .value,
        "\(function.name.map { "the function `\($0)`" } ?? "a function") is part of the program and cannot be saved",
        hint: "save its weights with export(weights(net), \"weights.safetensors\"), and build the model by its program")
    }
  }

  mutating func encode(_ configuration: Configuration) throws -> JSON {
    var settings = JSON.Fields()
    for (name, value) in configuration.settings { settings[name] = try encode(value) }
    return ["name": .string(configuration.name), "settings": .object(settings)]
  }

  mutating func encode(_ layer: Layer) throws -> JSON {
    if let number = numbers[ObjectIdentifier(layer)] { return ["same_as": .number(Double(number))] }
    let number = numbers.count
    numbers[ObjectIdentifier(layer)] = number
    var fields = JSON.Fields()
    fields["number"] = .number(Double(number))
    do {
      fields["configuration"] = try encode(layer.configuration)
    } catch let error as TensorError where !error.message.hasPrefix("layer ") {
      throw TensorError(error.kind, "layer \(layer.sourceText) cannot be saved: \(error.message)", hint: error.hint)
    }
    if let name = layer.name { fields["name"] = .string(name) }
    if layer.children.isEmpty, !layer.isTrainable { fields["trainable"] = false }
    return .object(fields)
  }
}

/// Makes configurations of JSON again; everything that a file may get wrong is an error.
struct SettingDecoder {
  private var layers: [Int: Layer] = [:]
  private var depth = 0

  private static func damaged(_ reason: String) -> FormatError { .damaged(format: "model", reason: reason) }

  mutating func setting(_ json: JSON) throws -> Setting {
    depth += 1
    defer { depth -= 1 }
    guard depth < 400 else { throw SettingDecoder.damaged("its parts are nested too deeply") }
    switch json {
    case .null: return .none
    case .bool(let flag): return .flag(flag)
    case .number(let number): return .number(number)
    case .string(let text): return .text(text)
    case .array(let items): return .list(try items.map { try setting($0) })
    case .object(let fields):
      guard let (kind, value) = fields.pairs.first, fields.count == 1 else {
        throw SettingDecoder.damaged("a setting has no kind")
      }
      switch kind {
      case "number":
        guard let number = value.string.flatMap(Double.init) else { throw SettingDecoder.damaged("a number is none") }
        return .number(number)
      case "record":
        return .record(
          try (value.array ?? []).map { pair in
            guard let name = pair[0]?.string, let item = pair[1] else {
              throw SettingDecoder.damaged("a record's field")
            }
            return (name, try setting(item))
          })
      case "tensor": return .tensor(try tensor(value))
      case "activation": return .activation(try made(value, Catalogue.activations))
      case "initializer": return .initializer(try made(value, Catalogue.initializers))
      case "regularizer": return .regularizer(try made(value, Catalogue.regularizers))
      case "schedule":
        if value["name"]?.string == "constant", let rate = value["settings"]?["rate"]?.number {
          return .schedule(.constant(rate))
        }
        return .schedule(try made(value, Catalogue.schedules))
      case "layer": return .layer(try layer(value))
      default: throw SettingDecoder.damaged("`\(kind.prefix(40))` is no kind of setting")
      }
    }
  }

  private func tensor(_ json: JSON) throws -> Tensor {
    guard let dtype = DType.allCases.first(where: { $0.name == json["dtype"]?.string }),
      let shape = json["shape"]?.array?.compactMap(\.integer), let data = json["data"]?.array
    else { throw SettingDecoder.damaged("a tensor lacks dtype, shape or data") }
    let values = data.compactMap { $0.number ?? $0.string.flatMap(Double.init) }
    guard values.count == data.count, try Limits.checkedCount(shape, dtype) == values.count else {
      throw SettingDecoder.damaged("a tensor's data do not fit its shape")
    }
    return try Tensor(values, shape: shape, dtype: .float64).cast(to: dtype)
  }

  mutating func configuration(_ json: JSON) throws -> Configuration {
    guard let name = json["name"]?.string, let settings = json["settings"]?.object else {
      throw SettingDecoder.damaged("a configuration lacks its name or settings")
    }
    return Configuration(name, settings: try settings.pairs.map { ($0.name, try setting($0.value)) })
  }

  /// Makes what a configuration describes.
  mutating func made<Product>(_ json: JSON, _ catalogue: [Descriptor<Product>]) throws -> Product {
    let configuration = try configuration(json)
    guard let descriptor = catalogue.first(where: { $0.name == configuration.name }) else {
      throw SettingDecoder.damaged("`\(configuration.name.prefix(40))` is not known here")
    }
    return try descriptor.make(configuration)
  }

  mutating func layer(_ json: JSON) throws -> Layer {
    if let number = json["same_as"]?.integer {
      guard let layer = layers[number] else {
        throw SettingDecoder.damaged("it refers to a layer that does not come before")
      }
      return layer
    }
    guard let number = json["number"]?.integer, let description = json["configuration"] else {
      throw SettingDecoder.damaged("a layer lacks its number or configuration")
    }
    let configuration = try configuration(description)
    let layer = try Layer.make(configuration)
    layers[number] = layer
    if let name = json["name"]?.string { layer.name = name }
    if json["trainable"]?.bool == false { layer.isTrainable = false }
    return layer
  }
}

extension Layer {
  /// Makes a layer again from what one gave as its configuration.
  static func make(_ configuration: Configuration) throws -> Layer {
    if configuration.name == "chain", case .list(let parts)? = configuration["parts"] {
      return Sequential(
        try parts.map { part in
          guard case .layer(let layer) = part else {
            throw FormatError.damaged(format: "model", reason: "a part is no layer")
          }
          return layer
        })
    }
    guard let descriptor = Catalogue.layers.first(where: { $0.name == configuration.name }) else {
      throw FormatError.damaged(
        format: "model", reason: "the layer `\(configuration.name.prefix(40))` is not known here")
    }
    return try descriptor.make(configuration)
  }
}
