import CKernels

/// A cheap result that another chain reads far away (a product of the forward pass that the gradient needs) costs a store
/// and a load of the whole tensor. Where that chain reads everything that the result is made of anyway, it computes it
/// again, in registers.
extension Fusion {
  /// Instructions that take less time than reading their result from memory.
  private static let cheap: Set<UInt32> = Set(
    [
      CK_NEGATE, CK_ABS, CK_SQUARE, CK_RELU, CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_MAXIMUM, CK_MINIMUM, CK_GATE,
      CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_EQUAL, CK_GREATER, CK_GREATER_EQUAL, CK_WHERE, CK_MULTIPLY_ADD,
    ].map(\.rawValue))
  /// Below as many elements results stay in the first caches between their chains.
  private static let fewest = 16_384
  /// The most that is computed again for one chain.
  private static let most = 16

  /// Computes cheap results again where that saves memory.
  mutating func recompute() {
    var isChanged = false
    for unit in members.indices where !members[unit].isEmpty {
      guard let part = parts[members[unit][0]], part.count >= Fusion.fewest else { continue }
      let again = repeatable(for: unit, count: part.count)
      guard !again.isEmpty, members[unit].count + again.count <= Fusion.longest else { continue }
      var width = columns[unit]
      for node in again { width = width ?? parts[node]?.columns }
      let widened = Chain(nodes: (again + members[unit]).sorted(), count: part.count, columns: width)
      guard code(widened).registerCount <= Fusion.mostRegisters else { continue }
      take(again, into: unit)
      columns[unit] = width
      isChanged = true
    }
    if isChanged { removeUnread() }
  }

  /// The nodes of other chains, in order, whose results `unit` reads and can make from what else it reads.
  private func repeatable(for unit: Int, count: Int) -> [Int] {
    let inside = Set(members[unit])
    var read: Set<Int> = []
    for node in members[unit] {
      for (place, input) in graph.nodes[node].inputs.enumerated() where isWhole(node, place) {
        let root = graph.root(input)
        if let from = maker[root], inside.contains(from) { continue }
        read.insert(root)
      }
    }
    var known: [Int: Bool] = [:]
    func isRepeatable(_ root: Int) -> Bool {
      if let answer = known[root] { return answer }
      known[root] = false
      guard let node = maker[root], !inside.contains(node), let part = parts[node], part.count == count,
        let operation = graph.nodes[node].operation as? any ElementwiseOperation,
        Fusion.cheap.contains(operation.code.rawValue),
        part.columns == nil || columns[unit] == nil || part.columns == columns[unit]
      else { return false }
      let answer = graph.nodes[node].inputs.enumerated().allSatisfy { place, input in
        let root = graph.root(input)
        return !isWhole(node, place) || read.contains(root) || isRepeatable(root)
      }
      known[root] = answer
      return answer
    }
    var found: Set<Int> = []
    func collect(_ root: Int) {
      guard isRepeatable(root), let node = maker[root], found.insert(node).inserted else { return }
      for (place, input) in graph.nodes[node].inputs.enumerated() where isWhole(node, place) {
        collect(graph.root(input))
      }
    }
    for root in read { collect(root) }
    return found.count <= Fusion.most ? found.sorted() : []
  }

  /// Whether a node reads an operand element by element.
  private func isWhole(_ node: Int, _ place: Int) -> Bool { (parts[node]?.kinds[place] ?? CK_FULL) == CK_FULL }

  /// Puts copies of some nodes at the beginning of a chain, which reads their results from now on.
  private mutating func take(_ nodes: [Int], into unit: Int) {
    var copies: [Int: Int] = [:]  // root to the root of its copy
    var made: [Int] = []
    for node in nodes {
      var copy = graph.nodes[node]
      copy.inputs = copy.inputs.map { graph.view($0, of: copies) }
      let root = copy.outputs[0]
      copies[root] = graph.add(graph.values[root].spec, .node)
      copy.outputs = [copies[root] ?? root]
      made.append(graph.nodes.count)
      graph.nodes.append(copy)
      parts.append(parts[node])
      unitOf.append(unit)
    }
    for node in members[unit] { graph.nodes[node].inputs = graph.nodes[node].inputs.map { graph.view($0, of: copies) } }
    members[unit] = made + members[unit]
    recomputedCount += nodes.count
    readGraph()
  }

  /// Takes away the nodes of chains that nothing reads any more.
  private mutating func removeUnread() {
    for index in graph.nodes.indices.reversed() where parts[index] != nil {
      let root = graph.nodes[index].outputs[0]
      guard readers[root].isEmpty, !isResult[root] else { continue }
      for input in graph.nodes[index].inputs { readers[graph.root(input)].removeAll { $0 == index } }
      members[unitOf[index]].removeAll { $0 == index }
    }
  }
}

extension ProgramGraph {
  /// `value`, or, where its root has a copy, the same view of the copy.
  fileprivate mutating func view(_ value: Int, of copies: [Int: Int]) -> Int {
    guard let copy = copies[root(value)] else { return value }
    return values[value].spec == values[copy].spec ? copy : addView(of: copy, values[value].spec)
  }
}
