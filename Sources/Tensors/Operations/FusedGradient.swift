/// Derivatives of fused operations through the composition that they fuse.
///
/// A fused operation has a fast kernel for its value and one for its gradient. What lies beyond (second derivatives, and
/// seeds of outputs that its gradient kernel does not take) comes from the same formula written with plain operations.
enum FusedGradient {
  /// `Σ over outputs of sum(output · seed)`; nil where no output is seeded.
  static func weightedSum(_ outputs: [Tensor], _ seeds: [Tensor?]) throws -> Tensor? {
    var total: Tensor?
    for (output, seed) in zip(outputs, seeds) {
      guard let seed else { continue }
      let term = try (output * seed).sum()
      total = try total.map { try $0 + term } ?? term
    }
    return total
  }

  /// The gradient with respect to `inputs` of what `composition` makes of them, weighted with `seeds`.
  static func gradient(
    _ inputs: [Tensor], seeds: [Tensor?], _ composition: ([Tensor]) throws -> [Tensor]
  ) throws -> [Tensor?] {
    guard seeds.contains(where: { $0 != nil }) else { return inputs.map { _ in nil } }
    let found = try Engine.shared.tape.gradients(
      of: inputs,
      loss: { (outputs: [Tensor]) in
        guard let total = try weightedSum(outputs, seeds) else {
          throw TensorError(.value, "a gradient without a seed")
        }
        return total
      }, composition)
    return found.gradients
  }

  /// The gradient of a fused gradient: `backward(inputs, outputSeeds)` gives the gradient of `composition`, and this is
  /// the gradient of that, weighted with `seeds`, with respect to the inputs and the output seeds.
  static func second(
    inputs: [Tensor], outputSeeds: [Tensor], seeds: [Tensor?], _ composition: @escaping ([Tensor]) throws -> [Tensor]
  ) throws -> (inputs: [Tensor?], outputSeeds: [Tensor?]) {
    let count = inputs.count
    let all = try gradient(inputs + outputSeeds, seeds: seeds) { standIns in
      let inner = Array(standIns[..<count])
      let gradients = try gradient(inner, seeds: Array(standIns[count...]), composition)
      return try zip(gradients, inner).map { try $0 ?? Tensor.zerosLike($1) }
    }
    return (Array(all[..<count]), Array(all[count...]))
  }
}
