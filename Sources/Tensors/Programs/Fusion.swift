import CKernels

/// Gathers elementwise operations into chains, and puts everything into an order in which it can run.
struct Fusion {
  /// What runs at once.
  enum Unit {
    case single(Int)
    case chain(Chain)
  }

  /// The most that one chain holds: what lies between its instructions should stay in the first caches.
  static let longest = 64
  static let mostRegisters = 28

  /// The graph, with copies of the nodes that are computed again.
  var graph: ProgramGraph
  var parts: [ChainPart?]
  /// For every node the unit that holds it.
  var unitOf: [Int]
  /// The nodes of each unit; empty where a unit was taken up by another.
  var members: [[Int]]
  var columns: [Int?]
  private(set) var maker: [Int?] = []
  /// The nodes that read each root, and whether the program gives it back.
  var readers: [[Int]] = []
  private(set) var isResult: [Bool] = []
  /// How many nodes are computed again.
  var recomputedCount = 0

  init(_ graph: ProgramGraph) {
    self.graph = graph
    parts = graph.nodes.map { ChainPart($0, graph) }
    unitOf = Array(graph.nodes.indices)
    members = graph.nodes.indices.map { [$0] }
    columns = parts.map { $0?.columns }
    readGraph()
    for index in graph.nodes.indices where parts[index] != nil { join(index) }
    recompute()
  }

  /// Notes who makes and who reads what.
  mutating func readGraph() {
    maker = graph.makers()
    var readers = [[Int]](repeating: [], count: graph.values.count)
    var isResult = [Bool](repeating: false, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs { readers[graph.root(input)].append(index) }
    }
    for value in graph.outputs + graph.newState { isResult[graph.root(value)] = true }
    (self.readers, self.isResult) = (readers, isResult)
  }

  /// The units in an order in which they can run.
  func ordered() -> [Unit] {
    // Units come in the order of their last nodes, after everything that they read; random ones keep their order.
    var result: [Unit] = []
    var done = [Bool](repeating: false, count: members.count)
    let random = graph.nodes.indices.filter { graph.nodes[$0].operation.isRandom }
    func visit(_ unit: Int) {
      guard !done[unit] else { return }
      done[unit] = true
      if let first = members[unit].first, graph.nodes[first].operation.isRandom {
        for earlier in random where earlier < first { visit(unitOf[earlier]) }
      }
      for node in members[unit] {
        for input in graph.nodes[node].inputs {
          if let from = maker[graph.root(input)], unitOf[from] != unit { visit(unitOf[from]) }
        }
      }
      if let part = parts[members[unit][0]] {
        result.append(.chain(Chain(nodes: members[unit], count: part.count, columns: columns[unit])))
      } else {
        result.append(.single(members[unit][0]))
      }
    }
    for node in graph.nodes.indices where members[unitOf[node]].last == node { visit(unitOf[node]) }
    return result
  }

  /// Puts a node into the chains of what it reads, where that is allowed.
  private mutating func join(_ index: Int) {
    guard let part = parts[index] else { return }
    var tried: Set<Int> = []
    // The youngest first: it is the most likely to be read by nobody else.
    for input in graph.nodes[index].inputs.sorted(by: >) {
      guard let from = maker[graph.root(input)], let other = parts[from], other.count == part.count else { continue }
      let (mine, theirs) = (unitOf[index], unitOf[from])
      guard mine != theirs, tried.insert(theirs).inserted else { continue }
      if let a = columns[mine], let b = columns[theirs], a != b { continue }
      guard members[mine].count + members[theirs].count <= Fusion.longest else { continue }
      // Nothing outside may stand between the two.
      guard !dependsThroughOthers(mine, on: theirs) else { continue }
      let merged = (members[theirs] + members[mine]).sorted()
      let width = columns[mine] ?? columns[theirs]
      guard registers(merged, width, part.count) <= Fusion.mostRegisters else { continue }
      members[theirs] = merged
      columns[theirs] = width
      members[mine] = []
      for node in merged { unitOf[node] = theirs }
    }
  }

  private func registers(_ nodes: [Int], _ columns: Int?, _ count: Int) -> Int {
    // A few operations cannot need more than there are.
    nodes.count <= 6 ? 0 : code(Chain(nodes: nodes, count: count, columns: columns)).registerCount
  }

  /// The code of a chain.
  func code(_ chain: Chain) -> ChainCode {
    let inside = Set(chain.nodes)
    return ChainCode(chain, graph, parts: parts) { root in
      isResult[root] || readers[root].contains { !inside.contains($0) }
    }
  }

  /// Whether unit `a` reads, through some other unit, what unit `b` makes.
  private func dependsThroughOthers(_ a: Int, on b: Int) -> Bool {
    guard let earliest = members[b].first else { return false }
    var pending: [Int] = []
    var seen: Set<Int> = [a, b]
    func push(_ unit: Int) {
      for node in members[unit] {
        for input in graph.nodes[node].inputs {
          guard let from = maker[graph.root(input)] else { continue }
          let next = unitOf[from]
          if seen.insert(next).inserted { pending.append(next) }
        }
      }
    }
    push(a)
    while let unit = pending.popLast() {
      // What ends before the chain begins cannot read from it.
      guard let last = members[unit].last, last > earliest else { continue }
      for node in members[unit] {
        for input in graph.nodes[node].inputs {
          guard let from = maker[graph.root(input)] else { continue }
          let next = unitOf[from]
          if next == b { return true }
          if seen.insert(next).inserted { pending.append(next) }
        }
      }
    }
    return false
  }
}
