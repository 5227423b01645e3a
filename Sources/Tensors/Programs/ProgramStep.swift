/// One prepared computation of a program, before memory is planned.
struct ProgramStep {
  let name: String
  /// How many operations of the trace it does.
  let operationCount: Int
  /// Roots read, in the order of the kernel's pointers.
  let inputs: [Int]
  /// Roots written.
  let outputs: [Int]
  /// For each output, the inputs (positions) whose memory it may take over.
  let reusableInputs: [[Int]]
  let kernel: Kernel

  /// A step for every unit, in their order.
  static func make(_ units: [Fusion.Unit], _ graph: ProgramGraph, _ fusion: Fusion) throws -> [ProgramStep] {
    try units.map { unit in
      switch unit {
      case .single(let index):
        let node = graph.nodes[index]
        let kernel = try node.operation.kernel(
          inputs: node.inputs.map { graph.values[$0].spec }, outputs: node.outputs.map { graph.values[$0].spec })
        return ProgramStep(
          name: name(node.operation), operationCount: 1, inputs: node.inputs.map(graph.root), outputs: node.outputs,
          reusableInputs: node.operation.reusableInputs.isEmpty
            ? node.outputs.map { _ in [] } : node.operation.reusableInputs, kernel: kernel)
      case .chain(let chain):
        let code = fusion.code(chain)
        let names = chain.nodes.map { name(graph.nodes[$0].operation) }
        let text = names.count > 6 ? names.prefix(5).joined(separator: ", ") + ", …" : names.joined(separator: ", ")
        return ProgramStep(
          name: text, operationCount: names.count, inputs: code.inputs.map { graph.root($0.value) },
          outputs: code.outputs,
          reusableInputs: code.reusableInputs,
          kernel: code.kernel(graph, count: chain.count, columns: chain.columns, name: names[0]))
      }
    }
  }

  static func name(_ operation: some Operation) -> String { type(of: operation).name }
}
