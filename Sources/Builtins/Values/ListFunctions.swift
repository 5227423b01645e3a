import Interpreter
import Tensors

/// Lists: functions that take functions, and pairing.
func registerListFunctions(_ catalogue: inout Catalogue) {
  catalogue.add(
    "map", "(xs, f)", .lists,
    "The list of `f(x)` for each element of a list, range, tensor, text or table.",
    example: "map((1, 2, 3), x -> x ^ 2)  # (1, 4, 9)"
  ) { a, c in
    var results: ContiguousArray<Value> = []
    if case .range(let range) = a[0] { try checkLength(ofList: range.count) }
    try walk(a[0], of: "map", c) { item in
      results.append(try c.call(a[1], CallArguments(positional: [item])))
      return true
    }
    return .list(ListValue(results))
  }

  catalogue.add(
    "filter", "(xs, f)", .lists, "The elements for which `f(x)` is true, as a list.",
    example: "filter((1, 2, 3, 4), x -> x % 2 == 0)  # (2, 4)"
  ) { a, c in
    var results: ContiguousArray<Value> = []
    try walk(a[0], of: "filter", c) { item in
      if try condition(c.call(a[1], CallArguments(positional: [item])), of: "filter") {
        results.append(item)
        try checkLength(ofList: results.count)
      }
      return true
    }
    return .list(ListValue(results))
  }

  catalogue.add(
    "reduce", "(xs, f, initial = none)", .lists,
    "Folds a list from the left: `f(f(f(initial, x0), x1), x2)`. Without `initial` it starts with the first element.",
    example: "reduce((1, 2, 3, 4), (a, b) -> a * b, 1)  # 24"
  ) { a, c in
    var total: Value? = a.isNone(2) ? nil : a[2]
    try walk(a[0], of: "reduce", c) { item in
      total = try total.map { try c.call(a[1], CallArguments(positional: [$0, item])) } ?? item
      return true
    }
    guard let total else {
      throw RuntimeError(
        .value, "`reduce` has nothing to fold: the list is empty", hint: "give a first value: reduce(xs, f, 0)")
    }
    return total
  }

  catalogue.add(
    "zip", "(...lists)", .lists,
    "The elements of several lists side by side, as a list of lists. The lists must be equally long.",
    example: #"zip((1, 2), ("x", "y"))  # ((1, "x"), (2, "y"))"#
  ) { a, c in
    let columns = try a.items(0).map { try elements($0, of: "zip", c) }
    guard let count = columns.first?.count else { return .items([]) }
    if let other = columns.firstIndex(where: { $0.count != count }) {
      throw RuntimeError(
        .value, "`zip` wants lists of one length, and got \(count) and \(columns[other].count) elements")
    }
    return .items((0..<count).map { row in .list(ListValue(ContiguousArray(columns.map { $0[row] }))) })
  }

  catalogue.add(
    "enumerate", "(xs, start = 0)", .lists, "Each element with its position, as a list of pairs.",
    example: #"enumerate(("p", "q"))  # ((0, "p"), (1, "q"))"#
  ) { a, c in
    let start = try a.number(1)
    return .items(
      try elements(a[0], of: "enumerate", c).enumerated().map { position, item in
        .items([.number(start + Double(position)), item])
      })
  }

  catalogue.add(
    "sort", "(xs, axis = -1, descending = false, by = none)", .lists,
    """
    A list in rising order, a tensor sorted along an axis, or a table by a column. The sort is stable.

    Lists hold numbers or strings; `by: f` orders any elements by `f(x)`. A list of lists or records needs `by`.
    A table takes the column: `t.sort("loss")`.
    """, example: "sort((3, -1, 2.5))  # (-1, 2.5, 3)"
  ) { a, c in
    switch a[0] {
    case .tensor(let tensor):
      return .tensor(try tensor.sort(axis: a.integer(1), descending: a.boolean(2)))
    case .object(let object): return try sortObject(object, &a, c)
    default:
      let key = try a.optionalCallable(3)
      return try .list(
        ListValue(sorted(a.items(0), descending: a.boolean(2)) { item in try key.map { try c.call($0, item) } ?? item })
      )
    }
  }

  catalogue.add(
    "unique", "(xs)", .lists, "The different elements of a list, in order of first appearance; of a tensor, sorted.",
    example: "unique((1, 1, 2, 3, 3))  # (1, 2, 3)"
  ) { a, _ in
    if case .tensor(let tensor) = a[0] { return .tensor(try tensor.unique()) }
    return .list(ListValue(distinct(try a.items(0))))
  }
}

/// A stable sort by keys that are all numbers or all strings.
func sorted(
  _ items: ContiguousArray<Value>, descending: Bool, by key: (Value) throws -> Value
) throws -> ContiguousArray<Value> {
  let keys = try items.map(key)
  var order = Array(items.indices)
  let scalars = keys.compactMap(\.asNumber)
  if scalars.count == keys.count {
    if scalars.contains(where: \.isNaN) { throw RuntimeError(.value, "`sort` cannot order nan") }
    order.sort { left, right in
      let (a, b) = (scalars[left], scalars[right])
      return a == b ? left < right : descending ? a > b : a < b
    }
  } else if let texts = keys.asStrings {
    order.sort { left, right in
      let (a, b) = (texts[left].unicodeScalars, texts[right].unicodeScalars)
      if a.elementsEqual(b) { return left < right }
      return a.lexicographicallyPrecedes(b) != descending
    }
  } else {
    let isNumbers = keys.first?.asNumber != nil
    let odd = keys.first { ($0.asNumber != nil) != isNumbers } ?? keys.first ?? .none
    throw RuntimeError(
      .type, "`sort` wants all numbers or all strings, and the list \(isNumbers ? "also " : "")holds \(odd.kindText)",
      hint: "give the value to order by: sort(xs, by: x -> …)")
  }
  return ContiguousArray(order.map { items[$0] })
}

/// The first of each group of equal elements; hashed where all are numbers or strings.
private func distinct(_ items: ContiguousArray<Value>) -> ContiguousArray<Value> {
  if let numbers = Array(items).asNumbers {
    var seen: Set<Double> = []
    return ContiguousArray(zip(items, numbers).filter { seen.insert($0.1).inserted }.map(\.0))
  }
  if let texts = Array(items).asStrings {
    // By their bytes, as `==` compares them.
    var seen: Set<[UInt8]> = []
    return ContiguousArray(zip(items, texts).filter { seen.insert(Array($0.1.utf8)).inserted }.map(\.0))
  }
  var kept: ContiguousArray<Value> = []
  for item in items where !kept.contains(where: { $0.isEqual(to: item) }) { kept.append(item) }
  return kept
}
