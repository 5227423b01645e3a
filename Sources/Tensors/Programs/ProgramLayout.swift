/// Where every value of a program lies, and the pointers that its steps are given.
struct ProgramLayout {
  enum Place: Equatable {
    /// In the program's own block.
    case block(Int)
    case input(Int)
    case state(Int)
    /// The `n`-th tensor that every run makes anew.
    case fresh(Int)
    case constant
  }

  private(set) var places: [Place?]
  /// The specs of the values behind `Place.fresh`.
  private(set) var freshSpecs: [Spec] = []
  /// For each state the index of the fresh value that replaces it unless it can be changed in place.
  private(set) var inPlace: [Int?]
  private(set) var plan = MemoryPlan([])
  /// Bytes of constants that the trace met.
  private(set) var constantBytes = 0

  init(_ graph: ProgramGraph, _ steps: [ProgramStep]) {
    places = [Place?](repeating: nil, count: graph.values.count)
    inPlace = Array(repeating: nil, count: graph.newState.count)
    var lastRead = [Int](repeating: -1, count: graph.values.count)
    var made = [Int](repeating: -1, count: graph.values.count)
    for (index, step) in steps.enumerated() {
      for root in step.inputs { lastRead[root] = index }
      for root in step.outputs { made[root] = index }
    }
    for (index, value) in graph.values.enumerated() where value.root == index {
      switch value.source {
      case .input(let number): places[index] = .input(number)
      case .state(let number): places[index] = .state(number)
      case .constant(let tensor):
        places[index] = .constant
        if lastRead[index] >= 0 { constantBytes += tensor.spec.byteCount }
      case .node: break
      }
    }
    // What the program gives away.
    let given = Set(graph.outputs.map(graph.root))
    for root in given where places[root] == nil { makeFresh(root, graph) }
    for (number, value) in graph.newState.enumerated() {
      let root = graph.root(value)
      guard places[root] == nil else { continue }
      makeFresh(root, graph)
      if ProgramLayout.canReplace(number, by: root, graph, steps, lastRead: lastRead, made: made, given: given) {
        inPlace[number] = freshSpecs.count - 1
      }
    }
    // What lies between.
    var lives: [MemoryPlan.Life] = []
    var takenOver: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      var used: Set<Int> = []
      for (output, candidates) in zip(step.outputs, step.reusableInputs) where places[output] == nil {
        let found = candidates.first { position in
          let root = step.inputs[position]
          return places[root] == nil && lastRead[root] == index && !used.contains(root)
            && graph.values[root].spec.byteCount == graph.values[output].spec.byteCount
            && step.inputs.filter { $0 == root }.count == 1
        }
        guard let found else { continue }
        used.insert(step.inputs[found])
        takenOver[output] = step.inputs[found]
      }
      if step.kernel.scratchBytes > 0 {
        lives.append(.init(root: -1 - index, byteCount: step.kernel.scratchBytes, first: index, last: index))
      }
    }
    var lifeOf: [Int: Int] = [:]
    var owner: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      for output in step.outputs where places[output] == nil {
        let last = max(lastRead[output], index)
        if let earlier = takenOver[output] {
          let first = owner[earlier] ?? earlier
          owner[output] = first
          if let life = lifeOf[first] { lives[life].last = max(lives[life].last, last) }
        } else {
          lifeOf[output] = lives.count
          lives.append(.init(root: output, byteCount: graph.values[output].spec.byteCount, first: index, last: last))
        }
      }
    }
    plan = MemoryPlan(lives)
    for step in steps {
      for output in step.outputs where places[output] == nil {
        places[output] = .block(plan.offsets[owner[output] ?? output] ?? 0)
      }
    }
  }

  private mutating func makeFresh(_ root: Int, _ graph: ProgramGraph) {
    places[root] = .fresh(freshSpecs.count)
    freshSpecs.append(graph.values[root].spec)
  }

  /// Whether a state's new value may be written where the old one lies: nothing reads the old one afterwards.
  private static func canReplace(
    _ number: Int, by root: Int, _ graph: ProgramGraph, _ steps: [ProgramStep], lastRead: [Int], made: [Int],
    given: Set<Int>
  ) -> Bool {
    guard !given.contains(root) else { return false }
    guard
      let old = graph.values.indices.first(where: {
        if case .state(number) = graph.values[$0].source { return graph.values[$0].root == $0 }
        return false
      })
    else { return false }
    // Given back under another name: it must stay as it is.
    if graph.outputs.contains(where: { graph.root($0) == old })
      || graph.newState.contains(where: { graph.root($0) == old })
    {
      return false
    }
    guard graph.values[old].spec.byteCount == graph.values[root].spec.byteCount else { return false }
    let (writer, reader) = (made[root], lastRead[old])
    if reader < writer { return true }
    guard reader == writer, writer >= 0, let place = steps[writer].outputs.firstIndex(of: root) else { return false }
    let mine = steps[writer].inputs.indices.filter { steps[writer].inputs[$0] == old }
    return mine.count == 1 && steps[writer].reusableInputs[place].contains(mine[0])
  }
}
