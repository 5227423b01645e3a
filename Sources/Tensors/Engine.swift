/// Runs operations: the one door to kernels, recording and tracing.
public final class Engine {
  nonisolated(unsafe) public static let shared = Engine()

  /// What has been recorded for gradients or a trace.
  public let tape = Tape()
  /// Called between operations and now and then within long ones; throws where the user wants the computation to stop.
  public var interruptionCheck: (() throws -> Void)? {
    didSet { Interruption.install() }
  }

  /// Applies an operation: computes at once where every input is concrete, otherwise gives abstract results;
  /// records it while a gradient or a trace wants it.
  @discardableResult
  public func apply(_ operation: some Operation, _ inputs: [Tensor]) throws -> [Tensor] {
    let inputSpecs = inputs.map(\.spec)
    let outputSpecs = try operation.outputSpecs(inputSpecs)
    var outputs: [Tensor] = []
    outputs.reserveCapacity(outputSpecs.count)
    if inputs.contains(where: \.isAbstract) || operation.isRandom && tape.isTracing {
      for spec in outputSpecs { outputs.append(Tensor(abstract: spec)) }
      tape.record(operation, inputs, outputs, isTraced: true)
      return outputs
    }
    if operation.sharesStorage {
      outputs.append(Tensor(spec: outputSpecs[0], storage: inputs[0].storage))
    } else {
      try interruptionCheck?()
      for spec in outputSpecs { outputs.append(try Tensor(uninitialized: spec)) }
      let kernel = try operation.kernel(inputs: inputSpecs, outputs: outputSpecs)
      let scratch = kernel.scratchBytes > 0 ? try Storage(byteCount: kernel.scratchBytes) : nil
      let count = inputs.count + outputs.count + 1
      try withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer.self, capacity: count) { pointers in
        var next = 0
        for tensor in inputs {
          pointers.initializeElement(at: next, to: tensor.storage.unsafelyUnwrapped.pointer)
          next += 1
        }
        for tensor in outputs {
          pointers.initializeElement(at: next, to: tensor.storage.unsafelyUnwrapped.pointer)
          next += 1
        }
        if let place = scratch?.pointer ?? outputs.last?.storage?.pointer {
          pointers.initializeElement(at: next, to: place)
        }
        try kernel.run(UnsafePointer(pointers.baseAddress.unsafelyUnwrapped))
      }
      try Interruption.rethrow()
      withExtendedLifetime(scratch) {}
    }
    if tape.isRecording { tape.record(operation, inputs, outputs, isTraced: false) }
    return outputs
  }

  /// `apply` for an operation with one result.
  public func apply1(_ operation: some Operation, _ inputs: Tensor...) throws -> Tensor {
    try apply(operation, inputs)[0]
  }
}
