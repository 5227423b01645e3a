/// A traced computation: memory planned once, kernels prepared once, elementwise chains fused.
///
/// A program computes what its function computes on tensors, to float32 rounding, and random operations draw the same
/// numbers. It serves inputs of the traced shapes; for others, trace again.
///
///     let program = try Program.trace(inputs: [Spec(.float32, [32, 10])], state: [weights.spec]) { inputs, state in
///       let loss = …
///       return (outputs: [loss], state: [newWeights])
///     }
///     let loss = try program.run([batch], state: &weights)[0]
public final class Program {
  /// What `run` takes and gives.
  public let inputSpecs: [Spec]
  public let stateSpecs: [Spec]
  public let outputSpecs: [Spec]

  let graph: ProgramGraph
  let steps: [ProgramStep]
  let layout: ProgramLayout
  /// How many operations the trace wrote down.
  let tracedCount: Int
  /// How many cheap results are computed again where they are read.
  let recomputedCount: Int
  private let runner: ProgramRunner

  /// Traces `body` on abstract tensors.
  ///
  /// - Parameters:
  ///   - inputs: the specs of what changes from run to run: a batch, a rate.
  ///   - state: the specs of what every run changes: weights, an optimizer's memory. `body` gives their new values in the
  ///     same order; `run` writes them in place of the old ones where nobody else holds these.
  /// - Throws: `AbstractDataError` where `body` looks at values: then run it on tensors instead. Errors of shape and type
  ///   as the operations throw them.
  public static func trace(
    inputs: [Spec], state: [Spec] = [],
    _ body: (_ inputs: [Tensor], _ state: [Tensor]) throws -> (outputs: [Tensor], state: [Tensor])
  ) throws -> Program {
    let inputLeaves = inputs.map(Tensor.init(abstract:))
    let stateLeaves = state.map(Tensor.init(abstract:))
    let (found, entries) = try Engine.shared.tape.trace(inputLeaves + stateLeaves) {
      try AbstractRun.watch(forbidsEffects: true) { try body(inputLeaves, stateLeaves) }
    }
    guard found.state.map(\.spec.shape) == state.map(\.shape), found.state.map(\.dtype) == state.map(\.dtype) else {
      throw TensorError(.shape, "a traced function changes the shape of its state")
    }
    let graph = try ProgramGraph(
      entries, inputs: inputLeaves, state: stateLeaves, outputs: found.outputs, newState: found.state)
    return try Program(graph, inputSpecs: inputs, stateSpecs: state)
  }

  /// `trace` for a function without state.
  public static func trace(inputs: [Spec], _ body: ([Tensor]) throws -> [Tensor]) throws -> Program {
    try trace(inputs: inputs, state: []) { inputs, _ in (try body(inputs), []) }
  }

  private init(_ traced: ProgramGraph, inputSpecs: [Spec], stateSpecs: [Spec]) throws {
    var graph = traced
    tracedCount = graph.nodes.count
    graph.removeUnused()
    graph.mergeCommon()
    graph.readThroughBroadcasts()
    graph.removeUnused()
    graph.fuseProducts()
    graph.fuseConvolutions()
    let fusion = Fusion(graph)
    graph = fusion.graph
    recomputedCount = fusion.recomputedCount
    steps = try ProgramStep.make(fusion.ordered(), graph, fusion)
    layout = ProgramLayout(graph, steps)
    self.graph = graph
    self.inputSpecs = inputSpecs
    self.stateSpecs = stateSpecs
    outputSpecs = graph.outputs.map { graph.values[$0].spec }
    runner = try ProgramRunner(graph, steps, layout)
  }

  /// Computes the outputs, and changes the state.
  ///
  /// - Parameter state: the values before; afterwards those after. A tensor that nobody else holds is changed in place.
  /// - Throws: a shape error where the tensors are not of the traced specs; `AbstractDataError` where a gradient is being
  ///   taken with respect to one of them, which a program does not record; whatever a kernel throws (a class number that
  ///   does not exist), and then the state may be partly changed.
  public func run(_ inputs: [Tensor], state: inout [Tensor]) throws -> [Tensor] {
    try check(inputs, inputSpecs, "inputs")
    try check(state, stateSpecs, "state tensors")
    try Engine.shared.interruptionCheck?()
    return try runner.run(inputs, &state)
  }

  /// Computes the outputs of a program without state.
  public func run(_ inputs: [Tensor]) throws -> [Tensor] {
    var none: [Tensor] = []
    return try run(inputs, state: &none)
  }

  /// Runs the program a few times and gives the mean seconds of each step, in order: where its time goes.
  public func profile(
    _ inputs: [Tensor], state: inout [Tensor], runs: Int = 10
  ) throws -> [(name: String, seconds: Double)] {
    try check(inputs, inputSpecs, "inputs")
    try check(state, stateSpecs, "state tensors")
    // The first run meets memory fresh from the system.
    _ = try runner.run(inputs, &state)
    runner.clocks = Array(repeating: .zero, count: steps.count)
    defer { runner.clocks = [] }
    for _ in 0..<max(1, runs) { _ = try runner.run(inputs, &state) }
    return zip(steps, runner.clocks).map { step, clock in
      let (whole, parts) = clock.components
      return (step.name, (Double(whole) + Double(parts) * 1e-18) / Double(max(1, runs)))
    }
  }

  private func check(_ tensors: [Tensor], _ specs: [Spec], _ what: String) throws {
    guard tensors.count == specs.count else {
      throw TensorError(.value, "a program of \(specs.count) \(what) got \(tensors.count)")
    }
    let tape = Engine.shared.tape
    let isRecording = tape.isRecording
    for (index, tensor) in tensors.enumerated() {
      guard !tensor.isAbstract, !(isRecording && tape.isTracked(tensor)) else { throw AbstractDataError() }
      guard tensor.spec.shape == specs[index].shape, tensor.spec.dtype == specs[index].dtype else {
        throw TensorError(
          .shape,
          "a program traced for \(specs[index].dtype.name) of shape \(specs[index].shape.shapeText) got \(tensor.dtype.name) of shape \(tensor.shape.shapeText)"
        )
      }
    }
  }
}
