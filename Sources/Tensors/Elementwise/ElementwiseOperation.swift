import CKernels

/// An operation whose every result element depends on the operands' elements at the same place: one instruction of the
/// block machine in `CKernels`, so that chains of them can run as one pass over memory.
protocol ElementwiseOperation: Operation {
  /// The machine's operation.
  var code: ck_op { get }
  /// The settings that a few operations have.
  var settings: (Double, Double) { get }
  /// How messages call it: `+`, `exp`.
  var symbol: String { get }
  /// The result's dtype from the (promoted) operands'.
  func resultType(_ operands: DType) -> DType
}

extension ElementwiseOperation {
  var settings: (Double, Double) { (0, 0) }
  var symbol: String { Self.name }
  func resultType(_ operands: DType) -> DType { ck_gives_bool(Int32(code.rawValue)) != 0 ? .bool : operands }

  /// The instruction for operands of a type, from registers to a register.
  func instruction(_ dtype: DType, out: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0) -> ck_instruction {
    let (p, q) = settings
    return ck_instruction(
      op: Int16(code.rawValue), type: Int16(dtype.code.rawValue), out: Int16(out), a: Int16(a), b: Int16(b),
      c: Int16(c), p: p, q: q)
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    for other in inputs.dropFirst() { shape = try Broadcasting.shape(shape, other.shape, symbol: symbol) }
    let operands = inputs[inputs.count - 1].dtype
    return [Spec(resultType(operands), shape, isWeak: inputs.allSatisfy(\.isWeak))]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let run = ElementwiseRun(self, inputs: inputs, output: outputs[0])
    return Kernel { pointers in try run(pointers) }
  }
}

extension DType {
  /// The kernels' name of the type.
  var code: ck_type {
    switch self {
    case .float32: CK_F32
    case .float64: CK_F64
    case .int32: CK_I32
    case .bool: CK_BOOL
    }
  }
}

/// One elementwise operation prepared for its operands' shapes.
struct ElementwiseRun {
  let instruction: ck_instruction
  let plan: BroadcastPlan
  let operands: [Spec]
  let output: Spec
  let symbol: String

  init(_ operation: some ElementwiseOperation, inputs: [Spec], output: Spec) {
    instruction = operation.instruction(
      inputs[inputs.count - 1].dtype, out: inputs.count, 0, min(1, inputs.count - 1), min(2, inputs.count - 1))
    plan = BroadcastPlan(shape: output.shape, operands: inputs.map(\.shape))
    operands = inputs
    self.output = output
    symbol = operation.symbol
  }

  /// Runs on pointers in the order operands, result.
  func callAsFunction(_ pointers: UnsafePointer<UnsafeMutableRawPointer>) throws {
    guard output.count > 0 else { return }
    var status: Int32 = 0
    // Many small rectangles cost more than copying the operands to their full shape first.
    if plan.loopSizes.reduce(1, *) > 16, plan.rows * plan.columns < 512 {
      return try runOnCopies(pointers)
    }
    let count = operands.count
    withUnsafeTemporaryAllocation(of: ck_operand.self, capacity: count + 1) { list in
      plan.forEachRectangle { offsets, resultOffset in
        for index in 0..<count {
          let kind: ck_kind =
            switch (plan.fixedAlongRows[index], plan.fixedAlongColumns[index]) {
            case (false, false): CK_FULL
            case (true, false): plan.rows == 1 ? CK_FULL : CK_ROW
            case (false, true): CK_COLUMN
            case (true, true): CK_SCALAR
            }
          let dtype = operands[index].dtype
          list[index] = ck_operand(
            pointer: pointers[index] + offsets[index] * dtype.size, kind: Int16(kind.rawValue),
            type: Int16(dtype.code.rawValue))
        }
        list[count] = ck_operand(
          pointer: pointers[count] + resultOffset * output.dtype.size, kind: Int16(CK_FULL.rawValue),
          type: Int16(output.dtype.code.rawValue))
        var single = instruction
        status |= ck_chain(&single, 1, list.baseAddress, Int32(count + 1), plan.rows, plan.columns)
      }
    }
    try KernelStatus.check(status, symbol)
  }

  private func runOnCopies(_ pointers: UnsafePointer<UnsafeMutableRawPointer>) throws {
    var copies: [Storage] = []
    var list: [ck_operand] = []
    for (index, spec) in operands.enumerated() {
      var pointer = pointers[index]
      if spec.shape != output.shape && !spec.shape.allSatisfy({ $0 == 1 }) {
        let copy = try Storage(byteCount: output.count * spec.dtype.size)
        StridedCopy.broadcast(spec, at: pointer, to: output.shape, at: copy.pointer)
        copies.append(copy)
        pointer = copy.pointer
      }
      let single = spec.shape.allSatisfy { $0 == 1 } && output.count > 1
      list.append(
        ck_operand(
          pointer: pointer, kind: Int16(single ? CK_SCALAR.rawValue : CK_FULL.rawValue),
          type: Int16(spec.dtype.code.rawValue)))
    }
    list.append(
      ck_operand(
        pointer: pointers[operands.count], kind: Int16(CK_FULL.rawValue), type: Int16(output.dtype.code.rawValue)))
    var single = instruction
    let status = ck_chain(&single, 1, list, Int32(list.count), 1, output.count)
    withExtendedLifetime(copies) {}
    try KernelStatus.check(status, symbol)
  }
}

/// The wording of what a kernel reports.
enum KernelStatus {
  static func check(_ status: Int32, _ symbol: String) throws {
    guard status != 0 else { return }
    func has(_ flag: ck_status) -> Bool { status & Int32(flag.rawValue) != 0 }
    if has(CK_ZERO_DIVISION) {
      throw TensorError(.value, "`\(symbol)` of int32 by zero", hint: "float32(x) gives inf or nan instead")
    }
    if has(CK_NEGATIVE_POWER) {
      throw TensorError(.value, "int32 to a negative power is not a whole number", hint: "float32(x) ^ n")
    }
    if has(CK_NOT_AN_INTEGER) {
      throw TensorError(
        .value,
        "int32 holds whole numbers from -2147483648 to 2147483647, and an element is nan, a fraction or beyond them",
        hint: "floor(x) or round(x) makes fractions whole")
    }
    if has(CK_OVERFLOW) {
      throw TensorError(
        .value, "a result of `\(symbol)` is beyond what int32 holds (-2147483648 to 2147483647)",
        hint: "float64(x) holds whole numbers up to 2^53")
    }
    throw TensorError(.type, "`\(symbol)` does not work on elements of this dtype")
  }
}
