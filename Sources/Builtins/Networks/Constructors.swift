import Diagnostics
import Interpreter
import NeuralNetworks
import Tensors

private typealias NetworkCatalogue = NeuralNetworks.Catalogue

/// Layers, optimizers, schedules, initializers and regularizers: one built-in for each descriptor of the library.
func registerConstructors(_ catalogue: inout Catalogue) {
  for descriptor in NetworkCatalogue.layers where descriptor.name != "activation" {
    if descriptor.name == "flatten" {
      addFlatten(descriptor, &catalogue)
    } else {
      catalogue.add(descriptor, .layers) { layer, context in
        layer.origin = context.placeText
        return .object(LayerObject(layer))
      }
    }
  }
  for descriptor in NetworkCatalogue.optimizers {
    catalogue.add(descriptor, .optimizers) { made, _ in .object(OptimizerObject(made)) }
  }
  for descriptor in NetworkCatalogue.schedules {
    catalogue.add(descriptor, .schedules) { made, _ in .object(ScheduleObject(made)) }
  }
  for descriptor in NetworkCatalogue.initializers {
    catalogue.add(descriptor, .initializers) { made, _ in .object(InitializerObject(made)) }
  }
  for descriptor in NetworkCatalogue.regularizers {
    catalogue.add(descriptor, .regularizers) { made, _ in .object(RegularizerObject(made)) }
  }
}

/// `flatten(x)` makes a tensor of rank 1; `flatten()` is the layer, which keeps the rows apart.
private func addFlatten(_ descriptor: Descriptor<Layer>, _ catalogue: inout Catalogue) {
  catalogue.add(
    "flatten", "(x = none, \(descriptor.signatureText.dropFirst())", .layers,
    "\(descriptor.documentation.text(descriptor.parameters))\n\nWith a tensor, `flatten(x)` gives its elements as one of rank 1.",
    example: "flatten([1, 2; 3, 4])  # [1, 2, 3, 4]  # 4"
  ) { a, c in
    if a.isNone(0) {
      return .object(LayerObject(try descriptor.make([], settings(&a, descriptor.parameters, from: 1, c))))
    }
    if a[0].isSymbolic { return try SymbolicObject.apply(descriptor.make(), to: [a[0]]) }
    return .tensor(try a.tensor(0).flatten())
  }
}

extension Catalogue {
  /// A constructor from its descriptor. `leading` parameters stand before the descriptor's own.
  mutating func add<Product>(
    _ descriptor: Descriptor<Product>, _ family: Family, value: @escaping (Product, CallContext) -> Value
  ) {
    add(
      descriptor.name, descriptor.signatureText, family, descriptor.documentation.text(descriptor.parameters),
      example: descriptor.documentation.example
    ) { a, c in
      value(try descriptor.make([], settings(&a, descriptor.parameters, from: 0, c)), c)
    }
  }
}

extension CallContext {
  /// `digits.glia:14`, where the program called the running built-in; nil for what is no file.
  fileprivate var placeText: String? {
    guard let place = callSite, !place.source.name.hasPrefix("<") else { return nil }
    return "\(place.source.name):\(place.source.position(of: place.span.start).line)"
  }
}

/// The bound arguments as settings by name; those that were not given are left to the constructor's defaults.
func settings(
  _ a: inout BoundArguments, _ parameters: [ParameterDescription], from start: Int, _ context: CallContext
) throws -> [(name: String, value: Setting)] {
  var settings: [(name: String, value: Setting)] = []
  for (index, parameter) in parameters.enumerated() {
    let value = a[start + index]
    if value.isNone {
      // Where the default is a number, none was written: `adamw(weight_decay: none)`.
      if case .optional = parameter.kind, case .number? = parameter.defaultValue {
        settings.append((parameter.name, .none))
      }
      continue
    }
    if parameter.isRest, case .list(let list) = value, list.items.isEmpty { continue }
    settings.append((parameter.name, try setting(value, for: parameter.kind, context)))
  }
  return settings
}

extension Documentation {
  /// What `help` shows, with what the parameters may be.
  func text(_ parameters: [ParameterDescription]) -> String {
    var text = summary
    for (title, part) in [("", details), ("Formula: ", formula), ("Shapes: ", shapes)] where !part.isEmpty {
      text += "\n\n\(title)\(title.isEmpty ? part : "`\(part)`")"
    }
    if !parameters.isEmpty {
      text += "\n"
      for parameter in parameters {
        let meaning = parameter.meaning.isEmpty ? "" : ": " + parameter.meaning
        text += "\n- `\(parameter.name)`\(meaning) (\(parameter.kind.expectation))"
      }
    }
    return source.isEmpty ? text : text + "\n\nSource: \(source)"
  }
}
