import Diagnostics
import Tensors

/// Gives the elements of something that is no list, one after another; stands in a loop's first register.
final class ElementIterator: ObjectValue {
  let next: () throws -> Value?
  init(_ next: @escaping () throws -> Value?) { self.next = next }
}

extension Machine {
  /// A loop over `range(…)`: registers hold a free one, start, stop, step; afterwards the number of turns taken, the
  /// number of all turns, start, step, and the first element. Where the elements are whole numbers one apart, they are
  /// counted themselves: the registers hold the next element, the end, two free ones, and the first element, and the
  /// step is none. False where there is no element.
  func prepareRange(_ a: ValuePointer) throws -> Bool {
    let start = a + 1
    if start.isNumber, a[2].isNone, start.number.magnitude < 9e15 {
      // `range(n)`, the most frequent.
      let count = max(0, start.number.rounded(.up))
      a.set(1)
      (a + 1).set(count)
      (a + 3).clear()
      (a + 3).forget()
      (a + 4).set(0)
      return count > 0
    }
    if start.isNumber, (a + 2).isNumber, a[3].isNone, (start.number - (a + 2).number).magnitude < 9e15 {
      let first = start.number
      let count = max(0, ((a + 2).number - first).rounded(.up))
      if first == first.rounded(), first.magnitude < 4e15, count < 4e15 {
        a.set(first + 1)
        (a + 1).set(first + count)
        (a + 4).set(first + 0)
        return count > 0
      }
      a.set(1)
      (a + 1).set(count)
      (a + 2).set(first)
      (a + 3).set(1)
      (a + 4).set(first)
      return count > 0
    }
    let range: RangeValue
    var arguments = ContiguousArray<Value>()
    for index in 1...3 {
      if case .none = a[index], index > 1 { continue }
      arguments.append(a[index])
    }
    let numbers = arguments.compactMap(\.asNumber)
    if numbers.count == arguments.count, numbers.allSatisfy(\.isFinite), numbers.count < 3 || numbers[2] != 0 {
      range =
        numbers.count == 1
        ? RangeValue(start: 0, stop: numbers[0], step: 1)
        : RangeValue(start: numbers[0], stop: numbers[1], step: numbers.count > 2 ? numbers[2] : 1)
    } else {
      // The built-in says what is wrong.
      guard let function = prelude.value(named: "range"),
        case .range(let made) = try call(function, CallArguments(positional: arguments))
      else { throw RuntimeError(.type, "`range` wants numbers") }
      range = made
    }
    let count = range.count
    for index in 0..<5 { (a + index).clear() }
    a.set(1)
    (a + 1).set(Double(count))
    (a + 2).set(range.start)
    (a + 3).set(range.step)
    (a + 4).set(range.start)
    return count > 0
  }

  /// A loop over a value: registers hold it, a counter and the element. False where there is no element.
  func prepareIteration(_ a: ValuePointer) throws -> Bool {
    if a.tag != ValueTag.list {
      let next = try makeIterator(a.pointee)
      a.pointee = .object(ElementIterator(next))
    }
    (a + 1).set(0)
    return try nextElement(a)
  }

  /// The next element of a loop; false at the end.
  func nextElement(_ a: ValuePointer) throws -> Bool {
    if a.tag == ValueTag.list {
      let position = (a + 1).number
      guard let element = a.listBuffer.element(at: position) else {
        return false
      }
      (a + 1).set(position + 1)
      (a + 2).copy(element)
      return true
    }
    guard case .object(let object) = a.pointee else { return false }
    (a + 2).clear()
    guard let value = try unsafeDowncast(object, to: ElementIterator.self).next() else { return false }
    a[2] = value
    return true
  }

  public func makeIterator(_ value: Value) throws -> () throws -> Value? {
    var position = 0
    switch value {
    case .list(let list):
      return {
        guard position < list.items.count else { return nil }
        position += 1
        return list.items[position - 1]
      }
    case .range(let range):
      let count = range.count
      return {
        guard position < count else { return nil }
        position += 1
        return .number(range.element(at: position - 1))
      }
    case .string(let string): return characters(of: string)
    case .record(let record):
      return {
        guard position < record.count else { return nil }
        position += 1
        return .items([.text(record.name(at: position - 1)), record.value(at: position - 1)])
      }
    case .tensor(let tensor) where tensor.rank > 0:
      let count = tensor.shape[0]
      return { [self] in
        guard position < count else { return nil }
        position += 1
        return try row(position - 1, of: tensor)
      }
    case .object(let object):
      if let next = try object.makeIterator(self) { return next }
      guard object.count != nil else { throw RuntimeError.notIterable(value) }
      return { [self] in
        guard position < object.count ?? 0 else { return nil }
        position += 1
        return try object.element(at: position - 1, self)
      }
    default: throw RuntimeError.notIterable(value)
    }
  }

  private func characters(of string: StringValue) -> () throws -> Value? {
    var position = 0
    if string.isPlain {
      let count = string.count
      return {
        guard position < count else { return nil }
        position += 1
        return .string(string.single(at: position - 1))
      }
    }
    let text = string.text
    var index = text.startIndex
    return {
      guard index < text.endIndex else { return nil }
      let character = text[index]
      index = text.index(after: index)
      return .text(String(character))
    }
  }
}
