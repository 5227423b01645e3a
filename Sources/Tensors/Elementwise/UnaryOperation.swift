import CKernels

/// An elementwise function of one tensor.
protocol UnaryOperation: ElementwiseOperation {
  /// The share of the argument: `seed` times the derivative, from the argument and the result; nil where it is zero.
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor?
}

extension UnaryOperation {
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try share(inputs[0], outputs[0], seed)]
  }
}

/// An elementwise function of two tensors, which broadcast.
protocol BinaryOperation: ElementwiseOperation {
  /// The shares of both operands before what broadcasting stretched is summed up again; nil where zero or not needed.
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
}

extension BinaryOperation {
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let (a, b) = try shares(inputs[0], inputs[1], outputs[0], seed, needed: (needed[0], needed[1]))
    return [try a?.summed(to: inputs[0].spec), try b?.summed(to: inputs[1].spec)]
  }
}

extension Engine {
  /// Runs an elementwise function of one tensor without the general path's lists.
  /// - Parameter isWeak: whether the result is a number; what `x` is where nil.
  func unary(_ operation: some UnaryOperation, _ x: Tensor, isWeak: Bool? = nil) throws -> Tensor {
    guard let source = x.storage else { return try apply(operation, [x])[0] }
    try interruptionCheck?()
    let result = try Tensor(
      uninitialized: Spec(operation.resultType(x.dtype), x.spec.shape, isWeak: isWeak ?? x.spec.isWeak))
    let count = x.count
    if count > 0 {
      var instruction = operation.instruction(x.dtype, out: 1, 0)
      let status = withUnsafeTemporaryAllocation(of: ck_operand.self, capacity: 2) { list in
        list[0] = ck_operand(pointer: source.pointer, kind: Int16(CK_FULL.rawValue), type: Int16(x.dtype.code.rawValue))
        list[1] = ck_operand(
          pointer: result.storage.unsafelyUnwrapped.pointer, kind: Int16(CK_FULL.rawValue),
          type: Int16(result.dtype.code.rawValue))
        return ck_chain(&instruction, 1, list.baseAddress, 2, 1, count)
      }
      if status != 0 { try KernelStatus.check(status, operation.symbol) }
    }
    if tape.isRecording { tape.record(operation, [x], [result], isTraced: false) }
    return result
  }

  /// Runs an elementwise function of two tensors of one dtype. Equal shapes, single values, a row for every row and a
  /// value for every row take the short way; other broadcasting the general one.
  func binary(_ operation: some BinaryOperation, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    guard let left = a.storage, let right = b.storage, let layout = ShortLayout(a.spec.shape, b.spec.shape) else {
      return try apply(operation, [a, b])[0]
    }
    try interruptionCheck?()
    let resultType = operation.resultType(b.dtype)
    let result = try Tensor(
      uninitialized: Spec(
        resultType, layout.shape, isWeak: a.spec.isWeak && b.spec.isWeak && resultType != .bool))
    if layout.rows > 0 && layout.columns > 0 {
      var instruction = operation.instruction(b.dtype, out: 2, 0, 1)
      let type = Int16(b.dtype.code.rawValue)
      let status = withUnsafeTemporaryAllocation(of: ck_operand.self, capacity: 3) { list in
        list[0] = ck_operand(pointer: left.pointer, kind: Int16(layout.left.rawValue), type: type)
        list[1] = ck_operand(pointer: right.pointer, kind: Int16(layout.right.rawValue), type: type)
        list[2] = ck_operand(
          pointer: result.storage.unsafelyUnwrapped.pointer, kind: Int16(CK_FULL.rawValue),
          type: Int16(result.dtype.code.rawValue))
        return ck_chain(&instruction, 1, list.baseAddress, 3, layout.rows, layout.columns)
      }
      if status != 0 { try KernelStatus.check(status, operation.symbol) }
    }
    if tape.isRecording { tape.record(operation, [a, b], [result], isTraced: false) }
    return result
  }

  /// Chooses between two tensors of one dtype by a condition. Equal shapes and single values take the short way.
  func choice(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    guard let test = condition.storage, let left = a.storage, let right = b.storage, condition.rank > 0,
      a.shape.isEmpty || a.shape == condition.shape, b.shape.isEmpty || b.shape == condition.shape
    else { return try apply(Where(), [condition, a, b])[0] }
    try interruptionCheck?()
    let result = try Tensor(uninitialized: Spec(a.dtype, condition.shape))
    let type = Int16(a.dtype.code.rawValue)
    func kind(_ operand: Tensor) -> Int16 { Int16((operand.shape.isEmpty ? CK_SCALAR : CK_FULL).rawValue) }
    if result.count > 0 {
      var instruction = Where().instruction(a.dtype, out: 3, 0, 1, 2)
      let status = withUnsafeTemporaryAllocation(of: ck_operand.self, capacity: 4) { list in
        list[0] = ck_operand(
          pointer: test.pointer, kind: Int16(CK_FULL.rawValue), type: Int16(CK_BOOL.rawValue))
        list[1] = ck_operand(pointer: left.pointer, kind: kind(a), type: type)
        list[2] = ck_operand(pointer: right.pointer, kind: kind(b), type: type)
        list[3] = ck_operand(
          pointer: result.storage.unsafelyUnwrapped.pointer, kind: Int16(CK_FULL.rawValue), type: type)
        return ck_chain(&instruction, 1, list.baseAddress, 4, 1, result.count)
      }
      if status != 0 { try KernelStatus.check(status, Where.name) }
    }
    if tape.isRecording { tape.record(Where(), [condition, a, b], [result], isTraced: false) }
    return result
  }
}

/// The frequent ways in which two operands lie beside each other.
private struct ShortLayout {
  let shape: Shape
  let rows: Int
  let columns: Int
  var left = CK_FULL
  var right = CK_FULL

  /// Nil where the shapes need the general plan, or do not fit.
  init?(_ a: Shape, _ b: Shape) {
    if a == b || b.isEmpty || a.isEmpty {
      shape = a.isEmpty ? b : a
      rows = 1
      columns = shape.product
      if a != b {
        if b.isEmpty { right = CK_SCALAR } else { left = CK_SCALAR }
      }
      return
    }
    let isLeftLarger = a.count > b.count || a.count == b.count && a[a.count - 1] >= b[b.count - 1]
    let (large, small) = isLeftLarger ? (a, b) : (b, a)
    let kind: ck_kind
    if large.count > small.count {
      guard large.suffix(small.count).elementsEqual(small) else { return nil }
      columns = small.product
      rows = large.dropLast(small.count).reduce(1, &*)
      kind = CK_ROW
    } else {
      // Equal but for the last axis, which is 1 in one of them.
      let last = large.count - 1
      guard small[last] == 1, large[..<last] == small[..<last] else { return nil }
      columns = large[last]
      rows = small.product
      kind = CK_COLUMN
    }
    shape = large
    if isLeftLarger { right = kind } else { left = kind }
  }
}
