import CKernels

/// Running sums along one axis.
struct RunningSum: Operation {
  static let name = "cumsum"
  let axis: Int
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { scanKernel(CK_RUNNING_SUM, inputs[0], axis) }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try $0.flip(axis).cumsum(axis: axis).flip(axis) }]
  }
}

/// Running products along one axis. The gradient is exact where elements are zero.
struct RunningProduct: Operation {
  static let name = "cumprod"
  let axis: Int
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { scanKernel(CK_RUNNING_PRODUCT, inputs[0], axis) }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    // Σⱼ≥ᵢ sⱼ Πₖ≤ⱼ,ₖ≠ᵢ xₖ = (Πₖ<ᵢ xₖ) rᵢ with rᵢ = sᵢ + xᵢ₊₁ rᵢ₊₁.
    let x = inputs[0]
    let next = try x.shifted(axis: axis, by: -1, filling: 0)
    let tail = try Engine.shared.apply1(LinearRecurrence(axis: axis, reverse: true), next, seed)
    return [try x.exclusiveProduct(axis: axis, reverse: false) * tail]
  }
}

/// `yᵢ = sᵢ + aᵢ yᵢ₋₁` along one axis (`yᵢ₊₁` where reversed), from `a` and `s`.
struct LinearRecurrence: Operation {
  static let name = "linear_recurrence"
  let axis: Int
  let reverse: Bool
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[1]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (outer, length, inner) = scanSizes(inputs[0].shape, axis)
    let (type, backwards) = (Int32(inputs[0].dtype.code.rawValue), Int32(reverse ? 1 : 0))
    return Kernel { pointers in
      ck_recurrence(type, pointers[0], pointers[1], pointers[2], outer, length, inner, backwards)
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    // tᵢ = hᵢ + aᵢ₊₁ tᵢ₊₁ is the share of sᵢ; that of aᵢ is tᵢ yᵢ₋₁.
    let step = reverse ? 1 : -1
    let coefficients = try inputs[0].shifted(axis: axis, by: step, filling: 0)
    let t = try Engine.shared.apply1(LinearRecurrence(axis: axis, reverse: !reverse), coefficients, seed)
    return [needed[0] ? try t * outputs[0].shifted(axis: axis, by: -step, filling: 0) : nil, t]
  }
}

private func scanSizes(_ shape: Shape, _ axis: Int) -> (Int, Int, Int) {
  (shape[..<axis].product, shape[axis], shape[(axis + 1)...].product)
}

private func scanKernel(_ kind: ck_scan_kind, _ spec: Spec, _ axis: Int) -> Kernel {
  let (outer, length, inner) = scanSizes(spec.shape, axis)
  let type = Int32(spec.dtype.code.rawValue)
  return Kernel { pointers in
    let status = ck_scan(Int32(kind.rawValue), type, pointers[0], pointers[1], outer, length, inner)
    if status != 0 { try KernelStatus.check(status, kind == CK_RUNNING_SUM ? "cumsum" : "cumprod") }
  }
}

extension Tensor {
  /// Running sums along an axis; of the flattened tensor for nil.
  public func cumsum(axis: Int? = nil) throws -> Tensor {
    let x = try asNumbers()
    guard let axis else { return try x.flatten().cumsum(axis: 0) }
    return try Engine.shared.apply1(RunningSum(axis: Axes.checked(axis, rank: rank)), x)
  }

  /// Running products along an axis; of the flattened tensor for nil.
  public func cumprod(axis: Int? = nil) throws -> Tensor {
    let x = try asNumbers()
    guard let axis else { return try x.flatten().cumprod(axis: 0) }
    return try Engine.shared.apply1(RunningProduct(axis: Axes.checked(axis, rank: rank)), x)
  }

  /// Moved along an axis by one place, towards the end for 1 and the start for -1; the free place is filled.
  func shifted(axis: Int, by step: Int, filling value: Double) throws -> Tensor {
    guard shape[axis] > 0 else { return self }
    var widths = shape.map { _ in (0, 0) }
    widths[axis] = step > 0 ? (1, 0) : (0, 1)
    return try narrow(axis: axis, from: step > 0 ? 0 : 1, count: shape[axis] - 1).pad(widths, value: value)
  }

  /// The product of all elements before each one along an axis (after each one, where reversed).
  func exclusiveProduct(axis: Int, reverse: Bool) throws -> Tensor {
    if reverse { return try flip(axis).exclusiveProduct(axis: axis, reverse: false).flip(axis) }
    return try shifted(axis: axis, by: 1, filling: 1).cumprod(axis: axis)
  }
}
