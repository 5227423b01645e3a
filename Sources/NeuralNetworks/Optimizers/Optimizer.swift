import Tensors

/// Changes parameters along their gradients.
///
/// The formulas are functions (`update`): values, gradients and memory in, new values and memory out, so that a training
/// step can be traced. The object keeps the memory and counts the steps.
public final class Optimizer: Configurable {
  public var configuration: Configuration
  /// The rate as a function of the step.
  public var rate: Schedule {
    didSet {
      // What a file or a clone makes of it has the rate that is in force.
      let constant = rate.configuration.name == "constant" ? rate.configuration["rate"] : nil
      guard let place = configuration.settings.firstIndex(where: { $0.name == "rate" }) else { return }
      configuration.settings[place].value = constant ?? .schedule(rate)
      configuration.changed.insert("rate")
    }
  }
  public let options: OptimizerOptions
  let rule: any UpdateRule
  /// Updates done so far.
  public private(set) var stepCount = 0
  private var memory: [Slot: [Tensor]] = [:]

  /// Whose memory it is: a layer's parameter, or a value by its place in the call.
  private enum Slot: Hashable {
    case parameter(ObjectIdentifier)
    case position(String)
  }

  init(_ arguments: Arguments, _ rule: any UpdateRule) throws {
    configuration = Configuration(arguments.constructor)
    rate = try arguments.schedule("rate")
    options = try OptimizerOptions(arguments)
    self.rule = rule
  }

  // MARK: The functional half

  /// The names of what is remembered of each parameter.
  public var slotNames: [String] { rule.slotNames + (options.average == nil ? [] : ["average"]) }

  /// The memory of values before the first step.
  public func initialSlots(_ values: [Tensor]) throws -> [[Tensor]] {
    try values.map { value in
      try rule.initialSlots(value) + (options.average == nil ? [] : [try Tensor.zerosLike(value)])
    }
  }

  /// The rate of an update; the first is number 1.
  public func rate(atStep step: Int) throws -> Double { try rate(Double(step - 1)) }

  /// The numbers that change from step to step, for `update`: weight decay, the average's momentum, the rule's own.
  public func coefficients(atStep step: Int) throws -> [Double] {
    let rate = try rate(atStep: step)
    let momentum = step == 1 ? 0 : options.average ?? 0
    return [rate * (options.weightDecay ?? 0), momentum] + rule.coefficients(rate: rate, step: step)
  }

  /// One step for all parameters: clipping, decay, the rule, the average.
  ///
  /// - Parameters:
  ///   - slots: for each value what `initialSlots` or the last step gave.
  ///   - coefficients: those of the step, as 0-d tensors.
  public func update(
    values: [Tensor], gradients: [Tensor], slots: [[Tensor]], coefficients: [Tensor]
  ) throws -> (values: [Tensor], slots: [[Tensor]]) {
    let (decay, momentum) = (coefficients[0], coefficients[1])
    let own = Array(coefficients.dropFirst(2))
    let clipped = try options.clip(gradients)
    var newValues: [Tensor] = []
    var newSlots: [[Tensor]] = []
    let ruleSlots = rule.slotNames.count
    for (position, given) in values.enumerated() {
      let value = options.weightDecay == nil ? given : try given - given * decay
      var (newValue, memory) = try rule.update(value, clipped[position], Array(slots[position].prefix(ruleSlots)), own)
      if newValue.dtype != given.dtype { newValue = try newValue.cast(to: given.dtype) }
      if options.average != nil {
        memory.append(try slots[position][ruleSlots] * momentum + newValue * (1 - momentum))
      }
      newValues.append(newValue)
      newSlots.append(memory)
    }
    return (newValues, newSlots)
  }

  // MARK: Steps

  /// Updates a layer's trainable parameters in place.
  /// - Parameter gradients: one for each of `layer.trainableParameters`, in their order.
  public func step(_ layer: Layer, gradients: [Tensor]) throws {
    let targets = layer.trainableParameters
    guard targets.count == gradients.count else {
      throw TensorError(
        .value, "step got \(gradients.count) gradients for \(targets.count) trainable weights")
    }
    for (target, gradient) in zip(targets, gradients) where target.parameter.shape != gradient.shape {
      throw TensorError(
        .shape,
        "the gradient of `\(target.path)` has \(ShapeWords.described(gradient.spec)), and the weight \(target.parameter.shape.shapeText)"
      )
    }
    let values = try stepped(
      targets.map { (.parameter(ObjectIdentifier($0.parameter)), $0.parameter.value) }, gradients)
    for (target, value) in zip(targets, values) { try target.parameter.set(value, path: target.path) }
  }

  /// New values for tensors that belong to no layer; the memory follows their names.
  public func step(_ values: [(name: String, value: Tensor)], gradients: [Tensor]) throws -> [Tensor] {
    guard values.count == gradients.count else {
      throw TensorError(.value, "step got \(gradients.count) gradients for \(values.count) values")
    }
    for ((name, value), gradient) in zip(values, gradients) where value.shape != gradient.shape {
      throw TensorError(
        .shape,
        "step needs a gradient like its value\(name.isEmpty ? "" : " `\(name)`"): \(ShapeWords.described(value.spec)) and \(ShapeWords.described(gradient.spec))"
      )
    }
    return try stepped(values.map { (.position($0.name), $0.value) }, gradients)
  }

  private func stepped(_ targets: [(slot: Slot, value: Tensor)], _ gradients: [Tensor]) throws -> [Tensor] {
    let slots = try targets.map { slot, value -> [Tensor] in
      guard let known = memory[slot] else { return try initialSlots([value])[0] }
      guard known.allSatisfy({ $0.shape == value.shape }) else {
        throw TensorError(
          .shape,
          "this optimizer remembers a value of shape \(known[0].shape.shapeText), and got \(value.shape.shapeText)",
          hint: "give all values in one call, step(opt, (w, b), (gw, gb)), or each its own optimizer")
      }
      return known
    }
    let coefficients = try coefficients(atStep: stepCount + 1).map { try Tensor.number($0) }
    var (values, newSlots) = try update(
      values: targets.map(\.value), gradients: gradients, slots: slots, coefficients: coefficients)
    stepCount += 1
    for (target, slot) in zip(targets, newSlots) { memory[target.slot] = slot }
    if let every = options.averageEvery, stepCount % every == 0 { values = newSlots.compactMap(\.last) }
    return values
  }

  // MARK: What programs, files and the end of a training need

  /// The memory of a layer's trainable parameters, made where there is none yet.
  public func slots(of layer: Layer) throws -> [[Tensor]] {
    try layer.trainableParameters.map { entry in
      try memory[.parameter(ObjectIdentifier(entry.parameter))] ?? initialSlots([entry.parameter.value])[0]
    }
  }

  /// Takes the memory that a program or a file gives, in the order of `slots(of:)`, and the number of updates done.
  public func restore(_ slots: [[Tensor]], of layer: Layer, stepCount: Int) {
    for (entry, slot) in zip(layer.trainableParameters, slots) {
      memory[.parameter(ObjectIdentifier(entry.parameter))] = slot
    }
    self.stepCount = stepCount
  }

  /// True where this update is one after which the weights become their averages.
  public func replacesWeights(atStep step: Int) -> Bool {
    options.averageEvery.map { step % $0 == 0 } ?? false
  }

  /// Puts the averages in the place of the weights; at the end of a training. Nothing without `ema`.
  public func applyAverages(_ layer: Layer) throws {
    guard options.average != nil else { return }
    for entry in layer.trainableParameters {
      guard let average = memory[.parameter(ObjectIdentifier(entry.parameter))]?.last else { continue }
      try entry.parameter.set(average, path: entry.path)
    }
  }

  /// The average that `ema` keeps of each value of the last step on plain tensors, by name.
  public func averages() -> [(name: String, value: Tensor)] {
    guard options.average != nil else { return [] }
    return memory.compactMap { slot, tensors -> (name: String, value: Tensor)? in
      guard case .position(let name) = slot, let average = tensors.last else { return nil }
      return (name, average)
    }.sorted { $0.name < $1.name }
  }

  /// Forgets everything: the next step is the first.
  public func reset() {
    stepCount = 0
    memory = [:]
  }
}
