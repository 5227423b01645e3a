import Tensors

/// Writes the structure of layers, losses, optimizers … as plain data.
///
/// A layer met twice is written once and named the second time, so that sharing survives.
public final class StructureWriter {
  private var numbers: [ObjectIdentifier: Int] = [:]
  /// Layers kept alive while their identities are keys.
  private var met: [Layer] = []

  public init() {}

  /// The structure of a layer and its parts, with the input specs it was built for.
  /// - Throws: a value error naming a part that only the running program knows: a function of its own.
  public func write(_ layer: Layer) throws -> ConfigValue {
    if let number = numbers[ObjectIdentifier(layer)] { return .record([.init("same", .number(Double(number)))]) }
    let number = numbers.count
    numbers[ObjectIdentifier(layer)] = number
    met.append(layer)
    var fields: [ConfigValue.Field] = [
      .init("layer", .text(layer.configuration.name)), .init("number", .number(Double(number))),
    ]
    if let name = layer.name { fields.append(.init("name", .text(name))) }
    switch layer {
    case let chain as Sequential: fields.append(.init("parts", .list(try chain.parts.map { try write($0) })))
    case let model as GraphModel: fields += try write(model)
    case is CustomLayer:
      throw layer.failure(.value, "cannot be written to a file: its functions belong to the program")
    default:
      do {
        let settings = layer.configuration.settings.filter { $0.name != "name" && $0.name != "trainable" }
        fields.append(.init("settings", .record(try settings.map { .init($0.name, try write($0.value)) })))
      } catch let error as LayerFailure {
        throw layer.failure(error.kind, error.message, hint: error.hint)
      }
    }
    if !layer.isTrainable { fields.append(.init("trainable", .flag(false))) }
    if let specs = layer.builtSpecs {
      fields.append(
        .init(
          "inputs",
          .list(
            specs.map {
              .record([.init("shape", .sizes(Array($0.shape.dropFirst()))), .init("dtype", .text($0.dtype.name))])
            })))
    }
    return .record(fields)
  }

  /// The call that makes a loss, optimizer, schedule, initializer, regularizer or activation.
  public func write(_ configuration: Configuration) throws -> ConfigValue {
    .record([
      .init("make", .text(configuration.name)),
      .init("settings", .record(try configuration.settings.map { .init($0.name, try write($0.value)) })),
    ])
  }

  private func write(_ setting: Setting) throws -> ConfigValue {
    switch setting {
    case .none: .none
    case .flag(let flag): .flag(flag)
    case .number(let number): number.isFinite ? .number(number) : .text(String(describing: number))
    case .text(let text): .text(text)
    case .list(let items): .list(try items.map { try write($0) })
    case .record(let fields): .record(try fields.map { .init($0.name, try write($0.value)) })
    case .activation(let item): try write(item.configuration)
    case .initializer(let item): try write(item.configuration)
    case .regularizer(let item): try write(item.configuration)
    case .schedule(let item): try write(item.configuration)
    case .layer(let layer): try write(layer)
    case .function, .tensor:
      throw LayerFailure(
        .value, "cannot be written to a file: it holds a function of the program",
        hint: "save the weights alone, and make the layer in the program that loads them")
    }
  }

  private func write(_ model: GraphModel) throws -> [ConfigValue.Field] {
    var places: [ObjectIdentifier: Int] = [:]
    let reference = { (symbol: SymbolicTensor) -> ConfigValue in
      .list([.number(Double(places[ObjectIdentifier(symbol.node)] ?? 0)), .number(Double(symbol.position))])
    }
    var nodes: [ConfigValue] = []
    for node in model.nodes {
      var fields: [ConfigValue.Field] = []
      switch node.work {
      case .input(let shape, let dtype, let name):
        fields = [.init("input", .sizes(shape)), .init("dtype", .text(dtype.name))]
        if let name { fields.append(.init("name", .text(name))) }
      case .layer(let layer): fields = [.init("call", try write(layer))]
      case .function(let function):
        guard let arguments = function.arguments else {
          throw model.failure(
            .value, "cannot be written to a file: \(function.name) was given a function of the program")
        }
        fields = [.init("function", .text(function.name)), .init("arguments", arguments)]
      }
      fields.append(.init("from", .list(node.inputs.map(reference))))
      places[ObjectIdentifier(node)] = nodes.count
      nodes.append(.record(fields))
    }
    return [
      .init("nodes", .list(nodes)), .init("model_inputs", .list(model.inputs.map(reference))),
      .init("model_outputs", .list(model.outputs.map(reference))),
    ]
  }
}
