import Interpreter
import Tensors

/// Picking and ordering elements.
func registerPicking(_ catalogue: inout Catalogue) {
  catalogue.add(
    "where", "(condition, a, b = none)", .picking,
    """
    `a` where the condition holds, else `b`, element by element; for a table, the rows for which a function is true.

    The gradient goes to the side that was taken.
    """, example: "where([true, false], [1, 2], [10, 20])  # [1, 20]  # 2"
  ) { a, c in
    if case .object(let object) = a[0], let value = try whereObject(object, &a, c) { return value }
    if a.isNone(2) {
      throw RuntimeError(.type, "`where` wants a value for where the condition is false: where(condition, a, b)")
    }
    if case .bool(let condition) = a[0] { return condition ? a[1] : a[2] }
    return .tensor(try Tensor.where(a.tensor(0), a.tensor(1), a.tensor(2)))
  }

  catalogue.add(
    "gather", "(x, i, axis = 0)", .picking,
    "The parts of `x` at positions `i` along an axis, as `x[i]` does along the first.",
    example: "gather([10, 20, 30], [2, 0])  # [30, 10]  # 2"
  ) { a, _ in .tensor(try a.tensor(0).gather(a.positions(1), axis: a.integer(2))) }

  catalogue.add(
    "take_along", "(x, i, axis)", .picking,
    "Along an axis, the elements at positions `i`, which has the shape of `x` but for that axis.",
    example: "take_along([1, 2; 3, 4], [1; 0], 1)  # [[2],\n#  [3]]  # 2×1"
  ) { a, _ in .tensor(try a.tensor(0).takeAlong(a.positions(1), axis: a.integer(2))) }

  catalogue.add(
    "argsort", "(x, axis = -1, descending = false)", .picking,
    "The positions that would sort a tensor along an axis; equal elements keep their order.",
    example: "argsort([30, 10, 20])  # [1, 2, 0]  # 3, int32"
  ) { a, _ in .tensor(try a.tensor(0).argsort(axis: a.integer(1), descending: a.boolean(2))) }

  catalogue.add(
    "top_k", "(x, k)", .picking, "The k largest elements along the last axis, largest first: (values, positions).",
    example: "top_k([5, 9, 7], 2)[0]  # [9, 7]  # 2"
  ) { a, _ in
    let (values, positions) = try a.tensor(0).topK(a.integer(1, in: 0...Int(Int32.max)))
    return .items([.tensor(values), .tensor(positions)])
  }

  catalogue.add(
    "one_hot", "(labels, classes)", .picking,
    "A row for each class number, 1 at that number and 0 elsewhere; one more axis than `labels`.",
    example: "one_hot([0, 2], 3)  # [[1, 0, 0],\n#  [0, 0, 1]]  # 2×3"
  ) { a, _ in .tensor(try a.positions(0).oneHot(a.integer(1, in: 1...Int(Int32.max)))) }

  catalogue.add(
    "searchsorted", "(sorted, values)", .picking,
    "For each value, the first position where it could be put into a sorted tensor so that it stays sorted.",
    example: "searchsorted([1, 3, 5], [3, 4])  # [1, 2]  # 2, int32"
  ) { a, _ in .tensor(try a.tensor(0).searchsorted(a.tensor(1))) }

  catalogue.add(
    "histogram", "(x, bins = 10)", .picking,
    "How many elements fall into each of equally wide bins from the smallest to the largest: (counts, edges).",
    example: "histogram([1, 2, 2, 3], 2)[0]  # [1, 3]  # 2, int32"
  ) { a, _ in
    let (counts, edges) = try a.tensor(0).histogram(bins: a.integer(1, in: 1...10_000_000))
    return .items([.tensor(counts), .tensor(edges)])
  }

  catalogue.add(
    "equal", "(a, b)", .picking, "One answer: true where two values have the same shape and equal elements.",
    example: "equal([1, 2], [1, 2])  # true"
  ) { a, _ in .bool(try compare(a[0], a[1], stretches: false) { $0 == $1 }) }

  catalogue.add(
    "close", "(a, b, rtol = 1e-5, atol = 1e-8)", .picking,
    "One answer: true where |a - b| ≤ atol + rtol·|b| everywhere.", example: "close(0.1 + 0.2, 0.3)  # true"
  ) { a, _ in
    let (relative, absolute) = (try a.number(2), try a.number(3))
    return .bool(
      try compare(a[0], a[1], stretches: true) { x, y in
        x == y || y.isFinite && (x - y).magnitude <= absolute + relative * y.magnitude
      })
  }
}

/// True where two values have one form and every pair of numbers agrees; `stretches` lets a number meet a whole tensor.
private func compare(_ a: Value, _ b: Value, stretches: Bool, _ agrees: (Double, Double) -> Bool) throws -> Bool {
  switch (a, b) {
  case (.number(let x), .number(let y)): return agrees(x, y)
  case (.list(let x), .list(let y)):
    return try x.items.count == y.items.count
      && zip(x.items, y.items).allSatisfy { try compare($0, $1, stretches: stretches, agrees) }
  case (.record(let x), .record(let y)):
    return try x.count == y.count
      && x.names.allSatisfy { name in
        guard let left = x[name], let right = y[name] else { return false }
        return try compare(left, right, stretches: stretches, agrees)
      }
  case (.tensor, .tensor), (.tensor, .number), (.number, .tensor), (.tensor, .bool), (.bool, .tensor):
    let (x, y) = (try tensorFromValue(a, of: "equal"), try tensorFromValue(b, of: "equal"))
    guard x.shape == y.shape || stretches && (x.rank == 0 || y.rank == 0) else { return false }
    let (left, right) = (try x.doubles(), try y.doubles())
    if x.shape == y.shape { return zip(left, right).allSatisfy(agrees) }
    return x.rank == 0 ? right.allSatisfy { agrees(left[0], $0) } : left.allSatisfy { agrees($0, right[0]) }
  default: return a.isEqual(to: b)
  }
}
