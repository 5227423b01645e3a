/// What a trace wrote down, as values and the operations between them, in an order in which they can run.
struct ProgramGraph {
  /// Where a value comes from.
  enum Source {
    case input(Int)
    case state(Int)
    case constant(Tensor)
    case node
  }

  struct Value {
    var spec: Spec
    var source: Source
    /// The value whose memory this one is: itself, or what it is another shape of.
    var root: Int
  }

  struct Node {
    var operation: any Operation
    var inputs: [Int]
    var outputs: [Int]
  }

  var values: [Value] = []
  var nodes: [Node] = []
  var outputs: [Int] = []
  var newState: [Int] = []

  /// - Parameters:
  ///   - entries: the recording, leaves included.
  ///   - inputs, state: the leaves.
  ///   - outputs, newState: what the traced function returned.
  init(_ entries: [Tape.Entry], inputs: [Tensor], state: [Tensor], outputs: [Tensor], newState: [Tensor]) throws {
    var places: [ObjectIdentifier: Int] = [:]
    places.reserveCapacity(entries.count * 2)
    for (index, tensor) in inputs.enumerated() { places[ObjectIdentifier(tensor)] = add(tensor.spec, .input(index)) }
    for (index, tensor) in state.enumerated() { places[ObjectIdentifier(tensor)] = add(tensor.spec, .state(index)) }
    func place(_ tensor: Tensor) throws -> Int {
      if let found = places[ObjectIdentifier(tensor)] { return found }
      guard !tensor.isAbstract else {
        throw TensorError(.value, "a traced function used a symbolic tensor that it was not given")
      }
      let made = add(tensor.spec, .constant(tensor))
      places[ObjectIdentifier(tensor)] = made
      return made
    }
    for entry in entries {
      // What is concrete was computed while tracing; what has no operation is a leaf.
      guard let operation = entry.operation, entry.outputs.contains(where: \.isAbstract) else { continue }
      let from = try entry.inputs.map(place)
      if operation.sharesStorage {
        let output = entry.outputs[0]
        places[ObjectIdentifier(output)] = addView(of: from[0], output.spec)
        continue
      }
      let to = entry.outputs.map { tensor -> Int in
        let made = add(tensor.spec, .node)
        places[ObjectIdentifier(tensor)] = made
        return made
      }
      nodes.append(Node(operation: operation, inputs: from, outputs: to))
    }
    self.outputs = try outputs.map(place)
    self.newState = try newState.map(place)
  }

  mutating func add(_ spec: Spec, _ source: Source) -> Int {
    values.append(Value(spec: spec, source: source, root: values.count))
    return values.count - 1
  }

  mutating func addView(of value: Int, _ spec: Spec) -> Int {
    values.append(Value(spec: spec, source: values[value].source, root: values[value].root))
    return values.count - 1
  }

  /// The memory behind a value.
  func root(_ value: Int) -> Int { values[value].root }

  /// Where each root is made: the node's index, or nil for what is given.
  func makers() -> [Int?] {
    var found = [Int?](repeating: nil, count: values.count)
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { found[output] = index }
    }
    return found
  }

  /// How often each root is read, results of the program counting as readers.
  func readerCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for node in nodes { for input in node.inputs { counts[root(input)] += 1 } }
    for value in outputs + newState { counts[root(value)] += 1 }
    return counts
  }

  // MARK: Simplification

  /// Takes away what nothing needs. Random operations stay: they move the stream of random numbers.
  mutating func removeUnused() {
    var needed = [Bool](repeating: false, count: values.count)
    for value in outputs + newState { needed[root(value)] = true }
    var kept: [Node] = []
    for node in nodes.reversed() where node.operation.isRandom || node.outputs.contains(where: { needed[$0] }) {
      for input in node.inputs { needed[root(input)] = true }
      kept.append(node)
    }
    nodes = kept.reversed()
  }

  /// Computes equal things once.
  mutating func mergeCommon() {
    struct Key: Hashable {
      let operation: AnyHashable
      let inputs: [Int]
      let specs: [Spec]
    }
    var seen: [Key: Int] = [:]
    var replacement = Array(values.indices)
    var kept: [Node] = []
    // Views of one root with one spec are one value; so are constants with one element and equal bytes.
    var views: [ViewKey: Int] = [:]
    func canonical(_ value: Int) -> Int {
      let root = replacement[values[value].root]
      values[value].root = root
      let key = ViewKey(root: root, spec: values[value].spec)
      if let found = views[key] { return found }
      views[key] = value
      return value
    }
    mergeEqualConstants(&replacement)
    for node in nodes {
      let inputs = node.inputs.map(canonical)
      var merged = node
      merged.inputs = inputs
      if !node.operation.isRandom {
        let key = Key(
          operation: AnyHashable(node.operation), inputs: inputs, specs: inputs.map { values[$0].spec })
        if let earlier = seen[key] {
          for (mine, theirs) in zip(node.outputs, kept[earlier].outputs) { replacement[mine] = theirs }
          continue
        }
        seen[key] = kept.count
      }
      kept.append(merged)
    }
    nodes = kept
    for index in values.indices { values[index].root = replacement[values[index].root] }
    outputs = outputs.map(canonical)
    newState = newState.map(canonical)
  }

  private struct ViewKey: Hashable {
    let root: Int
    let spec: Spec
  }

  private func mergeEqualConstants(_ replacement: inout [Int]) {
    struct Key: Hashable {
      let spec: Spec
      let bits: UInt64
    }
    var seen: [Key: Int] = [:]
    for (index, value) in values.enumerated() where value.root == index {
      guard case .constant(let tensor) = value.source, tensor.count == 1, let storage = tensor.storage else { continue }
      let bits: UInt64 =
        switch tensor.dtype.size {
        case 8: storage.pointer.load(as: UInt64.self)
        case 4: UInt64(storage.pointer.load(as: UInt32.self))
        default: UInt64(storage.pointer.load(as: UInt8.self))
        }
      let key = Key(spec: value.spec, bits: bits)
      if let earlier = seen[key] { replacement[index] = earlier } else { seen[key] = index }
    }
  }

  /// Elementwise operations stretch their operands themselves: a copy that only does so falls away.
  mutating func readThroughBroadcasts() {
    var origin: [Int: Int] = [:]
    for index in nodes.indices {
      if nodes[index].operation is any ElementwiseOperation {
        let inputs = nodes[index].inputs
        for (place, input) in inputs.enumerated() {
          guard let source = origin[input] else { continue }
          nodes[index].inputs[place] = source
        }
      } else if nodes[index].operation is Broadcast {
        let input = nodes[index].inputs[0]
        origin[nodes[index].outputs[0]] = origin[input] ?? input
      }
    }
  }
}
