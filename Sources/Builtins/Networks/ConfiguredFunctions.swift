import Interpreter
import NeuralNetworks
import Tensors

private typealias NetworkCatalogue = NeuralNetworks.Catalogue

/// Activations and losses: functions of tensors, and, without tensors, the function with other settings.
func registerConfiguredFunctions(_ catalogue: inout Catalogue) {
  for descriptor in NetworkCatalogue.activations {
    catalogue.add(
      descriptor.name, "(x = none" + descriptor.laterParameters, .activations,
      descriptor.documentation.text(descriptor.parameters), example: descriptor.documentation.example
    ) { a, c in
      let activation = try descriptor.make([], settings(&a, descriptor.parameters, from: 1, c))
      if a.isNone(0) { return .function(configured(activation)) }
      return try activated(activation, a.tensor(0))
    }
  }
  for descriptor in NetworkCatalogue.losses {
    catalogue.add(
      descriptor.name, "(prediction = none, target = none, weights = none" + descriptor.laterParameters, .losses,
      descriptor.documentation.text(descriptor.parameters), example: descriptor.documentation.example
    ) { a, c in
      let loss = try descriptor.make([], settings(&a, descriptor.parameters, from: 3, c))
      if a.isNone(0), a.isNone(1), a.isNone(2) { return .function(configured(loss)) }
      if a.isNone(0) || a.isNone(1) {
        throw RuntimeError(
          .type, "`\(descriptor.name)` compares two tensors, and `\(a.isNone(0) ? "prediction" : "target")` is missing",
          hint: "the signature is \(a.signature.fullText)")
      }
      return .result(try loss(a.tensor(0), a.tensor(1), weights: a.optionalTensor(2)))
    }
  }
}

extension Descriptor {
  /// The parameters as they follow others in a signature.
  fileprivate var laterParameters: String { parameters.isEmpty ? ")" : ", " + signatureText.dropFirst() }
}

private func activated(_ activation: Activation, _ x: Tensor) throws -> Value {
  let y = try activation(x)
  return .result(y)
}

/// `leaky_relu(alpha: 0.2)`: an activation with a setting of its own, as a function.
private func configured(_ activation: Activation) -> FunctionValue {
  let name = activation.configuration.sourceText
  let signature = Signature(function: name, text: "(x)")
  return HostFunction(name, signature: signature, payload: Payload(activation)) { arguments, _ in
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    return try activated(activation, bound.tensor(0))
  }
}

/// `huber(delta: 2)`: a loss with a setting of its own, as a function.
private func configured(_ loss: Loss) -> FunctionValue {
  let name = loss.configuration.sourceText
  let signature = Signature(function: name, text: "(prediction, target, weights = none)")
  return HostFunction(name, signature: signature, payload: Payload(loss)) { arguments, _ in
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    return .result(try loss(bound.tensor(0), bound.tensor(1), weights: bound.optionalTensor(2)))
  }
}

/// What a function of the host was made from.
final class Payload<Content> {
  let content: Content
  init(_ content: Content) { self.content = content }
}

/// The activation that a function is: a built-in one, or one with its own settings.
func activation(of function: FunctionValue) -> Activation? {
  if let builtin = function as? BuiltinFunction {
    return try? NetworkCatalogue.activations.first { $0.name == builtin.builtin.name }?.make()
  }
  return ((function as? HostFunction)?.payload as? Payload<Activation>)?.content
}

/// The loss that a value stands for.
/// - Throws: a type error for what is no function.
func loss(_ value: Value, _ context: CallContext) throws -> Loss {
  guard case .function(let function) = value else {
    throw RuntimeError(
      .type, "a loss is a function of (prediction, target), and this is \(value.kindText)",
      hint: "write the function itself: loss: mse")
  }
  if let builtin = function as? BuiltinFunction,
    let descriptor = NetworkCatalogue.losses.first(where: { $0.name == builtin.builtin.name })
  {
    return try descriptor.make()
  }
  if let payload = (function as? HostFunction)?.payload as? Payload<Loss> { return payload.content }
  return Loss(tensorFunction(value, name: function.name, context))
}
