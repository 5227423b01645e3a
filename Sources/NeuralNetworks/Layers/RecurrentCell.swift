import Tensors

/// The computation of a recurrent layer for given weights.
struct RecurrentCell {
  let kind: Recurrent.Kind
  let units: Int
  let activation: Activation
  let recurrentActivation: Activation
  let kernel: Tensor
  let recurrentKernel: Tensor
  let bias: Tensor?

  /// Reads (batch, steps, in); gives (batch, units) or (batch, steps, units). A step whose mask is false leaves state
  /// and output as they were.
  func run(_ x: Tensor, mask: Tensor?, returnsSequences: Bool) throws -> Tensor {
    // The inputs' share of all steps is one matrix product.
    var projected = try x.matmul(kernel)
    if let bias { projected = try projected + (kind == .gru ? row(bias, 0) : bias) }
    let recurrentBias = kind == .gru ? try bias.map { try row($0, 1) } : nil
    let steps = x.shape[1]
    let inputs = try projected.split(parts: steps, axis: 1)
    let masks = try mask?.split(parts: steps, axis: 1)
    var state = try Tensor.zeros([x.shape[0], units], projected.dtype)
    var cell = state
    var outputs: [Tensor] = []
    for step in 0..<steps {
      let input = try inputs[step].squeeze(1)
      var (next, nextCell) = try advance(input, state, cell, recurrentBias)
      if let keep = masks?[step] {
        next = try Tensor.where(keep, next, state)
        if kind == .lstm { nextCell = try Tensor.where(keep, nextCell, cell) }
      }
      (state, cell) = (next, nextCell)
      if returnsSequences { outputs.append(state) }
    }
    return returnsSequences ? try Tensor.stack(outputs, axis: 1) : state
  }

  private func row(_ bias: Tensor, _ index: Int) throws -> Tensor {
    try bias.split(parts: 2, axis: 0)[index].squeeze(0)
  }

  private func advance(
    _ input: Tensor, _ state: Tensor, _ cell: Tensor, _ recurrentBias: Tensor?
  ) throws -> (state: Tensor, cell: Tensor) {
    var recurrent = try state.matmul(recurrentKernel)
    switch kind {
    case .simple:
      let next = try activation(input + recurrent)
      return (next, next)
    case .lstm:
      let parts = try (input + recurrent).split(parts: 4, axis: 1)
      let kept = try recurrentActivation(parts[1]) * cell
      let next = try kept + recurrentActivation(parts[0]) * activation(parts[2])
      return (try recurrentActivation(parts[3]) * activation(next), next)
    case .gru:
      if let recurrentBias { recurrent = try recurrent + recurrentBias }
      let (given, own) = (try input.split(parts: 3, axis: 1), try recurrent.split(parts: 3, axis: 1))
      let update = try recurrentActivation(given[0] + own[0])
      let reset = try recurrentActivation(given[1] + own[1])
      let candidate = try activation(given[2] + reset * own[2])
      let next = try candidate + update * (state - candidate)
      return (next, next)
    }
  }
}
