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
  private var slots: [[Tensor]] = []
  private var slotOwners: [ObjectIdentifier] = []
  private(set) var stepCount: Int

  /// What a program is made for.
  private struct Key: Hashable {
    var batch: [Spec]
    var inputCount: Int
    var hasWeights: Bool
    var trainable: [Bool]
  }

  /// A program, and the parameters in the order of its tensors.
  private struct Traced {
    var program: Program
    var trainable: [Parameter]
    var states: [Parameter]
    var constants: [Parameter]
  }

  init(model: Layer, objective: Objective, optimizer: Optimizer, wantsOutputs: Bool) {
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

  func train(_ batch: Batch) throws -> StepResult {
    guard whyEager == nil, let traced = try trainProgram(for: batch) else {
      defer { stepCount = optimizer.stepCount }
      return try eager.train(batch)
    }
    try takeSlots(traced)
    let coefficients = try optimizer.coefficients(atStep: stepCount + 1).map { try Tensor.number($0) }
    let inputs = batch.tensors + coefficients + traced.constants.map(\.value)
    var state = traced.trainable.map(\.value) + traced.states.map(\.value)
    let held = state.count
    for index in slots.indices {
      state += slots[index]
      slots[index].removeAll(keepingCapacity: true)
    }
    let results = try traced.program.run(inputs, state: &state)
    let perWeight = optimizer.slotNames.count
    for index in slots.indices {
      let start = held + index * perWeight
      slots[index] += state[start..<start + perWeight]
    }
    let loss = try results[0].item()
    guard loss.isFinite else { return StepResult(loss: loss, outputs: []) }
    stepCount += 1
    let usesAverages = optimizer.replacesWeights(atStep: stepCount)
    for (index, parameter) in traced.trainable.enumerated() {
      try parameter.set(usesAverages ? slots[index].last ?? state[index] : state[index])
    }
    for (index, parameter) in traced.states.enumerated() { try parameter.set(state[traced.trainable.count + index]) }
    return StepResult(loss: loss, outputs: Array(results.dropFirst()))
  }

  func synchronize() {
    guard !slotOwners.isEmpty else { return }
    optimizer.restore(slots, of: model, stepCount: stepCount)
  }

  func reload() {
    slots = []
    slotOwners = []
    stepCount = optimizer.stepCount
  }

  /// The memory of the weights that the program changes; taken from the optimizer when these are others than before.
  private func takeSlots(_ traced: Traced) throws {
    let owners = traced.trainable.map(ObjectIdentifier.init)
    guard owners != slotOwners else { return }
    synchronize()
    slots = try optimizer.slots(of: model)
    slotOwners = owners
  }

  private func trainProgram(for batch: Batch) throws -> Traced? {
    let key = key(batch)
    if let known = trainPrograms[key] { return known }
    return tracing {
      let parameters = model.parameters.map(\.parameter)
      let trainable = parameters.filter(\.isTrainable)
      let states = parameters.filter { $0.role == .state }
      let constants = parameters.filter { $0.role != .state && !$0.isTrainable }
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
        let newStates = pass.values[trainable.count..<trainable.count + states.count]
        let (newWeights, newSlots) = try optimizer.update(
          values: weights, gradients: pass.result.gradients, slots: grouped, coefficients: coefficients)
        return (
          outputs: [pass.result.loss] + (wantsOutputs ? pass.result.outputs : []),
          state: newWeights + newStates + newSlots.flatMap { $0 }
        )
      }
      let traced = Traced(program: program, trainable: trainable, states: states, constants: constants)
      trainPrograms[key] = traced
      return traced
    }
  }

  // MARK: Judging

  func evaluate(_ batch: Batch) throws -> StepResult {
    let key = key(batch)
    let known = evaluatePrograms[key]
    guard whyEager == nil, let traced = known ?? evaluateProgram(for: batch, key) else {
      return try eager.evaluate(batch)
    }
    let results = try traced.program.run(batch.tensors + traced.constants.map(\.value))
    return StepResult(loss: try results[0].item(), outputs: Array(results.dropFirst()))
  }

  private func evaluateProgram(for batch: Batch, _ key: Key) -> Traced? {
    tracing {
      let parameters = model.parameters.map(\.parameter)
      let program = try Program.trace(inputs: (batch.tensors + parameters.map(\.value)).map(\.spec)) { inputs in
        try Parameter.withStandIns(parameters, Array(inputs.suffix(parameters.count))) {
          let (loss, outputs) = try Evaluation.pass(
            model: model, objective: objective, batch: batch.replacing(with: inputs))
          return [loss] + outputs
        }.result
      }
      let traced = Traced(program: program, trainable: [], states: [], constants: parameters)
      evaluatePrograms[key] = traced
      return traced
    }
  }

  private func key(_ batch: Batch) -> Key {
    Key(
      batch: batch.tensors.map(\.spec), inputCount: batch.inputs.count, hasWeights: batch.weights != nil,
      trainable: model.parameters.map(\.parameter.isTrainable))
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
      whyEager = "\(error)"
    }
    synchronize()
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
