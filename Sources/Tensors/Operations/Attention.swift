import CKernels

/// `softmax(q·kᵀ·scale + hidden)·v` for every head. Inputs: q, k, v, [mask (batch, keys) bool]. Outputs: y, and each score
/// row's logsumexp (batch, heads, queries). The score matrix is never whole in memory.
struct Attention: Operation {
  static let name = "attention"
  let scale: Double
  let isCausal: Bool
  /// True for (batch, time, heads, width), false for (batch, heads, time, width).
  let isTimeFirst: Bool

  private func sizes(_ shape: Shape) -> (batch: Int, heads: Int, time: Int, width: Int) {
    isTimeFirst ? (shape[0], shape[2], shape[1], shape[3]) : (shape[0], shape[1], shape[2], shape[3])
  }

  private func shape(_ batch: Int, _ heads: Int, _ time: Int, _ width: Int) -> Shape {
    isTimeFirst ? [batch, time, heads, width] : [batch, heads, time, width]
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (q, k, v) = (inputs[0].shape, inputs[1].shape, inputs[2].shape)
    guard q.count == 4, k.count == 4, v.count == 4 else {
      throw TensorError(
        .shape,
        "attention takes queries, keys and values of shape (batch, heads, time, width), and got \(q.shapeText), \(k.shapeText), \(v.shapeText)"
      )
    }
    let (qs, ks, vs) = (sizes(q), sizes(k), sizes(v))
    guard qs.batch == ks.batch, ks.batch == vs.batch, qs.heads == ks.heads, ks.heads == vs.heads, ks.time == vs.time,
      qs.width == ks.width
    else {
      throw TensorError(
        .shape, "attention's queries \(q.shapeText), keys \(k.shapeText) and values \(v.shapeText) do not fit together")
    }
    guard ks.time > 0 || qs.time == 0 else { throw TensorError(.shape, "attention needs at least one key") }
    if inputs.count > 3, inputs[3].shape != [ks.batch, ks.time] || inputs[3].dtype != .bool {
      throw TensorError(
        .shape,
        "attention's mask has shape (batch, keys), \([ks.batch, ks.time].shapeText), and got \(inputs[3].shape.shapeText)"
      )
    }
    return [
      Spec(inputs[0].dtype, shape(qs.batch, qs.heads, qs.time, vs.width)),
      Spec(inputs[0].dtype, [qs.batch, qs.heads, qs.time]),
    ]
  }

  /// The sizes and steps as the C kernels take them.
  func description(_ inputs: [Spec], value: Shape) -> ck_attention {
    let (q, k, v) = (sizes(inputs[0].shape), sizes(inputs[1].shape), sizes(inputs[2].shape))
    var made = ck_attention()
    (made.batch, made.heads, made.queries, made.keys, made.dim, made.value_dim) = (
      q.batch, q.heads, q.time, k.time, q.width, v.width
    )
    func steps(_ s: (batch: Int, heads: Int, time: Int, width: Int)) -> (Int, Int, Int) {
      let whole = s.heads * s.time * s.width
      return isTimeFirst ? (whole, s.width, s.heads * s.width) : (whole, s.time * s.width, s.width)
    }
    (made.q_batch, made.q_head, made.q_time) = steps(q)
    (made.k_batch, made.k_head, made.k_time) = steps(k)
    (made.v_batch, made.v_head, made.v_time) = steps(v)
    (made.y_batch, made.y_head, made.y_time) = steps(sizes(value))
    made.scale = scale
    made.is_causal = isCausal ? 1 : 0
    let work = q.batch * q.heads * q.time * k.time * (q.width + 8)
    // Two for each thread, so that one that is held up hands on what it has not begun.
    made.pieces = work < 1_000_000 ? 1 : Int32(clamping: max(1, min(2 * Int(ck_thread_count()), q.batch * q.heads)))
    return made
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    if outputs[0].count == 0 { return .zeros(outputs, after: inputs.count) }
    let fixed = description(inputs, value: outputs[0].shape)
    let (hasMask, y, isDouble) = (inputs.count > 3, inputs.count, inputs[0].dtype == .float64)
    let scratch = withUnsafePointer(to: fixed) { ck_attention_scratch($0, 0) } * inputs[0].dtype.size
    return Kernel(scratchBytes: scratch) { p in
      var job = fixed
      (job.q, job.k, job.v) = (UnsafeRawPointer(p[0]), UnsafeRawPointer(p[1]), UnsafeRawPointer(p[2]))
      if hasMask { job.mask = UnsafePointer(p.bytes(3)) }
      (job.y, job.level, job.scratch) = (p[y], p[y + 1], p[y + 2])
      isDouble ? ck_attention_forward_f64(&job) : ck_attention_forward_f32(&job)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let mask = Array(inputs.dropFirst(3))
    guard let seed = seeds[0], seeds[1] == nil else {
      return try FusedGradient.gradient(Array(inputs[..<3]), seeds: seeds) { try composition($0 + mask) }
        + mask.map { _ in nil }
    }
    let found = try Engine.shared.apply(
      AttentionGradient(forward: self), Array(inputs[..<3]) + [outputs[0], outputs[1], seed] + mask)
    return found + mask.map { _ in nil }
  }

  /// The same with plain operations.
  func composition(_ inputs: [Tensor]) throws -> [Tensor] {
    func headsFirst(_ x: Tensor) throws -> Tensor { isTimeFirst ? try x.transpose([0, 2, 1, 3]) : x }
    let (q, k, v) = (try headsFirst(inputs[0]), try headsFirst(inputs[1]), try headsFirst(inputs[2]))
    var scores = try q.matmul(k.transpose([0, 1, 3, 2])) * scale
    let (queries, keys) = (q.shape[2], k.shape[2])
    if inputs.count > 3 {
      let shown = try inputs[3].reshape([k.shape[0], 1, 1, keys])
      scores = try Tensor.where(shown, scores, Tensor.scalar(-1e9, scores.dtype))
    }
    if isCausal {
      let seen = (0..<queries).flatMap { query in (0..<keys).map { $0 <= query } }
      // The future is out of sight even where the mask hides all that came before.
      scores = try Tensor.where(
        Tensor(bools: seen, shape: [queries, keys]), scores, Tensor.scalar(-.infinity, scores.dtype))
    }
    let level = try scores.logSumExp(axes: [3])
    return [try headsFirst(scores.softmax(axis: -1).matmul(v)), level]
  }
}

/// The gradient of attention with respect to q, k and v. Inputs: q, k, v, y, level, g, [mask].
struct AttentionGradient: Operation {
  static let name = "attention_gradient"
  let forward: Attention

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { Array(inputs[..<3]) }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    if inputs[5].count == 0 || inputs[0].count == 0 { return .zeros(outputs, after: inputs.count) }
    let fixed = forward.description(inputs, value: inputs[5].shape)
    let (hasMask, out, isDouble) = (inputs.count > 6, inputs.count, inputs[0].dtype == .float64)
    let scratch = withUnsafePointer(to: fixed) { ck_attention_scratch($0, 1) } * inputs[0].dtype.size
    return Kernel(scratchBytes: scratch) { p in
      var job = fixed
      (job.q, job.k, job.v) = (UnsafeRawPointer(p[0]), UnsafeRawPointer(p[1]), UnsafeRawPointer(p[2]))
      (job.y, job.level, job.dy) = (p[3], p[4], UnsafeRawPointer(p[5]))
      if hasMask { job.mask = UnsafePointer(p.bytes(6)) }
      (job.dq, job.dk, job.dv, job.scratch) = (p[out], p[out + 1], p[out + 2], p[out + 3])
      isDouble ? ck_attention_backward_f64(&job) : ck_attention_backward_f32(&job)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let mask = Array(inputs.dropFirst(6))
    let forward = forward
    let found = try FusedGradient.second(inputs: Array(inputs[..<3]), outputSeeds: [inputs[5]], seeds: seeds) {
      [try forward.composition($0 + mask)[0]]
    }
    return found.inputs + [nil, nil, found.outputSeeds[0]] + mask.map { _ in nil }
  }
}

/// Scaled dot-product attention, `softmax(q·kᵀ·scale)·v`, for every head.
///
/// - Parameters:
///   - q: (batch, heads, queries, width); keys and values (batch, heads, keys, width).
///   - scale: `1 / sqrt(width)` where nil.
///   - causal: query i sees only keys 0…i.
///   - mask: (batch, keys), false hides a key from every query; or nil.
///   - isTimeFirst: the layout is (batch, time, heads, width) instead, as projections give it.
/// - Throws: a shape error where they do not fit.
public func attentionCore(
  _ q: Tensor, _ k: Tensor, _ v: Tensor, causal: Bool = false, scale: Double? = nil, mask: Tensor? = nil,
  isTimeFirst: Bool = false
) throws -> Tensor {
  let operands = try floatOperands([q, k, v])
  let width = q.rank == 4 ? q.shape[3] : 1
  let operation = Attention(
    scale: scale ?? 1 / Double(max(1, width)).squareRoot(), isCausal: causal, isTimeFirst: isTimeFirst)
  let shown = try mask.map { $0.dtype == .bool ? $0 : try $0.cast(to: .bool) }
  return try Engine.shared.apply(operation, operands + (shown.map { [$0] } ?? []))[0]
}
