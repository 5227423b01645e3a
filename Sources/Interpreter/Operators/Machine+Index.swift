import Diagnostics
import Tensors

// Reading `x[…]`.

extension Machine {
  /// `x[i]` with one position, for an instruction whose own way is for lists only.
  func getElement(_ i: Instruction, _ registers: ValuePointer) throws {
    registers[Int(i.a)] = try element(of: registers[Int(i.b)], registers[Int(i.c)])
  }

  /// `x[i]` with one position, where the loop's fast path did not apply.
  func element(of container: Value, _ index: Value) throws -> Value {
    switch container {
    case .list(let list):
      let position = try Positions.checked(index, count: list.items.count, "a list")
      return list.items[position]
    case .string(let string):
      let position = try Positions.checked(index, count: string.count, "a string")
      return .string(string.single(at: position))
    case .range(let range):
      return .number(range.element(at: try Positions.checked(index, count: range.count, "a range")))
    case .record(let record):
      guard case .string(let key) = index else {
        throw RuntimeError(.type, "a field of a record is named by a string, and this is \(index.kindText)")
      }
      guard let position = record.position(of: key) else {
        throw RuntimeError.unknownField(key.text, among: record.names)
      }
      return record.value(at: position)
    default: return try part(of: container, [.value(index)])
    }
  }

  /// `x[…]` with slices, several positions, new axes.
  func part(of container: Value, _ parts: [IndexValue]) throws -> Value {
    switch container {
    case .tensor(let tensor): return .tensor(try tensor.slice(TensorIndices.from(parts)))
    case .object(let object):
      guard let value = try object.index(parts, self) else { throw RuntimeError.notIndexable(container) }
      return value
    case .list, .string, .range, .record: break
    default: throw RuntimeError.notIndexable(container)
    }
    guard parts.count == 1 else {
      throw RuntimeError(
        .type, "\(container.kindText) has one axis, and the index has \(parts.count)",
        hint: "elements of elements are written `xs[i][j]`")
    }
    switch parts[0] {
    case .value(let index): return try element(of: container, index)
    case .slice(let start, let stop, let step): return try slice(container, start, stop, step ?? 1)
    case .ellipsis, .newAxis: throw RuntimeError(.type, "`...` and `none` in an index are for tensors")
    }
  }

  private func slice(_ container: Value, _ start: Int?, _ stop: Int?, _ step: Int) throws -> Value {
    switch container {
    case .list(let list):
      let positions = try Positions.sliced(start, stop, step, count: list.items.count)
      if step == 1 {
        return .list(ListValue(ContiguousArray(list.items[positions.first..<positions.first + positions.count])))
      }
      return .items((0..<positions.count).map { list.items[positions.first + $0 * step] })
    case .string(let string):
      let positions = try Positions.sliced(start, stop, step, count: string.count)
      if step == 1 { return .text(string.slice(positions.first..<positions.first + positions.count)) }
      return .text(String((0..<positions.count).map { string.character(at: positions.first + $0 * step) }))
    case .range(let range):
      let positions = try Positions.sliced(start, stop, step, count: range.count)
      let newStep = range.step * Double(step)
      let first = range.element(at: positions.first)
      return .range(RangeValue(start: first, stop: first + newStep * Double(positions.count), step: newStep))
    default: throw RuntimeError(.type, "\(container.kindText) cannot be sliced")
    }
  }

  /// The values of an index's parts, from consecutive registers.
  func indexValues(_ site: PartsSite, _ first: ValuePointer) throws -> [IndexValue] {
    var register = first
    func next() -> Value {
      defer { register += 1 }
      return register.pointee
    }
    return try site.parts.map { part in
      switch part {
      case .position:
        let value = next()
        return value.isNone ? .newAxis : .value(value)
      case .slice(let hasStart, let hasStop, let hasStep):
        let start = hasStart ? try Positions.bound(next()) : nil
        let stop = hasStop ? try Positions.bound(next()) : nil
        let step = hasStep ? try Positions.bound(next()) : nil
        if step == 0 { throw RuntimeError(.value, "the step of a slice cannot be 0") }
        return .slice(start: start, stop: stop, step: step)
      case .ellipsis: return .ellipsis
      case .newAxis: return .newAxis
      }
    }
  }

  /// A tensor's row; a number where the tensor has rank 1.
  func row(_ position: Int, of tensor: Tensor) throws -> Value { .result(try tensor.slice([.position(position)])) }
}

/// Positions in a sequence.
enum Positions {
  /// A position that lies inside; negative ones count from the end.
  static func checked(_ index: Value, count: Int, _ noun: String) throws -> Int {
    guard let number = index.asNumber, let whole = Int(exactly: number) else {
      if let number = index.asNumber, number.magnitude >= 9e15 {
        throw RuntimeError(.index, "index \(NumberText.short(number)) is outside \(noun) of size \(count)")
      }
      throw RuntimeError.badIndex(index, into: noun)
    }
    let position = whole < 0 ? whole + count : whole
    guard position >= 0, position < count else { throw RuntimeError.outside(whole, count: count, noun) }
    return position
  }

  /// A bound of a slice; nil for none. Bounds too large for any sequence are clipped.
  static func bound(_ value: Value) throws -> Int? {
    if value.isNone { return nil }
    guard let number = value.asNumber, !number.isNaN else {
      throw RuntimeError(.type, "a bound of a slice is a whole number, and this is \(value.kindText)")
    }
    let limit = 4_503_599_627_370_496.0
    let clipped = max(-limit, min(limit, number))
    guard clipped == clipped.rounded() else {
      throw RuntimeError(.type, "a bound of a slice is a whole number, and this is \(NumberText.short(number))")
    }
    return Int(clipped)
  }

  /// The first position and how many there are; the bounds are clipped.
  static func sliced(_ start: Int?, _ stop: Int?, _ step: Int, count: Int) throws -> (first: Int, count: Int) {
    func clipped(_ bound: Int?, _ normal: Int, _ low: Int, _ high: Int) -> Int {
      guard let bound else { return normal }
      return max(low, min(high, bound < 0 ? bound + count : bound))
    }
    if step > 0 {
      let first = clipped(start, 0, 0, count)
      let end = clipped(stop, count, 0, count)
      return (first, max(0, (end - first + step - 1) / step))
    }
    let first = clipped(start, count - 1, -1, count - 1)
    let end = clipped(stop, -1, -1, count - 1)
    let found = max(0, (first - end - step - 1) / -step)
    return (max(0, first), found)
  }
}

/// The parts of an index as the engine takes them.
enum TensorIndices {
  static func from(_ parts: [IndexValue]) throws -> [TensorIndex] {
    try parts.map { part in
      switch part {
      case .ellipsis: return .ellipsis
      case .newAxis: return .newAxis
      case .slice(let start, let stop, let step): return .range(start: start, end: stop, step: step ?? 1)
      case .value(let value): return try index(value)
      }
    }
  }

  private static func index(_ value: Value) throws -> TensorIndex {
    switch value {
    case .number(let number): return .position(try whole(number))
    case .none: return .newAxis
    case .tensor(let tensor):
      if tensor.dtype == .bool { return .mask(tensor) }
      if tensor.rank == 0, let number = tensor.singleNumber { return .position(try whole(number)) }
      if tensor.dtype == .int32 { return .positions(tensor) }
      let numbers = tensor.isAbstract ? [] : try tensor.numbers().prefix(4).map(NumberText.short)
      throw RuntimeError(
        .type, "a tensor of positions must be int32, and this is \(tensor.dtype.name)",
        hint:
          "positions are written as a list, `x[(\(numbers.isEmpty ? "0, 2" : numbers.joined(separator: ", ")))]`, or converted with `int32(…)`"
      )
    case .list(let list):
      if !list.items.isEmpty, list.items.allSatisfy({ if case .bool = $0 { true } else { false } }) {
        return .mask(try TensorLiteral.stack(list.items))
      }
      return .positions(try positions(list.items))
    case .range(let range): return .positions(try positions(range.elements()))
    default: throw RuntimeError.badIndex(value, into: "a tensor")
    }
  }

  private static func positions(_ items: ContiguousArray<Value>) throws -> Tensor {
    let numbers = try items.map { item in
      guard let number = item.asNumber, let whole = Int32(exactly: number) else {
        throw RuntimeError.badIndex(item, into: "a tensor")
      }
      return whole
    }
    return try Tensor(int32: numbers, shape: [numbers.count])
  }

  private static func whole(_ number: Double) throws -> Int {
    guard let whole = Int(exactly: number) else { throw RuntimeError.badIndex(.number(number), into: "a tensor") }
    return whole
  }
}
