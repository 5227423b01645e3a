import Interpreter
import NeuralNetworks
import Tensors

/// An initializer: called with a shape, it makes a tensor.
final class InitializerObject: ObjectValue, SettingObject {
  let initializer: Initializer
  init(_ initializer: Initializer) { self.initializer = initializer }

  var setting: Setting { .initializer(initializer) }
  override var typeName: String { "initializer" }
  override func text(_ style: DisplayStyle) -> String { initializer.configuration.sourceText }
  override var isCallable: Bool { true }

  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    let signature = Signature(function: initializer.configuration.name, text: "(...shape)")
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    return .tensor(try initializer(bound.shape(0)))
  }
}

/// A regularizer: called with a tensor, it gives the penalty.
final class RegularizerObject: ObjectValue, SettingObject {
  let regularizer: Regularizer
  init(_ regularizer: Regularizer) { self.regularizer = regularizer }

  var setting: Setting { .regularizer(regularizer) }
  override var typeName: String { "regularizer" }
  override func text(_ style: DisplayStyle) -> String { regularizer.configuration.sourceText }
  override var isCallable: Bool { true }

  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    let signature = Signature(function: regularizer.configuration.name, text: "(x)")
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    return .result(try regularizer(bound.tensor(0)))
  }
}

/// A schedule: called with a step, it gives the rate.
final class ScheduleObject: ObjectValue, SettingObject {
  let schedule: Schedule
  init(_ schedule: Schedule) { self.schedule = schedule }

  var setting: Setting { .schedule(schedule) }
  override var typeName: String { "schedule" }
  override func text(_ style: DisplayStyle) -> String { schedule.configuration.sourceText }
  override var isCallable: Bool { true }

  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    let signature = Signature(function: schedule.configuration.name, text: "(step)")
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    if case .tensor(let tensor) = bound[0], tensor.rank > 0 {
      let rates = try tensor.doubles().map { try schedule($0) }
      return .tensor(try Tensor(rates, shape: tensor.shape, dtype: tensor.dtype == .float64 ? .float64 : .float32))
    }
    return .number(try schedule(bound.number(0)))
  }
}

/// An optimizer: it remembers what it has seen of each parameter, so it has identity.
final class OptimizerObject: ObjectValue {
  let optimizer: Optimizer
  init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  override var typeName: String { "optimizer" }
  override func text(_ style: DisplayStyle) -> String { optimizer.configuration.sourceText }
  override func isEqual(to other: ObjectValue) -> Bool { (other as? OptimizerObject)?.optimizer === optimizer }
  override var memberNames: [String] { ["average", "rate", "steps"] }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "rate": .number(try optimizer.rate(Double(optimizer.stepCount)))
    case "steps": .number(Double(optimizer.stepCount))
    case "average": averages
    default: nil
    }
  }

  /// What `ema` keeps of the values of `step(opt, values, grads)`, by name; the tensor itself for a lone one.
  private var averages: Value {
    let averages = optimizer.averages()
    if averages.isEmpty { return .none }
    if averages.count == 1, averages[0].name == "x" { return .tensor(averages[0].value) }
    return .fields(averages.map { ($0.name, .tensor($0.value)) })
  }

  /// `opt.rate = 0.001` goes on with another rate or schedule.
  override func setMember(_ name: String, _ value: Value, _ context: CallContext) throws -> Bool {
    guard name == "rate" else { return false }
    switch ArgumentKind.rate.settled(try setting(value, for: .rate, context)) {
    case .number(let rate)?: optimizer.rate = .constant(rate)
    case .schedule(let schedule)?: optimizer.rate = schedule
    default: throw RuntimeError(.type, "a rate is \(ArgumentKind.rate.expectation), and this is \(shortText(value))")
    }
    return true
  }
}
