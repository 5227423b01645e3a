import NeuralNetworks
import Tensors

/// A step as a planned program: forward pass, loss, penalties, gradients and update traced once for each shape of batch.
///
/// Weights stay with the model until a step's loss has proved finite; the optimizer's memory stays here between steps and
/// goes back to the optimizer by `synchronize`. Where tracing is not possible (a layer or loss looks at values), every
/// operation runs by itself instead.
final class ProgramTrainingStep: TrainingStep {
  private let model: Layer
  private let objective: Objective
  private let optimizer: Optimizer
  /// Whether anyone looks at the outputs of training batches.
  private let wantsOutputs: Bool
  private let eager: EagerStep
  private var trainPrograms: [Key: Traced] = [:]
  private var evaluatePrograms: [Key: Traced] = [:]
  private var whyEager: String?
  /// The program of the batch before: most batches have its shape.
  private var latest: (key: Key, traced: Traced)?
  /// Every parameter of the model; empty until it is built.
  private var parameters: [Parameter] = []
  /// Layers beside the model that the user's own functions call, and their parameters: inputs of the programs.
  private let otherLayers: [Layer]
  private var others: [Parameter] = []
  private var slots: [Tensor] = []
  private var slotOwners: [ObjectIdentifier] = []
  private(set) var stepCount: Int

  /// What a program is made for.
  private struct Key: Hashable {
    var inputs: [Spec]
    var targets: [Spec]
    var weights: Spec?
    var trainable: [Bool]

    init(_ batch: Batch, _ parameters: [Parameter]) {
      inputs = batch.inputs.map(\.spec)
      targets = batch.targets.map(\.spec)
      weights = batch.weights?.spec
      trainable = parameters.map(\.isTrainable)
    }

    /// The same as equality with the key of these, without making one.
    func describes(_ batch: Batch, _ parameters: [Parameter]) -> Bool {
      guard batch.inputs.count == inputs.count, batch.targets.count == targets.count, batch.weights?.spec == weights,
        parameters.count == trainable.count
      else { return false }
      for index in inputs.indices where batch.inputs[index].spec != inputs[index] { return false }
      for index in targets.indices where batch.targets[index].spec != targets[index] { return false }
      for index in trainable.indices where parameters[index].isTrainable != trainable[index] { return false }
      return true
    }
  }

  /// A program, and the parameters in the order of its tensors.
  private struct Traced {
    let program: Program
    /// What a step changes: the trainable weights, then the states.
    let changing: [Parameter]
    let trainableCount: Int
    let constants: [Parameter]
    /// Whose memory the optimizer keeps.
    let owners: [ObjectIdentifier]

    init(program: Program, changing: [Parameter], trainableCount: Int, constants: [Parameter]) {
      self.program = program
      self.changing = changing
      self.trainableCount = trainableCount
      self.constants = constants
      owners = changing.prefix(trainableCount).map(ObjectIdentifier.init)
    }
  }

  /// - Parameters:
  ///   - stepByStep: why steps are not planned, or nil.
  ///   - otherLayers: layers beside the model that the user's own functions call.
  init(
    model: Layer, objective: Objective, optimizer: Optimizer, wantsOutputs: Bool, stepByStep: String? = nil,
    otherLayers: [Layer] = []
  ) {
    whyEager = stepByStep
    self.otherLayers = otherLayers
    self.model = model
    self.objective = objective
    self.optimizer = optimizer
    self.wantsOutputs = wantsOutputs
    eager = EagerStep(model: model, objective: objective, optimizer: optimizer)
    stepCount = optimizer.stepCount
  }

  var explanation: String {
    if let whyEager { return "\(eager.explanation): \(whyEager)" }
    return trainPrograms.values.first?.program.explanation ?? eager.explanation
  }

  // MARK: Learning

  /// Learns which parameters there are; a model that nothing but values could build is built by its first batch.
  private func learnParameters(_ batch: Batch) throws {
    if !model.isBuilt { _ = try model(batch.inputs) }
    parameters = model.parameters.map(\.parameter)
    others = parametersOfOthers
  }

  private var parametersOfOthers: [Parameter] {
    var seen = Set(parameters.map(ObjectIdentifier.init))
    return otherLayers.flatMap { $0.parameters.map(\.parameter) }
      .filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// A layer beside the model that a pass changes, or builds, is no input of it.
  private func checkOthers(_ values: ArraySlice<Tensor>, _ standIns: ArraySlice<Tensor>) throws {
    guard zip(values, standIns).allSatisfy({ $0 === $1 }), parametersOfOthers.count == others.count else {
      throw AbstractDataError()
    }
  }

  func train(_ batch: Batch) throws -> StepResult {
    if parameters.isEmpty { try learnParameters(batch) }
    guard whyEager == nil, let traced = try trainProgram(for: batch) else {
      defer { stepCount = optimizer.stepCount }
      return try eager.train(batch)
    }
    try takeSlots(traced)
    var inputs = batch.tensors
    for coefficient in try optimizer.coefficients(atStep: stepCount + 1) {
      inputs.append(try Tensor.number(coefficient))
    }
    for parameter in traced.constants { inputs.append(parameter.value) }
    var state: [Tensor] = []
    state.reserveCapacity(traced.changing.count + slots.count)
    for parameter in traced.changing { state.append(parameter.value) }
    let held = state.count
    state += slots
    // The memory has one owner now, so that the program may change it in place.
    slots.removeAll(keepingCapacity: true)
    let results: [Tensor]
    do {
      results = try traced.program.run(inputs, state: &state)
      slots += state[held...]
    } catch {
      slots += state[held...]
      throw error
    }
    let loss = try results[0].item()
    guard loss.isFinite else { return StepResult(loss: loss, outputs: []) }
    stepCount += 1
    for (index, parameter) in traced.changing.enumerated() { try parameter.set(state[index]) }
    if optimizer.replacesWeights(atStep: stepCount) {
      let perWeight = optimizer.slotNames.count
      for index in 0..<traced.trainableCount { try traced.changing[index].set(slots[(index + 1) * perWeight - 1]) }
    }
    return StepResult(loss: loss, outputs: Array(results.dropFirst()))
  }

  func synchronize() {
    guard !slotOwners.isEmpty else { return }
    let perWeight = optimizer.slotNames.count
    let grouped = slotOwners.indices.map { Array(slots[$0 * perWeight..<($0 + 1) * perWeight]) }
    optimizer.restore(grouped, of: model, stepCount: stepCount)
  }

  func reload() {
    slots = []
    slotOwners = []
    stepCount = optimizer.stepCount
  }

  /// The memory of the weights that the program changes; taken from the optimizer when these are others than before.
  private func takeSlots(_ traced: Traced) throws {
    if traced.owners == slotOwners { return }
    synchronize()
    slots = try optimizer.slots(of: model).flatMap { $0 }
    slotOwners = traced.owners
  }

  private func trainProgram(for batch: Batch) throws -> Traced? {
    if let latest, latest.key.describes(batch, parameters) { return latest.traced }
    let key = Key(batch, parameters)
    let found = try trainPrograms[key] ?? makeTrainProgram(for: batch, key)
    latest = found.map { (key, $0) }
    return found
  }

  private func makeTrainProgram(for batch: Batch, _ key: Key) throws -> Traced? {
    tracing {
      let trainable = parameters.filter(\.isTrainable)
      let states = parameters.filter { $0.role == .state }
      let constants = parameters.filter { $0.role != .state && !$0.isTrainable } + others
      let slotSpecs = try optimizer.slots(of: model).flatMap { $0 }.map(\.spec)
      let coefficientCount = try optimizer.coefficients(atStep: stepCount + 1).count
      let perWeight = optimizer.slotNames.count
      let program = try Program.trace(
        inputs: batch.tensors.map(\.spec) + [Spec](repeating: Spec(.float64, [], isWeak: true), count: coefficientCount)
          + constants.map(\.value.spec),
        state: (trainable + states).map(\.value.spec) + slotSpecs
      ) { inputs, state in
        let data = batch.replacing(with: inputs)
        let coefficients = Array(inputs[batch.tensors.count..<batch.tensors.count + coefficientCount])
        let frozen = Array(inputs.suffix(constants.count))
        let weights = Array(state.prefix(trainable.count))
        let memory = Array(state.dropFirst(trainable.count + states.count))
        let grouped = trainable.indices.map { Array(memory[$0 * perWeight..<($0 + 1) * perWeight]) }
        let pass = try Parameter.withStandIns(
          trainable + states + constants, state.prefix(trainable.count + states.count) + frozen
        ) {
          try EagerStep.differentiate(model: model, objective: objective, batch: data)
        }
        try checkOthers(pass.values.suffix(others.count), inputs.suffix(others.count))
        let newStates = pass.values[trainable.count..<trainable.count + states.count]
        let (newWeights, newSlots) = try optimizer.update(
          values: weights, gradients: pass.result.gradients, slots: grouped, coefficients: coefficients)
        return (
          outputs: [pass.result.loss] + (wantsOutputs ? pass.result.outputs : []),
          state: newWeights + newStates + newSlots.flatMap { $0 }
        )
      }
      let traced = Traced(
        program: program, changing: trainable + states, trainableCount: trainable.count, constants: constants)
      trainPrograms[key] = traced
      return traced
    }
  }

  // MARK: Judging

  func evaluate(_ batch: Batch) throws -> StepResult {
    if parameters.isEmpty { try learnParameters(batch) }
    let key = Key(batch, parameters)
    let known = evaluatePrograms[key]
    guard whyEager == nil, let traced = known ?? evaluateProgram(for: batch, key) else {
      return try eager.evaluate(batch)
    }
    let results = try traced.program.run(batch.tensors + traced.constants.map(\.value))
    return StepResult(loss: try results[0].item(), outputs: Array(results.dropFirst()))
  }

  private func evaluateProgram(for batch: Batch, _ key: Key) -> Traced? {
    tracing {
      let read = parameters + others
      let program = try Program.trace(inputs: (batch.tensors + read.map(\.value)).map(\.spec)) { inputs in
        let pass = try Parameter.withStandIns(read, Array(inputs.suffix(read.count))) {
          let (loss, outputs) = try Evaluation.pass(
            model: model, objective: objective, batch: batch.replacing(with: inputs))
          return [loss] + outputs
        }
        try checkOthers(pass.values.suffix(others.count), inputs.suffix(others.count))
        return pass.result
      }
      let traced = Traced(program: program, changing: [], trainableCount: 0, constants: read)
      evaluatePrograms[key] = traced
      return traced
    }
  }

  /// Traces; where that fails, steps run eagerly from now on, and a real mistake shows there in its own words.
  private func tracing(_ body: () throws -> Traced) -> Traced? {
    do {
      return try body()
    } catch is AbstractDataError {
      whyEager = "a layer, loss or activation looks at the values of its input"
    } catch let error as TensorError {
      whyEager = error.message
    } catch {
      whyEager = "a function of the program does not run on shapes alone"
    }
    synchronize()
    (slots, slotOwners) = ([], [])
    return nil
  }
}

extension Batch {
  /// Everything a step takes in, in one order.
  var tensors: [Tensor] { inputs + targets + (weights.map { [$0] } ?? []) }

  /// The batch with other tensors, in that order; more may follow them.
  func replacing(with tensors: [Tensor]) -> Batch {
    var batch = self
    batch.inputs = Array(tensors[0..<inputs.count])
    batch.targets = Array(tensors[inputs.count..<inputs.count + targets.count])
    if weights != nil { batch.weights = tensors[inputs.count + targets.count] }
    return batch
  }
}
