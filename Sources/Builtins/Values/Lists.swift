import Interpreter
import Tensors

/// Lists: making, changing, ordering. Lists are values: each function gives a new one.
func registerLists(_ catalogue: inout Catalogue) {
  catalogue.add(
    "len", "(x)", .lists,
    "How many elements a list, range, tensor (its first size), text (characters), record (fields) or table (rows) has.",
    example: "len((1, 2, 3))  # 3"
  ) { a, _ in .number(Double(try elementCount(a[0], of: "len"))) }

  catalogue.add(
    "list", "(x = ())", .lists,
    "The elements of a range, tensor (rows; numbers for rank 1), text, record (pairs) or table (rows) as a list.",
    example: "list(range(3))  # (0, 1, 2)"
  ) { a, c in .list(ListValue(try elements(a[0], of: "list", c))) }

  catalogue.add(
    "range", "(start, stop = none, step = 1)", .lists,
    """
    The numbers from `start` up to, and without, `stop`: `range(stop)`, `range(start, stop)`, `range(start, stop, step)`.

    A range is lazy: it holds no elements. A negative step counts down.
    """, example: "list(range(1, 10, 3))  # (1, 4, 7)"
  ) { a, _ in
    let first = try a.number(0)
    let second = try a.optionalNumber(1)
    let step = try a.number(2)
    if step == 0 || !step.isFinite { throw RuntimeError(.value, "`range` wants a step that is finite and not 0") }
    let (start, stop) = second.map { (first, $0) } ?? (0, first)
    guard start.isFinite, stop.isFinite else {
      let got = second == nil ? shortText(a[0]) : "\(shortText(a[0])) and \(shortText(a[1]))"
      throw RuntimeError(.value, "`range` wants finite bounds, and got \(got)")
    }
    guard ((stop - start) / step).magnitude < 9e15 else {
      throw RuntimeError(.value, "this range has more than 2^53 elements, too many to count")
    }
    return .range(RangeValue(start: start, stop: stop, step: step))
  }

  catalogue.add(
    "push", "(xs, item)", .lists,
    "The list with an element added at its end. As a statement, `xs.push(4)` changes the variable `xs`.",
    example: "push((1, 2), 3)  # (1, 2, 3)"
  ) { a, _ in
    var items = try a.takeItems(0)
    items.append(a[1])
    return .list(ListValue(items))
  }

  catalogue.add(
    "pop", "(xs, position = -1)", .lists,
    """
    The list without its last element, or without the one at a position. As a statement, `xs.pop()` changes the variable.

    `last(xs)` or `xs[position]` gives the element itself.
    """, example: "pop((1, 2, 3))  # (1, 2)"
  ) { a, _ in
    var items = try a.takeItems(0)
    if items.isEmpty { throw RuntimeError(.index, "`pop` wants an element to take away, and the list is empty") }
    items.remove(at: try a.position(1, count: items.count))
    return .list(ListValue(items))
  }

  catalogue.add(
    "insert", "(xs, position, item)", .lists,
    "The list with an element put before a position; the length as position adds at the end.",
    example: #"insert(("a", "c"), 1, "b")  # ("a", "b", "c")"#
  ) { a, _ in
    var items = try a.takeItems(0)
    let written = try a.integer(1)
    let position = written < 0 ? written + items.count : written
    guard (0...items.count).contains(position) else {
      throw RuntimeError(.index, "`insert` wants a position from 0 to \(items.count) for this list, and got \(written)")
    }
    items.insert(a[2], at: position)
    return .list(ListValue(items))
  }

  catalogue.add(
    "remove", "(xs, item)", .lists,
    "The list without the first element equal to `item`, or the record without a field; it must be there.",
    example: "remove((1, 2, 3, 2), 2)  # (1, 3, 2)"
  ) { a, _ in
    if case .record = a[0] { return try recordWithout(&a) }
    let wanted = a[1]
    var items = try a.takeItems(0)
    guard let position = items.firstIndex(where: { $0.isEqual(to: wanted) }) else {
      throw RuntimeError(.value, "`remove` finds no element equal to \(shortText(wanted)) in this list")
    }
    items.remove(at: position)
    return .list(ListValue(items))
  }

  catalogue.add(
    "reverse", "(xs)", .lists,
    "A list, range, text or the rows of a tensor in opposite order.", example: "reverse((1, 2, 3))  # (3, 2, 1)"
  ) { a, _ in
    switch a[0] {
    case .string(let text): return .text(String(text.text.reversed()))
    case .tensor(let tensor): return .tensor(try tensor.flip(0))
    default: return .list(ListValue(ContiguousArray(try a.items(0).reversed())))
    }
  }

  catalogue.add(
    "first", "(xs)", .lists, "The first element of a list, range, tensor or text; an index error where there is none.",
    example: "first((7, 8))  # 7"
  ) { a, c in try element(&a, at: 0, c) }

  catalogue.add(
    "last", "(xs)", .lists, "The last element of a list, range, tensor or text; an index error where there is none.",
    example: "last((7, 8))  # 8"
  ) { a, c in try element(&a, at: -1, c) }

  catalogue.add(
    "flatten_list", "(xs)", .lists, "The elements of a list of lists as one list, to any depth.",
    example: "flatten_list(((1, 2), (3, (4,)), ()))  # (1, 2, 3, 4)"
  ) { a, _ in
    var flat: ContiguousArray<Value> = []
    var pending = [(try a.items(0), 0)]
    while let (items, position) = pending.popLast() {
      guard position < items.count else { continue }
      pending.append((items, position + 1))
      if case .list(let inner) = items[position] {
        pending.append((inner.items, 0))
      } else {
        flat.append(items[position])
        try checkLength(ofList: flat.count)
      }
    }
    return .list(ListValue(flat))
  }

  catalogue.add(
    "index_of", "(xs, item)", .lists, "The position of the first element equal to `item`; none where there is none.",
    example: #"index_of(("a", "b", "c"), "b")  # 1"#
  ) { a, _ in
    let wanted = a[1]
    guard let position = try a.items(0).firstIndex(where: { $0.isEqual(to: wanted) }) else { return .none }
    return .number(Double(position))
  }
}

/// The first or last element.
private func element(_ a: inout BoundArguments, at position: Int, _ context: CallContext) throws -> Value {
  let name = a.signature.function
  func missing() -> RuntimeError { RuntimeError(.index, "`\(name)` wants at least one element, and there is none") }
  switch a[0] {
  case .string(let text):
    guard let character = position == 0 ? text.text.first : text.text.last else { throw missing() }
    return .text(String(character))
  case .list(let list):
    guard let value = position == 0 ? list.items.first : list.items.last else { throw missing() }
    return value
  case .range(let range):
    guard range.count > 0 else { throw missing() }
    return .number(range.element(at: position == 0 ? 0 : range.count - 1))
  default:
    let items = try elements(a[0], of: name, context)
    guard let value = position == 0 ? items.first : items.last else { throw missing() }
    return value
  }
}
