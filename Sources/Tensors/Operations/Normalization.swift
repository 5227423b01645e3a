/// What normalisations over the last axis share: inputs x, [gamma], [beta]; outputs y and two statistics, which the
/// gradient's kernel reads. Its inputs: x, the statistics, g, [gamma]; its outputs: the gradients of x, gamma and beta.
protocol Normalization: Operation {
  var hasScale: Bool { get }
  var hasOffset: Bool { get }
  var gradientOperation: any Operation { get }
  /// The same with plain operations, for gradients that the kernels do not give.
  func composition(_ inputs: [Tensor]) throws -> [Tensor]
}

extension Normalization {
  func checkWeights(_ inputs: [Spec]) throws {
    let features = inputs[0].shape[inputs[0].rank - 1]
    for weight in inputs.dropFirst() where weight.shape != [features] {
      throw TensorError(
        .shape,
        "a normalisation over \(features) features takes weights of that size, and got \(weight.shape.shapeText)")
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], seeds[1] == nil, seeds[2] == nil else {
      return try FusedGradient.gradient(inputs, seeds: seeds, composition)
    }
    let scale = hasScale ? [inputs[1]] : []
    let found = try Engine.shared.apply(gradientOperation, [inputs[0], outputs[1], outputs[2], seed] + scale)
    return [found[0]] + (hasScale ? [found[1]] : []) + (hasOffset ? [found[2]] : [])
  }

  /// The gradient of the gradient operation.
  func secondGradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?]) throws -> [Tensor?] {
    let scale = hasScale ? [inputs[4]] : []
    // The offset has no part in the gradients but for its own, which is a sum of g: any value stands for it.
    let offset = hasOffset ? [try Tensor.zeros(outputs[1].shape, outputs[1].dtype)] : []
    var wanted: [Tensor?] = [seeds[0]]
    if hasScale { wanted.append(seeds[1]) }
    if hasOffset { wanted.append(seeds[2]) }
    let found = try FusedGradient.second(
      inputs: [inputs[0]] + scale + offset, outputSeeds: [inputs[3]], seeds: wanted
    ) { [try composition($0)[0]] }
    return [found.inputs[0], nil, nil, found.outputSeeds[0]] + (hasScale ? [found.inputs[1]] : [])
  }
}

extension Kernel {
  /// Fills every output with zeros.
  static func zeros(_ outputs: [Spec], after inputs: Int) -> Kernel {
    let sizes = outputs.map(\.byteCount)
    return Kernel { p in
      for (index, size) in sizes.enumerated() {
        p[inputs + index].initializeMemory(as: UInt8.self, repeating: 0, count: size)
      }
    }
  }
}
