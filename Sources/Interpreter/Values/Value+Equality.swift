import Tensors

extension Value {
  /// Deep equality, as `==` gives it on anything but tensors; two tensors are equal where shape and all elements are.
  ///
  /// Works through a list of pairs, so that depth costs no stack.
  public func isEqual(to other: Value) -> Bool {
    var pending: [(Value, Value)] = []
    var pair = (self, other)
    var count = 0
    var compared: Set<PairOfContainers> = []
    while true {
      count += 1
      if count > Value.comparedWithoutMemory, let containers = PairOfContainers(pair.0, pair.1) {
        // Parts that occur many times are compared once: a pair that was compared before is equal, or is pending.
        guard compared.insert(containers).inserted else {
          guard let next = pending.popLast() else { return true }
          pair = next
          continue
        }
      }
      guard Value.isEqual(pair.0, pair.1, &pending) else { return false }
      guard let next = pending.popLast() else { return true }
      pair = next
    }
  }

  /// Up to this many comparisons nothing is written down.
  private static let comparedWithoutMemory = 100_000

  /// Two lists or records by their identity.
  private struct PairOfContainers: Hashable {
    let left: ObjectIdentifier
    let right: ObjectIdentifier

    init?(_ left: Value, _ right: Value) {
      switch (left, right) {
      case (.list(let a), .list(let b)): (self.left, self.right) = (ObjectIdentifier(a), ObjectIdentifier(b))
      case (.record(let a), .record(let b)): (self.left, self.right) = (ObjectIdentifier(a), ObjectIdentifier(b))
      default: return nil
      }
    }
  }

  /// Compares two values but for their parts, which it adds to `pending`.
  private static func isEqual(_ left: Value, _ right: Value, _ pending: inout [(Value, Value)]) -> Bool {
    switch (left, right) {
    case (.none, .none): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.number(let a), .number(let b)): return a == b
    case (.string(let a), .string(let b)): return a.isSame(b)
    case (.list(let a), .list(let b)):
      guard a.items.count == b.items.count else { return false }
      for index in a.items.indices.reversed() { pending.append((a.items[index], b.items[index])) }
      return true
    case (.record(let a), .record(let b)):
      guard a.count == b.count else { return false }
      for (position, key) in a.shape.keys.enumerated() {
        guard let other = b.position(of: key) else { return false }
        pending.append((a.value(at: position), b.value(at: other)))
      }
      return true
    case (.range(let a), .range(let b)):
      return a.count == b.count && (a.count == 0 || a.start == b.start && (a.count == 1 || a.step == b.step))
    case (.function(let a), .function(let b)): return a === b
    case (.object(let a), .object(let b)): return a === b || a.isEqual(to: b)
    case (.tensor(let a), .tensor(let b)):
      guard a.shape == b.shape, let x = try? a.numbers(), let y = try? b.numbers() else { return a === b }
      return x == y
    default:
      if let a = left.asNumber, let b = right.asNumber { return a.rounded(like: right) == b.rounded(like: left) }
      if let a = left.asBool, let b = right.asBool { return a == b }
      return false
    }
  }
}

extension Double {
  /// The number as it is beside another value: with a float32 tensor it takes the tensor's type.
  fileprivate func rounded(like other: Value) -> Double {
    if case .tensor(let tensor) = other { rounded(to: tensor.dtype) } else { self }
  }

  /// The nearest number that a float type holds.
  func rounded(to dtype: DType) -> Double { dtype == .float32 ? Double(Float(self)) : self }
}
