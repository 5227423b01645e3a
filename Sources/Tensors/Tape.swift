/// Where a recording knows a tensor.
struct TapeMark {
  /// The recording that the place belongs to; a tensor of an earlier recording is a constant in this one.
  var recording: Int32
  /// The tensor's number among all results of the recording.
  var number: Int32

  static let none = TapeMark(recording: 0, number: -1)
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
    /// The number of the first output; the others follow.
    let firstNumber: Int
  }

  public private(set) var entries: [Entry] = []
  /// How many results the recording holds.
  private var numbers = 0
  private var recording: Int32 = 1
  /// How many gradients and traces are open.
  public private(set) var depth = 0
  /// While not 0, nothing is recorded: the backward pass of the outermost gradient.
  private var pauses = 0
  private var traces = 0

  /// True where the running recording knows the tensor.
  public func isTracked(_ tensor: Tensor) -> Bool {
    tensor.mark.recording == recording && tensor.mark.number >= 0
  }

  /// True while operations on tracked tensors are written down.
  var isRecording: Bool { depth > 0 && pauses == 0 }

  func record(_ operation: some Operation, _ inputs: [Tensor], _ outputs: [Tensor], isTraced: Bool) {
    guard isRecording else { return }
    guard traces > 0 && isTraced || inputs.contains(where: isTracked) else { return }
    append(operation, inputs, outputs)
  }

  /// True while a step is being traced.
  public var isTracing: Bool { traces > 0 }

  /// Runs `body` while everything that meets abstract tensors is written down; gives what was.
  /// - Parameter leaves: the abstract tensors that stand for what the program will be given.
  func trace<Result>(_ leaves: [Tensor], _ body: () throws -> Result) throws -> (result: Result, entries: [Entry]) {
    begin()
    let outerPauses = pauses
    pauses = 0
    traces += 1
    let start = entries.count
    defer {
      traces -= 1
      pauses = outerPauses
      entries.removeSubrange(start...)
      end()
    }
    for leaf in leaves { append(nil, [], [leaf]) }
    let result = try body()
    return (result, Array(entries[start...]))
  }

  private func append(_ operation: (any Operation)?, _ inputs: [Tensor], _ outputs: [Tensor]) {
    let first = numbers
    for output in outputs {
      output.mark = TapeMark(recording: recording, number: Int32(truncatingIfNeeded: numbers))
      numbers += 1
    }
    entries.append(Entry(operation: operation, inputs: inputs, outputs: outputs, firstNumber: first))
  }

  private func begin() { depth += 1 }

  private func end() {
    depth -= 1
    if depth == 0 {
      entries.removeAll(keepingCapacity: entries.count < 100_000)
      numbers = 0
      recording &+= 1
    }
  }

  /// Stand-ins for variables: they share the values, and the recording knows them. Where a variable is itself tracked, an
  /// alias links the two.
  private func standIns(for variables: [Tensor]) throws -> [Tensor] {
    try variables.map { variable -> Tensor in
      if depth > 1 || variable.isAbstract {
        let alias = try Engine.shared.apply1(Alias(), variable)
        if !isTracked(alias) { append(nil, [], [alias]) }
        return alias
      }
      let leaf = Tensor(spec: variable.spec, storage: variable.storage)
      append(nil, [], [leaf])
      return leaf
    }
  }

  /// Runs `body` on tracked stand-ins of `variables`; gives its result, and the gradient of the tensor that `loss` picks
  /// from the result with respect to each variable (nil where the result does not depend on it).
  ///
  /// May be called by an operation's gradient, also while the outermost backward pass runs: then what it records is
  /// forgotten when it returns.
  public func gradients<Result>(
    of variables: [Tensor], loss: (Result) throws -> Tensor, _ body: ([Tensor]) throws -> Result
  ) throws -> (result: Result, gradients: [Tensor?]) {
    begin()
    defer { end() }
    let start = entries.count
    let outerPauses = pauses
    pauses = 0
    defer {
      pauses = outerPauses
      if outerPauses > 0 { entries.removeSubrange(start...) }
    }
    let variables = try standIns(for: variables)
    let result = try body(variables)
    let value = try loss(result)
    let seed = try Tensor.onesLike(value)
    return (
      result,
      try backward(
        from: [value], seeds: [seed], to: variables, downTo: start, keepsEntries: false, isLast: outerPauses > 0)
    )
  }

  /// Runs `body` on tracked stand-ins, then hands `pullback` a function that gives the vector-Jacobian product of a
  /// result for a seed, as often as it likes.
  public func withPullback<Result>(
    of variables: [Tensor], _ body: ([Tensor]) throws -> Tensor,
    _ pullback: (_ value: Tensor, _ products: (_ seed: Tensor) throws -> [Tensor?]) throws -> Result
  ) throws -> Result {
    begin()
    defer { end() }
    let start = entries.count
    let variables = try standIns(for: variables)
    let value = try body(variables)
    return try pullback(value) { seed in
      try self.backward(from: [value], seeds: [seed], to: variables, downTo: start, keepsEntries: true)
    }
  }

  /// The vector-Jacobian product: walks the tape from `values` down to entry `start`.
  /// - Parameter keepsEntries: whether the tape is needed again; otherwise the outermost pass lets go of each entry once
  ///   it is done with it, so that memory falls while it works.
  /// - Parameter isLast: true inside a backward pass that is not recorded; then this one is not either.
  func backward(
    from values: [Tensor], seeds: [Tensor], to variables: [Tensor], downTo start: Int, keepsEntries: Bool,
    isLast: Bool = false
  ) throws -> [Tensor?] {
    guard values.contains(where: isTracked), start < entries.count else { return variables.map { _ in nil } }
    // The outermost backward pass is not itself differentiated; a trace records it as part of the program.
    let pausing = (depth == 1 || isLast) && traces == 0
    if pausing { pauses += 1 }
    defer { if pausing { pauses -= 1 } }
    let base = entries[start].firstNumber
    var adjoints: [Tensor?] = Array(repeating: nil, count: numbers - base)
    func place(_ tensor: Tensor) -> Int? {
      guard isTracked(tensor), Int(tensor.mark.number) >= base else { return nil }
      return Int(tensor.mark.number) - base
    }
    for (value, seed) in zip(values, seeds) {
      guard let place = place(value) else { continue }
      adjoints[place] = try adjoints[place].map { try $0 + seed } ?? seed
    }
    let kept = Set(variables.compactMap(place))
    var slot = entries.count - 1
    while slot >= start {
      let entry = entries[slot]
      defer { slot -= 1 }
      let first = entry.firstNumber - base
      var isReached = false
      for index in entry.outputs.indices where adjoints[first + index] != nil { isReached = true }
      if isReached, let operation = entry.operation {
        let needed = entry.inputs.map { place($0) != nil }
        if needed.contains(true) {
          let own = entry.outputs.indices.map { adjoints[first + $0] }
          let shares = try operation.gradient(inputs: entry.inputs, outputs: entry.outputs, seeds: own, needed: needed)
          for (index, share) in shares.enumerated() {
            guard let share, let place = place(entry.inputs[index]) else { continue }
            if let sum = adjoints[place] { adjoints[place] = try sum + share } else { adjoints[place] = share }
          }
        }
      }
      for index in entry.outputs.indices where !kept.contains(first + index) { adjoints[first + index] = nil }
      if pausing && !keepsEntries {
        entries[slot] = Entry(operation: nil, inputs: [], outputs: [], firstNumber: entry.firstNumber)
      }
    }
    return variables.map { variable in place(variable).flatMap { adjoints[$0] } }
  }
}

/// The identity; links a variable of an inner gradient to the outer one's.
struct Alias: Operation {
  static let name = "alias"
  var sharesStorage: Bool { true }
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { Kernel { _ in } }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [seeds[0]]
  }
}
