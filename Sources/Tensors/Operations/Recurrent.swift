import CKernels

/// Which recurrent layer; the formulas are Keras's.
public enum RecurrentKind: Sendable, Hashable {
  /// `h = tanh(x·K + h·R + b)`
  case simple
  /// `c = f·c + i·tanh(n)`, `h = o·tanh(c)` with gates i f n o side by side in the weights; sigmoid gates.
  case lstm
  /// `h = z·h + (1 - z)·tanh(n + r·(h·R + b₂))` with z r n side by side; the reset gate acts after the product.
  case gru

  /// How many blocks of `units` columns the weights have.
  public var gates: Int { self == .simple ? 1 : self == .lstm ? 4 : 3 }
  var code: Int32 { self == .simple ? 0 : self == .lstm ? 1 : 2 }
}

/// A recurrent layer over whole sequences, from a zero state. Inputs: x (batch, steps, in), kernel (in, gates·units),
/// recurrent kernel (units, gates·units), [bias], [mask (batch, steps) bool]. Outputs: h (batch, steps, units); for the
/// lstm c of that shape; and, but for the simple kind, what the backward pass needs of the gates.
struct Recurrent: Operation {
  static let name = "recurrent"
  let kind: RecurrentKind
  let hasBias: Bool
  let hasMask: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (x, kernel, recurrent) = (inputs[0].shape, inputs[1].shape, inputs[2].shape)
    guard x.count == 3 else {
      throw TensorError(.shape, "a recurrent layer takes (batch, steps, features), and got \(x.shapeText)")
    }
    guard recurrent.count == 2, recurrent[1] == kind.gates * recurrent[0] else {
      throw TensorError(
        .shape, "a recurrent kernel has shape (units, \(kind.gates)·units), and got \(recurrent.shapeText)")
    }
    let units = recurrent[0]
    guard kernel == [x[2], kind.gates * units] else {
      throw TensorError(
        .shape,
        "\(x[2]) features and \(units) units need a kernel of \([x[2], kind.gates * units].shapeText), and got \(kernel.shapeText)"
      )
    }
    let bias = kind == .gru ? [2, 3 * units] : [kind.gates * units]
    if hasBias, inputs[3].shape != bias {
      throw TensorError(.shape, "\(units) units need a bias of \(bias.shapeText), and got \(inputs[3].shape.shapeText)")
    }
    if hasMask, let mask = inputs.last, mask.shape != Array(x[..<2]) || mask.dtype != .bool {
      throw TensorError(
        .shape, "a mask for \(x.shapeText) has shape \(Array(x[..<2]).shapeText), and got \(mask.shape.shapeText)")
    }
    let dtype = inputs[0].dtype
    let h = Spec(dtype, [x[0], x[1], units])
    _ = try Limits.checkedCount([x[0], x[1], 4 * units], dtype)
    let gates = Spec(dtype, [x[0], x[1], 4 * units])
    return kind == .simple ? [h] : kind == .lstm ? [h, h, gates] : [h, gates]
  }

  /// The sizes as the C kernels take them.
  func description(x: Shape, units: Int) -> ck_recurrent {
    var made = ck_recurrent()
    (made.kind, made.batch, made.steps, made.inputs, made.units) = (kind.code, x[0], x[1], x[2], units)
    return made
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let fixed = description(x: inputs[0].shape, units: inputs[2].shape[0])
    let (kind, hasBias, hasMask, h) = (kind, hasBias, hasMask, inputs.count)
    let isDouble = inputs[0].dtype == .float64
    let scratch = withUnsafePointer(to: fixed) { ck_recurrent_scratch($0, 0) } * inputs[0].dtype.size
    return Kernel(scratchBytes: scratch) { p in
      var job = fixed
      (job.x, job.kernel, job.recurrent) = (UnsafeRawPointer(p[0]), UnsafeRawPointer(p[1]), UnsafeRawPointer(p[2]))
      if hasBias { job.bias = UnsafeRawPointer(p[3]) }
      if hasMask { job.mask = UnsafePointer(p.bytes(h - 1)) }
      job.h = p[h]
      switch kind {
      case .simple: job.scratch = p[h + 1]
      case .lstm: (job.c, job.gates, job.scratch) = (p[h + 1], p[h + 2], p[h + 3])
      case .gru: (job.gates, job.scratch) = (p[h + 1], p[h + 2])
      }
      isDouble ? ck_recurrent_forward_f64(&job) : ck_recurrent_forward_f32(&job)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let seed = try seeds[0] ?? Tensor.zerosLike(outputs[0])
    let cellSeed = kind == .lstm ? seeds[1] : nil
    let mask = hasMask ? [inputs[inputs.count - 1]] : []
    let operation = RecurrentGradient(forward: self, hasCellSeed: cellSeed != nil, needsInput: needed[0])
    let found = try Engine.shared.apply(
      operation, Array(inputs[..<(hasBias ? 4 : 3)]) + mask + outputs + [seed] + (cellSeed.map { [$0] } ?? []))
    return (needed[0] ? found : [nil] + found) + mask.map { _ in nil }
  }

  /// The same with plain operations; `activations` replace tanh (of the state) and sigmoid (of the gates).
  func composition(
    _ inputs: [Tensor], activation: (Tensor) throws -> Tensor = { try $0.tanh() },
    gate: (Tensor) throws -> Tensor = { try $0.sigmoid() }
  ) throws -> [Tensor] {
    let (x, kernel, recurrent) = (inputs[0], inputs[1], inputs[2])
    let bias = hasBias ? inputs[3] : nil
    let mask = hasMask ? inputs[inputs.count - 1] : nil
    let (batch, steps, units) = (x.shape[0], x.shape[1], recurrent.shape[0])
    var projected = try x.reshape([batch * steps, x.shape[2]]).matmul(kernel)
    // The gru has two biases: one with the input, one with the state.
    let biases =
      try kind == .gru ? bias?.split(parts: 2, axis: 0).map { try $0.reshape([3 * units]) } : bias.map { [$0] }
    if let first = biases?.first { projected = try projected + first }
    let second = kind == .gru ? biases?.last : nil
    let shown = try mask?.split(parts: max(1, steps), axis: 1)
    let blocks = try projected.reshape([batch, steps, kind.gates * units]).split(parts: max(1, steps), axis: 1)
    var h = try Tensor.zeros([batch, units], x.dtype)
    var c = h
    var (hs, cs): ([Tensor], [Tensor]) = ([], [])
    for step in 0..<steps {
      let now = try blocks[step].reshape([batch, kind.gates * units])
      let (h0, c0) = (h, c)
      switch kind {
      case .simple: h = try activation(now + h.matmul(recurrent))
      case .lstm:
        let parts = try (now + h.matmul(recurrent)).split(parts: 4, axis: 1)
        c = try gate(parts[1]) * c + gate(parts[0]) * activation(parts[2])
        h = try gate(parts[3]) * activation(c)
      case .gru:
        var again = try h.matmul(recurrent)
        if let second { again = try again + second }
        let (a, b) = (try now.split(parts: 3, axis: 1), try again.split(parts: 3, axis: 1))
        let z = try gate(a[0] + b[0])
        let r = try gate(a[1] + b[1])
        h = try z * h + (1 - z) * activation(a[2] + r * b[2])
      }
      if let shown {
        h = try Tensor.where(shown[step], h, h0)
        c = try Tensor.where(shown[step], c, c0)
      }
      hs.append(h)
      cs.append(c)
    }
    guard steps > 0 else {
      let none = try Tensor.zeros([batch, 0, units], x.dtype)
      return kind == .lstm ? [none, none] : [none]
    }
    return kind == .lstm
      ? [try Tensor.stack(hs, axis: 1), try Tensor.stack(cs, axis: 1)] : [try Tensor.stack(hs, axis: 1)]
  }
}

/// A recurrent layer's gradient with respect to x, kernel, recurrent kernel and bias. Inputs: those, [mask], the forward
/// outputs, the seed of h, [the seed of c].
struct RecurrentGradient: Operation {
  static let name = "recurrent_gradient"
  let forward: Recurrent
  let hasCellSeed: Bool
  /// Whether the gradient with respect to x is among the results.
  let needsInput: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    Array(inputs[(needsInput ? 0 : 1)..<(forward.hasBias ? 4 : 3)])
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let fixed = forward.description(x: inputs[0].shape, units: inputs[2].shape[0])
    let (kind, hasBias, hasMask, hasCellSeed) = (forward.kind, forward.hasBias, forward.hasMask, hasCellSeed)
    if inputs[0].shape[0] == 0 || inputs[0].shape[1] == 0 { return .zeros(outputs, after: inputs.count) }
    let isDouble = inputs[0].dtype == .float64
    let scratch = withUnsafePointer(to: fixed) { ck_recurrent_scratch($0, 1) } * inputs[0].dtype.size
    let (primals, result) = (hasBias ? 4 : 3, inputs.count - (needsInput ? 0 : 1))
    let needsInput = needsInput
    let scratchPlace = inputs.count + outputs.count
    return Kernel(scratchBytes: scratch) { p in
      var job = fixed
      (job.x, job.kernel, job.recurrent) = (UnsafeRawPointer(p[0]), UnsafeRawPointer(p[1]), UnsafeRawPointer(p[2]))
      if hasBias { job.bias = UnsafeRawPointer(p[3]) }
      if hasMask { job.mask = UnsafePointer(p.bytes(primals)) }
      var next = primals + (hasMask ? 1 : 0)
      job.h = p[next]
      next += 1
      if kind == .lstm {
        job.c = p[next]
        next += 1
      }
      if kind != .simple {
        job.gates = p[next]
        next += 1
      }
      job.dh = UnsafeRawPointer(p[next])
      if hasCellSeed { job.dc = UnsafeRawPointer(p[next + 1]) }
      if needsInput { job.dx = p[result] }
      (job.dkernel, job.drecurrent) = (p[result + 1], p[result + 2])
      if hasBias { job.dbias = p[result + 3] }
      job.scratch = p[scratchPlace]
      isDouble ? ck_recurrent_backward_f64(&job) : ck_recurrent_backward_f32(&job)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let primals = forward.hasBias ? 4 : 3
    let mask = forward.hasMask ? [inputs[primals]] : []
    let seedsOfForward = Array(inputs[(inputs.count - (hasCellSeed ? 2 : 1))...])
    let forward = forward
    let all = needsInput ? seeds : [nil] + seeds
    let found = try FusedGradient.second(inputs: Array(inputs[..<primals]), outputSeeds: seedsOfForward, seeds: all) {
      Array(try forward.composition($0 + mask).prefix(seedsOfForward.count))
    }
    let between = inputs.count - primals - seedsOfForward.count
    return found.inputs + Array(repeating: nil, count: between) + found.outputSeeds
  }
}

/// A recurrent layer over sequences, from a zero state.
///
/// - Parameters:
///   - x: (batch, steps, features).
///   - kernel: (features, gates·units); `recurrent`: (units, gates·units); `bias`: (gates·units), for the gru (2, 3·units):
///     row 0 with the input, row 1 with the state.
///   - mask: (batch, steps); where it is false, state and output carry over.
///   - activation, gate: what replaces tanh and sigmoid; then the steps run one by one as plain operations.
/// - Returns: the states after each step, (batch, steps, units); for the lstm also the cells.
/// - Throws: a shape error where the weights do not fit.
public func recurrent(
  _ kind: RecurrentKind, _ x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor? = nil, mask: Tensor? = nil,
  activation: ((Tensor) throws -> Tensor)? = nil, gate: ((Tensor) throws -> Tensor)? = nil
) throws -> (states: Tensor, cells: Tensor?) {
  let operands = try floatOperands([x, kernel, recurrent] + (bias.map { [$0] } ?? []))
  let shown = try mask.map { $0.dtype == .bool ? $0 : try $0.cast(to: .bool) }
  let operation = Recurrent(kind: kind, hasBias: bias != nil, hasMask: mask != nil)
  let all = operands + (shown.map { [$0] } ?? [])
  let found: [Tensor]
  if activation == nil && gate == nil {
    found = try Engine.shared.apply(operation, all)
  } else {
    _ = try operation.outputSpecs(all.map(\.spec))
    found = try operation.composition(
      all, activation: activation ?? { try $0.tanh() }, gate: gate ?? { try $0.sigmoid() })
  }
  return (found[0], kind == .lstm ? found[1] : nil)
}

/// The LSTM over sequences; see `recurrent`. Gates i f c o.
public func lstm(
  _ x: Tensor, kernel: Tensor, recurrent weights: Tensor, bias: Tensor? = nil, mask: Tensor? = nil
) throws -> (states: Tensor, cells: Tensor) {
  let found = try recurrent(.lstm, x, kernel: kernel, recurrent: weights, bias: bias, mask: mask)
  return (found.states, found.cells ?? found.states)
}

/// The GRU over sequences; see `recurrent`. Gates z r h.
public func gru(_ x: Tensor, kernel: Tensor, recurrent weights: Tensor, bias: Tensor? = nil, mask: Tensor? = nil) throws
  -> Tensor
{
  try recurrent(.gru, x, kernel: kernel, recurrent: weights, bias: bias, mask: mask).states
}

/// The simple recurrent layer over sequences; see `recurrent`.
public func simpleRNN(_ x: Tensor, kernel: Tensor, recurrent weights: Tensor, bias: Tensor? = nil, mask: Tensor? = nil)
  throws -> Tensor
{
  try recurrent(.simple, x, kernel: kernel, recurrent: weights, bias: bias, mask: mask).states
}
