import Interpreter
import Tensors

/// Functions that make one value of many: over all elements, or along axes.
func registerReductions(_ catalogue: inout Catalogue) {
  let axes = "`axis` is a number or a list; none means all. `keep: true` keeps reduced axes with size 1."

  catalogue.add(
    "sum", "(x, axis = none, keep = false)", .reductions,
    "The sum of the elements of a tensor, list or range; 0 for none. int32 stays int32. \(axes)",
    example: "sum([1, 2; 3, 4], axis: 0)  # [4, 6]  # 2"
  ) { a, c in
    switch a[0] {
    case .list(let list):
      if let numbers = list.items.asNumbers { return .number(numbers.reduce(0, +)) }
      guard let first = list.items.first else { return .number(0) }
      var total = first
      for item in list.items.dropFirst() { total = try c.apply(.add, total, item) }
      if case .string = total {
        throw RuntimeError(.type, "`sum` wants numbers or tensors; join(xs) puts texts together")
      }
      return total
    case .range(let range):
      let count = Double(range.count)
      return .number(count * range.start + range.step * count * (count - 1) / 2)
    case .number where a.isNone(1): return a[0]
    default: return .tensor(try a.tensor(0).sum(axes: a.axes(1), keep: a.boolean(2)))
    }
  }

  catalogue.reduction("mean", "Σ x / n, the mean of the elements; nan of none. \(axes)", "mean([1, 2, 3])  # 2") {
    try $0.mean(axes: $1, keep: $2)
  }
  catalogue.reduction(
    "prod", "The product of the elements; 1 for none. int32 stays int32. \(axes)", "prod([1, 2, 3, 4])  # 24"
  ) { try $0.prod(axes: $1, keep: $2) }
  catalogue.reduction(
    "logsumexp", "log Σ eˣ, without overflow. \(axes)", "logsumexp([0, 0]) - log(2) < 1e-6  # true"
  ) { try $0.logSumExp(axes: $1, keep: $2) }
  catalogue.reduction(
    "median", "The middle element in order, or the mean of the two middle ones. \(axes)", "median([3, 1, 2])  # 2"
  ) { try $0.median(axes: $1, keep: $2) }

  catalogue.add(
    "variance", "(x, axis = none, keep = false, ddof = 0)", .reductions,
    "The mean squared distance from the mean: Σ(x - mean)² / (n - ddof). \(axes)", example: "variance([1, 3])  # 1"
  ) { a, _ in
    try .reduced(
      a.numericTensor(0).variance(axes: a.axes(1), keep: a.boolean(2), ddof: a.integer(3, in: 0...1_000_000)),
      from: a[0])
  }

  catalogue.add(
    "std", "(x, axis = none, keep = false, ddof = 0)", .reductions,
    "The standard deviation: √(Σ(x - mean)² / (n - ddof)). Its slope is 0 where all elements are equal. \(axes)",
    example: "std([1, 3])  # 1"
  ) { a, _ in
    try .reduced(
      a.numericTensor(0).std(axes: a.axes(1), keep: a.boolean(2), ddof: a.integer(3, in: 0...1_000_000)), from: a[0])
  }

  for (name, word, other) in [("max", "largest", "maximum"), ("min", "smallest", "minimum")] {
    catalogue.add(
      name, "(x, axis = none, keep = false)", .reductions,
      "The \(word) element of a tensor, list or range; of two values it is `\(other)(a, b)`. Ties share the gradient. \(axes)",
      example: name == "max" ? "max([1, 5, 2])  # 5" : "min([4, 1, 2])  # 1"
    ) { a, _ in try extreme(&a, isLargest: name == "max", other: other) }
  }

  for (name, word) in [("argmax", "largest"), ("argmin", "smallest")] {
    catalogue.add(
      name, "(x, axis = none, keep = false)", .reductions,
      "The position of the \(word) element, the first of equals; without axis, in the flattened tensor or list.",
      example: name == "argmax" ? "argmax([1, 5, 2])  # 1" : "argmin([4, 1, 2])  # 1"
    ) { a, _ in
      let x = try a.numericTensor(0)
      let axis = try a.optionalInteger(1)
      let keep = try a.boolean(2)
      return .tensor(try name == "argmax" ? x.argmax(axis: axis, keep: keep) : x.argmin(axis: axis, keep: keep))
    }
  }

  for (name, meaning) in [("any", "at least one element is"), ("all", "every element is")] {
    let isAny = name == "any"
    catalogue.add(
      name, "(x, axis = none, keep = false)", .reductions,
      "True where \(meaning) true, of a bool tensor or a list of bools. \(axes)",
      example: isAny ? "any([true, false])  # true" : "all([true, false])  # false"
    ) { a, _ in
      switch a[0] {
      case .bool: return a[0]
      case .list(let list):
        for item in list.items where try condition(item, of: name) == isAny { return .bool(isAny) }
        return .bool(!isAny)
      default:
        let x = try a.tensor(0)
        guard x.dtype == .bool else {
          throw RuntimeError(
            .type, "`\(name)` wants bools, and got \(x.dtype.name)", hint: "compare first: \(name)(x != 0)")
        }
        return .tensor(
          try isAny ? x.any(axes: a.axes(1), keep: a.boolean(2)) : x.all(axes: a.axes(1), keep: a.boolean(2)))
      }
    }
  }

  catalogue.add(
    "norm", "(x, ord = 2, axis = none, keep = false)", .reductions,
    "(Σ |x|^ord)^(1/ord) over all elements or along axes; `ord: inf` is the largest size, `-inf` the smallest, 0 counts what is not 0. \(axes)",
    example: "norm([3, 4])  # 5"
  ) { a, _ in
    try .reduced(a.numericTensor(0).norm(ord: a.number(1), axes: a.axes(2), keep: a.boolean(3)), from: a[0])
  }

  catalogue.add(
    "quantile", "(x, q, axis = none)", .reductions,
    """
    The value below which a share q of the elements lies: the element at place q·(n - 1) in order, between two on a straight line. nan where an element is.

    Several shares, as a list or a vector, give their values along a new first axis.
    """,
    example: "quantile([1, 2, 3, 4, 5], 0.25)  # 2"
  ) { a, _ in
    let (x, axis) = (try a.numericTensor(0), try a.optionalInteger(2))
    func quantile(_ q: Value) throws -> Tensor {
      guard let share = q.asNumber else { throw a.mismatch("q", q, wanted: "a number") }
      guard (0...1).contains(share) else {
        throw RuntimeError(.value, "`quantile` wants a share from 0 to 1 for `q`, and got \(shortText(q))")
      }
      return try x.quantile(share, axis: axis)
    }
    if let shares = try a.row(a[1]) {
      return try .reduced(Tensor.stack(shares.map(quantile), axis: 0), from: a[0])
    }
    return try .reduced(quantile(a[1]), from: a[0])
  }

  for (name, word) in [("cumsum", "sums"), ("cumprod", "products")] {
    catalogue.add(
      name, "(x, axis = none)", .reductions,
      "The running \(word) along an axis; without axis, of the flattened tensor.",
      example: name == "cumsum" ? "cumsum([1, 2, 3])  # [1, 3, 6]  # 3" : "cumprod([1, 2, 3])  # [1, 2, 6]  # 3"
    ) { a, _ in
      var x = try a.numericTensor(0)
      let axis = try a.optionalInteger(1)
      if axis == nil { x = try x.flatten() }
      return .tensor(try name == "cumsum" ? x.cumsum(axis: axis ?? 0) : x.cumprod(axis: axis ?? 0))
    }
  }
}

/// `max` and `min`.
private func extreme(_ a: inout BoundArguments, isLargest: Bool, other: String) throws -> Value {
  let name = a.signature.function
  func empty() -> RuntimeError { RuntimeError(.value, "`\(name)` of nothing: there is no element") }
  switch a[0] {
  case .list(let list):
    guard !list.items.isEmpty else { throw empty() }
    if let numbers = list.items.asNumbers {
      if let nan = numbers.first(where: \.isNaN) { return .number(nan) }
      return .number((isLargest ? numbers.max() : numbers.min()) ?? 0)
    }
    if let texts = list.items.asStrings {
      let precedes: (String, String) -> Bool = { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
      return .text((isLargest ? texts.max(by: precedes) : texts.min(by: precedes)) ?? "")
    }
    return .tensor(try isLargest ? a.numericTensor(0).max() : a.numericTensor(0).min())
  case .range(let range):
    guard range.count > 0 else { throw empty() }
    let ends = (range.element(at: 0), range.element(at: range.count - 1))
    return .number(isLargest ? max(ends.0, ends.1) : min(ends.0, ends.1))
  case .number:
    if a.isNone(1) { return a[0] }
    throw RuntimeError(
      .type, "`\(name)` takes one tensor or list", hint: "of two values: \(other)(a, b), of several: \(name)((a, b, c))"
    )
  default:
    let x = try a.tensor(0)
    if case .tensor = a[1] {
      throw RuntimeError(.type, "`\(name)` takes one tensor or list", hint: "of two tensors: \(other)(a, b)")
    }
    return .tensor(
      try isLargest ? x.max(axes: a.axes(1), keep: a.boolean(2)) : x.min(axes: a.axes(1), keep: a.boolean(2)))
  }
}

extension Catalogue {
  /// A reduction with `axis` and `keep`; lists of numbers are taken as float64 and give a number.
  mutating func reduction(
    _ name: String, _ documentation: String, _ example: String,
    _ body: @escaping (Tensor, [Int]?, Bool) throws -> Tensor
  ) {
    add(name, "(x, axis = none, keep = false)", .reductions, documentation, example: example) { a, _ in
      try .reduced(body(a.numericTensor(0), a.axes(1), a.boolean(2)), from: a[0])
    }
  }
}

extension Value {
  /// A reduced value: of a list of numbers a number, else the tensor.
  static func reduced(_ tensor: Tensor, from source: Value) throws -> Value {
    switch source {
    case .list, .range, .number: tensor.rank == 0 && !tensor.isAbstract ? .number(try tensor.item()) : .tensor(tensor)
    default: .tensor(tensor)
    }
  }
}
