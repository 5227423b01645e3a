import Interpreter
import NeuralNetworks
import Tensors

/// The argument of a constructor that a value stands for.
func setting(_ value: Value, for kind: ArgumentKind, _ context: CallContext) throws -> Setting {
  switch value {
  case .none: return .none
  case .bool(let flag): return .flag(flag)
  case .number(let number): return .number(number)
  case .string(let text): return .text(text.text)
  case .tensor(let tensor): return value.asNumber.map { .number($0) } ?? .tensor(tensor)
  case .list(let list): return .list(try list.items.map { try setting($0, for: kind, context) })
  case .range(let range): return .list(try range.elements().map { try setting($0, for: kind, context) })
  case .record(let record):
    return .record(try zip(record.names, record.values).map { ($0, try setting($1, for: kind, context)) })
  case .function(let function):
    if let activation = activation(of: function) { return .activation(activation) }
    if let name = function.name, function is BuiltinFunction, isConstructor(name) {
      throw RuntimeError(.type, "`\(name)` is a constructor: an argument is what it makes", hint: "write \(name)()")
    }
    let wrapped = tensorFunction(value, name: function.name, context)
    switch kind {
    case .rate: return .schedule(schedule(from: value, wrapped, context))
    case .initializer: return .initializer(initializer(from: value, wrapped, context))
    default: return .function(wrapped)
    }
  case .object(let object):
    if let layer = object as? LayerObject { return .layer(layer.layer) }
    if let setting = object as? SettingObject { return setting.setting }
    throw RuntimeError(.type, "a constructor cannot use \(value.kindText) as an argument")
  }
}

/// A function of the language as one of tensors.
func tensorFunction(_ value: Value, name: String?, _ context: CallContext) -> TensorFunction {
  TensorFunction(name: name, payload: ValueBox(value)) { inputs in
    let result = try context.call(value, CallArguments(positional: ContiguousArray(inputs.map { .tensor($0) })))
    return try tensors(in: result, of: name ?? "the function")
  }
}

/// A value that the library holds without looking inside.
final class ValueBox {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// One tensor, or the tensors of a list.
func tensors(in value: Value, of function: String) throws -> [Tensor] {
  if case .list(let list) = value, !list.items.isEmpty, list.items.allSatisfy(\.isTensorLike) {
    return try list.items.map { try tensorFromValue($0, of: function) }
  }
  return [try tensorFromValue(value, of: function)]
}

/// True for what makes initializers, regularizers and schedules, which a program may forget to call.
private func isConstructor(_ name: String) -> Bool {
  typealias Library = NeuralNetworks.Catalogue
  return Library.initializers.contains { $0.name == name } || Library.regularizers.contains { $0.name == name }
    || Library.schedules.contains { $0.name == name }
}

/// An initializer that a program wrote: a function from a shape to a tensor.
private func initializer(from value: Value, _ function: TensorFunction, _ context: CallContext) -> Initializer {
  var initializer = Initializer { shape, _ in
    let result = try context.call(value, .items(shape.map { .number(Double($0)) }))
    return try tensorFromValue(result, of: "an initializer")
  }
  initializer.configuration = Configuration("function", settings: [("function", .function(function))])
  return initializer
}

/// A schedule that a program wrote: a function of the step.
private func schedule(from value: Value, _ function: TensorFunction, _ context: CallContext) -> Schedule {
  Schedule(function) { step in
    let result = try context.call(value, .number(step))
    guard let rate = result.asNumber else {
      throw TensorError(
        .type, "a schedule gives a number, and this one gave \(result.kindText) at step \(NumberText.short(step))")
    }
    return rate
  }
}

/// An object that is an argument of constructors: an initializer, a regularizer, a schedule.
protocol SettingObject: AnyObject {
  var setting: Setting { get }
}
