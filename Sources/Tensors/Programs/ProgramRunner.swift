/// Runs a program's steps: a flat list of kernels, and a flat table of pointers of which each has its stretch.
final class ProgramRunner {
  private let kernels: [(UnsafePointer<UnsafeMutableRawPointer>) throws -> Void]
  private let table: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let tableCount: Int
  /// Where each kernel's stretch of the table begins.
  private let starts: [Int]
  /// The places of the table that change from run to run.
  private let inputSlots: [[Int]]
  private let stateSlots: [[Int]]
  private let freshSlots: [[Int]]
  private let freshSpecs: [Spec]
  /// The state that a fresh value replaces in place, or nil.
  private let replaces: [Int?]
  private let outputs: [Gift]
  private let newState: [Gift]
  /// Whether a state becomes what another one was.
  private let exchangesState: Bool
  private let block: Storage
  /// Keeps constants alive.
  private let constants: [Tensor]
  /// What the running run makes anew; empty places between runs.
  private var fresh: [Storage?]
  /// The time each step took so far, where somebody asks.
  var clocks: [Duration] = []

  /// A tensor that a run gives back.
  private enum Gift {
    case input(Int, Spec)
    case state(Int, Spec)
    case fresh(Int, Spec)
    case constant(Tensor)
  }

  init(_ graph: ProgramGraph, _ steps: [ProgramStep], _ layout: ProgramLayout) throws {
    block = try Storage(byteCount: max(64, layout.plan.byteCount))
    var slots: [UnsafeMutableRawPointer] = []
    var (inputSlots, stateSlots) = ([Int: [Int]](), [Int: [Int]]())
    var freshSlots = Array(repeating: [Int](), count: layout.freshSpecs.count)
    var constants: [Tensor] = []
    var starts: [Int] = []
    for (index, step) in steps.enumerated() {
      starts.append(slots.count)
      for root in step.inputs + step.outputs {
        let slot = slots.count
        var pointer = block.pointer
        switch layout.places[root] {
        case .block(let offset)?: pointer += offset
        case .input(let number)?: inputSlots[number, default: []].append(slot)
        case .state(let number)?: stateSlots[number, default: []].append(slot)
        case .fresh(let number)?: freshSlots[number].append(slot)
        case .constant?, nil:
          if case .constant(let tensor) = graph.values[root].source {
            constants.append(tensor)
            pointer = try tensor.data()
          }
        }
        slots.append(pointer)
      }
      slots.append(block.pointer + (layout.plan.offsets[-1 - index] ?? 0))
    }
    kernels = steps.map(\.kernel.run)
    self.starts = starts
    self.constants = constants
    tableCount = slots.count
    table = .allocate(capacity: max(1, slots.count))
    for (index, pointer) in slots.enumerated() { (table + index).initialize(to: pointer) }
    func list(_ found: [Int: [Int]]) -> [[Int]] { (0..<((found.keys.max() ?? -1) + 1)).map { found[$0] ?? [] } }
    self.inputSlots = list(inputSlots)
    self.stateSlots = list(stateSlots)
    self.freshSlots = freshSlots
    freshSpecs = layout.freshSpecs
    var replaces = [Int?](repeating: nil, count: layout.freshSpecs.count)
    for (state, fresh) in layout.inPlace.enumerated() {
      if let fresh { replaces[fresh] = state }
    }
    self.replaces = replaces
    fresh = Array(repeating: nil, count: layout.freshSpecs.count)
    func gift(_ value: Int) -> Gift {
      let spec = graph.values[value].spec
      switch layout.places[graph.root(value)] {
      case .input(let number)?: return .input(number, spec)
      case .state(let number)?: return .state(number, spec)
      case .fresh(let number)?: return .fresh(number, spec)
      default:
        if case .constant(let tensor) = graph.values[graph.root(value)].source {
          return .constant(Tensor(spec: spec, storage: tensor.storage))
        }
        return .fresh(0, spec)
      }
    }
    outputs = graph.outputs.map(gift)
    newState = graph.newState.map(gift)
    exchangesState = newState.enumerated().contains { number, gift in
      if case .state(let from, _) = gift { from != number } else { false }
    }
  }

  deinit {
    table.deinitialize(count: tableCount)
    table.deallocate()
  }

  func run(_ inputs: [Tensor], _ state: inout [Tensor]) throws -> [Tensor] {
    for (number, slots) in inputSlots.enumerated() {
      let pointer = try inputs[number].data()
      for slot in slots { table[slot] = pointer }
    }
    for (number, slots) in stateSlots.enumerated() {
      let pointer = try state[number].data()
      for slot in slots { table[slot] = pointer }
    }
    defer { for number in fresh.indices { fresh[number] = nil } }
    for number in freshSpecs.indices {
      let pointer: UnsafeMutableRawPointer
      if let old = replaces[number], isKnownUniquelyReferenced(&state[old]), state[old].isOnlyOwner {
        pointer = try state[old].data()
      } else {
        let storage = try Storage(byteCount: freshSpecs[number].byteCount)
        fresh[number] = storage
        pointer = storage.pointer
      }
      for slot in freshSlots[number] { table[slot] = pointer }
    }
    if clocks.isEmpty {
      for index in kernels.indices { try kernels[index](UnsafePointer(table + starts[index])) }
    } else {
      for index in kernels.indices {
        let start = ContinuousClock.now
        try kernels[index](UnsafePointer(table + starts[index]))
        clocks[index] += ContinuousClock.now - start
      }
    }
    let results = outputs.map { made($0, inputs, state) }
    // The old values first: a state may become what another one was.
    let before = exchangesState ? state : []
    for (number, gift) in newState.enumerated() {
      switch gift {
      case .fresh(let place, let spec):
        guard let storage = fresh[place] else { continue }
        state[number] = Tensor(spec: spec, storage: storage)
      case .state(number, _): continue
      default: state[number] = made(gift, inputs, before)
      }
    }
    return results
  }

  private func made(_ gift: Gift, _ inputs: [Tensor], _ state: [Tensor]) -> Tensor {
    switch gift {
    case .input(let number, let spec): Tensor(spec: spec, storage: inputs[number].storage)
    case .state(let number, let spec): Tensor(spec: spec, storage: state[number].storage)
    case .fresh(let number, let spec): Tensor(spec: spec, storage: fresh[number])
    case .constant(let tensor): tensor
    }
  }
}

extension Tensor {
  /// True where no other tensor shares the memory.
  var isOnlyOwner: Bool { isKnownUniquelyReferenced(&storage) }
}
