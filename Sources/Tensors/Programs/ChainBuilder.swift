import CKernels

/// Elementwise operations that run as one pass over memory.
struct Chain {
  /// Nodes of the graph in order.
  var nodes: [Int]
  /// Elements.
  let count: Int
  /// The rectangle that rows and columns refer to; nil while no operand is a row or a column.
  var columns: Int?
}

/// How one elementwise node can take part in a chain.
struct ChainPart {
  let count: Int
  let columns: Int?
  let kinds: [ck_kind]

  /// Nil where the operation is not elementwise, or its operands lie in more than one rectangle.
  init?(_ node: ProgramGraph.Node, _ graph: ProgramGraph) {
    guard node.operation is any ElementwiseOperation else { return nil }
    let shape = graph.values[node.outputs[0]].spec.shape
    count = shape.product
    guard count > 0 else { return nil }
    let plan = BroadcastPlan(shape: shape, operands: node.inputs.map { graph.values[$0].spec.shape })
    guard plan.loopSizes.isEmpty else { return nil }
    kinds = node.inputs.indices.map { index in
      switch (plan.fixedAlongRows[index], plan.fixedAlongColumns[index]) {
      case (false, false): CK_FULL
      case (true, false): plan.rows == 1 ? CK_FULL : CK_ROW
      case (false, true): CK_COLUMN
      case (true, true): plan.rows * plan.columns == 1 ? CK_FULL : CK_SCALAR
      }
    }
    columns = kinds.contains { $0 == CK_ROW || $0 == CK_COLUMN } ? plan.columns : nil
  }
}

/// The kernel of a chain: registers for operands and for what lies between.
struct ChainCode {
  /// An operand from outside.
  struct Operand: Hashable {
    let value: Int
    let kind: UInt32
  }

  private(set) var inputs: [Operand] = []
  private(set) var outputs: [Int] = []
  private(set) var instructions: [ck_instruction] = []
  /// For each output, the inputs (by position) whose memory it may take over: read for the last time no later than it is
  /// written.
  private(set) var reusableInputs: [[Int]] = []
  private(set) var registerCount = 0

  /// - Parameter isNeeded: whether a value is read outside the chain.
  init(_ chain: Chain, _ graph: ProgramGraph, parts: [ChainPart?], isNeeded: (Int) -> Bool) {
    var inside: [Int: Int] = [:]  // root to the position of its instruction
    for (position, node) in chain.nodes.enumerated() { inside[graph.nodes[node].outputs[0]] = position }
    var inputPlaces: [Operand: Int] = [:]
    var lastRead: [Int: Int] = [:]  // position of the instruction that reads a result last
    var inputLastRead: [Int] = []
    for (position, index) in chain.nodes.enumerated() {
      for (place, input) in graph.nodes[index].inputs.enumerated() {
        let root = graph.root(input)
        if inside[root] != nil {
          lastRead[root] = position
        } else {
          let operand = Operand(value: input, kind: (parts[index]?.kinds[place] ?? CK_FULL).rawValue)
          if let known = inputPlaces[operand] {
            inputLastRead[known] = position
          } else {
            inputPlaces[operand] = inputs.count
            inputs.append(operand)
            inputLastRead.append(position)
          }
        }
      }
    }
    outputs = chain.nodes.map { graph.nodes[$0].outputs[0] }.filter(isNeeded)
    let outputPlaces = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($1, inputs.count + $0) })
    var next = inputs.count + outputs.count
    var free: [Int] = []
    var registers: [Int: Int] = [:]
    for (position, index) in chain.nodes.enumerated() {
      let node = graph.nodes[index]
      guard let operation = node.operation as? any ElementwiseOperation else { continue }
      let from = node.inputs.enumerated().map { place, input -> Int in
        let root = graph.root(input)
        if let register = registers[root] { return register }
        let operand = Operand(value: input, kind: (parts[index]?.kinds[place] ?? CK_FULL).rawValue)
        return inputPlaces[operand] ?? 0
      }
      let root = node.outputs[0]
      let out: Int
      if let place = outputPlaces[root] {
        out = place
      } else if let register = free.popLast() {
        out = register
      } else {
        out = next
        next += 1
      }
      registers[root] = out
      let dtype = graph.values[node.inputs[node.inputs.count - 1]].spec.dtype
      instructions.append(
        operation.instruction(dtype, out: out, from[0], from[min(1, from.count - 1)], from[min(2, from.count - 1)]))
      // Temporaries read here for the last time are free for the next instruction.
      for input in Set(node.inputs.map(graph.root)) where lastRead[input] == position && inside[input] != nil {
        if outputPlaces[input] == nil, let register = registers[input] { free.append(register) }
      }
      if lastRead[root] == nil, outputPlaces[root] == nil { free.append(out) }
    }
    registerCount = next
    let written = Dictionary(
      uniqueKeysWithValues: chain.nodes.enumerated().map { (graph.nodes[$1].outputs[0], $0) })
    reusableInputs = outputs.map { output in
      inputs.indices.filter {
        inputs[$0].kind == CK_FULL.rawValue && inputLastRead[$0] <= (written[output] ?? -1)
          && graph.values[inputs[$0].value].spec.dtype.size == graph.values[output].spec.dtype.size
      }
    }
  }

  /// The kernel; pointers come in the order inputs, outputs.
  func kernel(_ graph: ProgramGraph, count: Int, columns: Int?, name: String) -> Kernel {
    let prepared = PreparedChain(
      instructions,
      operands: inputs.map {
        ck_operand(pointer: nil, kind: Int16($0.kind), type: Int16(graph.values[$0.value].spec.dtype.code.rawValue))
      }
        + outputs.map {
          ck_operand(
            pointer: nil, kind: Int16(CK_FULL.rawValue), type: Int16(graph.values[$0].spec.dtype.code.rawValue))
        })
    let width = columns ?? count
    let rows = count / max(1, width)
    return Kernel { pointers in
      let status = prepared.run(pointers, rows: rows, columns: width)
      if status != 0 { try KernelStatus.check(status, name) }
    }
  }
}

/// Instructions and operands of a chain, where the machine reads them.
private final class PreparedChain {
  private let instructions: UnsafeMutableBufferPointer<ck_instruction>
  private let operands: UnsafeMutableBufferPointer<ck_operand>

  init(_ list: [ck_instruction], operands operandList: [ck_operand]) {
    instructions = .allocate(capacity: list.count)
    _ = instructions.initialize(from: list)
    operands = .allocate(capacity: operandList.count)
    _ = operands.initialize(from: operandList)
  }

  deinit {
    instructions.deallocate()
    operands.deallocate()
  }

  @inline(__always)
  func run(_ pointers: UnsafePointer<UnsafeMutableRawPointer>, rows: Int, columns: Int) -> Int32 {
    for index in 0..<operands.count { operands[index].pointer = pointers[index] }
    return ck_chain(
      instructions.baseAddress, Int32(instructions.count), operands.baseAddress, Int32(operands.count), rows, columns)
  }
}
