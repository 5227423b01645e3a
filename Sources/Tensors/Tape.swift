/// Where a recording knows a tensor: the entry that made it.
struct TapeMark {
  /// The recording the slot belongs to; a tensor of an earlier recording is a constant in this one.
  var recording: Int32
  var slot: Int32

  static let none = TapeMark(recording: 0, slot: -1)
}

/// What ran, in order, while a gradient was being taken or a step traced.
///
/// Nested gradients share the tape: an inner one starts at a mark and its backward pass is recorded too, which is what
/// makes gradients of gradients. When the outermost recording ends, the tape is cleared at once, so nothing that a
/// program keeps can hold a graph alive.
public final class Tape {
  public struct Entry {
    /// Nil for a leaf: a variable that a gradient is taken of, or an input of a trace.
    public let operation: (any Operation)?
    public let inputs: [Tensor]
    public let outputs: [Tensor]
  }

  public private(set) var entries: [Entry] = []
  private var recording: Int32 = 1
  /// How many gradients and traces are open.
  public private(set) var depth = 0
  /// While not 0, nothing is recorded: the backward pass of the outermost gradient.
  private var pauses = 0
  private var traces = 0

  /// True where the running recording knows the tensor.
  public func isTracked(_ tensor: Tensor) -> Bool {
    tensor.mark.recording == recording && tensor.mark.slot >= 0
  }

  func record(_ operation: some Operation, _ inputs: [Tensor], _ outputs: [Tensor], isTraced: Bool) {
    guard depth > 0, pauses == 0 else { return }
    guard traces > 0 && isTraced || inputs.contains(where: isTracked) else { return }
    append(Entry(operation: operation, inputs: inputs, outputs: outputs))
  }

  private func append(_ entry: Entry) {
    let mark = TapeMark(recording: recording, slot: Int32(truncatingIfNeeded: entries.count))
    for output in entry.outputs { output.mark = mark }
    entries.append(entry)
  }

  private func begin() { depth += 1 }

  private func end() {
    depth -= 1
    if depth == 0 {
      entries.removeAll(keepingCapacity: entries.count < 100_000)
      recording &+= 1
    }
  }

  /// Runs `body` on tracked stand-ins of `variables`; gives its result, and the gradient of the tensor that `loss` picks
  /// from the result with respect to each variable (nil where the result does not depend on it).
  public func gradients<Result>(
    of variables: [Tensor], loss: (Result) throws -> Tensor, _ body: ([Tensor]) throws -> Result
  ) throws -> (result: Result, gradients: [Tensor?]) {
    begin()
    defer { end() }
    let start = entries.count
    // A stand-in shares its variable's storage. Where the variable is itself tracked, an alias entry links the two.
    let standIns = try variables.map { variable -> Tensor in
      if depth > 1 || variable.isAbstract {
        let alias = try Engine.shared.apply1(Alias(), variable)
        if !isTracked(alias) { append(Entry(operation: nil, inputs: [], outputs: [alias])) }
        return alias
      }
      let leaf = Tensor(spec: variable.spec, storage: variable.storage)
      append(Entry(operation: nil, inputs: [], outputs: [leaf]))
      return leaf
    }
    let result = try body(standIns)
    let value = try loss(result)
    let seed = try Tensor.ones(value.spec)
    let gradients = try backward(from: value, seed: seed, to: standIns, downTo: start)
    return (result, gradients)
  }

  /// The vector-Jacobian product: walks the tape from `value` down to entry `start`.
  func backward(from value: Tensor, seed: Tensor, to variables: [Tensor], downTo start: Int) throws -> [Tensor?] {
    guard isTracked(value), Int(value.mark.slot) >= start else { return variables.map { _ in nil } }
    // The outermost backward pass is not itself differentiated; a trace records it as part of the program.
    let pausing = depth == 1 && traces == 0
    if pausing { pauses += 1 }
    defer { if pausing { pauses -= 1 } }
    var adjoints: [ObjectIdentifier: Tensor] = [ObjectIdentifier(value): seed]
    let wanted = Set(variables.map(ObjectIdentifier.init))
    var found: [ObjectIdentifier: Tensor] = [:]
    var slot = Int(value.mark.slot)
    while slot >= start {
      let entry = entries[slot]
      slot -= 1
      let seeds = entry.outputs.map { adjoints[ObjectIdentifier($0)] }
      guard seeds.contains(where: { $0 != nil }) else { continue }
      for output in entry.outputs {
        let id = ObjectIdentifier(output)
        let adjoint = adjoints.removeValue(forKey: id)
        if wanted.contains(id) { found[id] = adjoint }
      }
      guard let operation = entry.operation else { continue }
      let needed = entry.inputs.map { isTracked($0) && Int($0.mark.slot) >= start }
      guard needed.contains(true) else { continue }
      let shares = try operation.gradient(inputs: entry.inputs, outputs: entry.outputs, seeds: seeds, needed: needed)
      for (index, share) in shares.enumerated() where needed[index] {
        guard let share else { continue }
        let id = ObjectIdentifier(entry.inputs[index])
        if let sum = adjoints[id] { adjoints[id] = try sum + share } else { adjoints[id] = share }
      }
    }
    return variables.map { found[ObjectIdentifier($0)] }
  }
}

/// The identity; links a variable of an inner gradient to the outer one's.
struct Alias: Operation {
  static let name = "alias"
  var sharesStorage: Bool { true }
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { Kernel { _ in } }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [seeds[0]] }
}

extension Tensor {
  /// Placeholder until the elementwise family lands.
  static func ones(_ spec: Spec) throws -> Tensor { throw TensorError(.value, "no constants yet") }
  static func + (a: Tensor, b: Tensor) throws -> Tensor { throw TensorError(.value, "no sums yet") }
}
