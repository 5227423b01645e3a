import Interpreter
import Tensors

/// Random numbers: one seeded counter-based generator (Philox) for the session.
func registerRandom(_ catalogue: inout Catalogue) {
  catalogue.add(
    "seed", "(n)", .random,
    """
    Starts the random numbers anew from a whole number; equal seeds give equal draws.

    The generator is Philox 4×32 with ten rounds (Salmon and others, SC 2011): its state is a seed and a counter, so draws do
    not depend on the number of threads.
    """,
    example: "seed(0)"
  ) { a, _ in
    Generator.shared.seed(UInt64(bitPattern: Int64(try a.integer(0))))
    return .none
  }

  catalogue.add(
    "rand", "(...shape)", .random, "Numbers evenly spread over 0 to 1, without 1; one number where no shape is given.",
    example: "rand(2, 3).shape  # (2, 3)"
  ) { a, _ in .tensor(try Tensor.random(a.shape(0))) }

  catalogue.add(
    "randn", "(...shape)", .random,
    "Normally distributed numbers with mean 0 and standard deviation 1. (Box and Muller, 1958.)",
    example: "randn(2, 3).shape  # (2, 3)"
  ) { a, _ in .tensor(try Tensor.randomNormal(a.shape(0))) }

  catalogue.add(
    "randint", "(lo, hi, shape = ())", .random, "Whole numbers from `lo` up to, and without, `hi`, as int32.",
    example: "randint(0, 10, 5).dtype  # int32"
  ) { a, _ in
    let range = Int(Int32.min)...Int(Int32.max)
    let (low, high) = (try a.integer(0, in: range), try a.integer(1, in: range))
    guard low < high else { throw RuntimeError(.value, "`randint` wants lo < hi, and got \(low) and \(high)") }
    return .tensor(try Tensor.randomIntegers(low, high, a.shape(2)))
  }

  catalogue.add(
    "permutation", "(n)", .random, "The numbers from 0 to n - 1 in random order, as int32. (Fisher and Yates, 1938.)",
    example: "sort(permutation(3))  # [0, 1, 2]  # 3, int32"
  ) { a, _ in .tensor(try Tensor.permutation(a.integer(0, in: 0...Int(Int32.max)))) }

  catalogue.add(
    "shuffle", "(x)", .random, "The elements of a list, or the rows of a tensor, in random order.",
    example: "sort(shuffle((3, 1, 2)))  # (1, 2, 3)"
  ) { a, _ in
    if case .tensor(let x) = a[0], let rows = x.shape.first {
      return .tensor(try x.gather(Tensor.permutation(rows), axis: 0))
    }
    let items = try a.items(0)
    return .list(ListValue(ContiguousArray(try Tensor.permutation(items.count).int32s().map { items[Int($0)] })))
  }

  catalogue.add(
    "choice", "(x, n = none, replace = true, p = none)", .random,
    """
    Elements of a list, rows of a tensor, or numbers below x, drawn at random; one without `n`, else n of them.

    `p` gives the probability of each; `replace: false` draws none twice.
    """, example: "choice((7, 7, 7))  # 7"
  ) { a, _ in try choose(&a) }

  catalogue.add(
    "bernoulli", "(p, shape = ())", .random, "1 with probability p, else 0.",
    example: "bernoulli(1, 3)  # [1, 1, 1]  # 3"
  ) { a, _ in
    let probability = try a.number(0)
    guard (0...1).contains(probability) else {
      throw RuntimeError(.value, "`bernoulli` wants a probability from 0 to 1, and got \(shortText(a[0]))")
    }
    return .tensor(try Tensor.bernoulli(probability, a.shape(1)))
  }
}

/// Draws for `choice`.
private func choose(_ a: inout BoundArguments) throws -> Value {
  let count: Int
  let source: Tensor?
  var items: ContiguousArray<Value> = []
  switch a[0] {
  case .number:
    count = try a.integer(0, in: 1...Int(Int32.max))
    source = nil
  case .tensor(let x) where x.rank > 0:
    count = x.shape[0]
    source = x
  default:
    items = try a.items(0)
    count = items.count
    source = nil
  }
  guard count > 0 else { throw RuntimeError(.value, "`choice` wants something to choose from, and there is nothing") }
  let wanted = try a.optionalInteger(1)
  let replaces = try a.boolean(2)
  let number = wanted ?? 1
  guard number >= 0, replaces || number <= count else {
    throw RuntimeError(
      .value, "`choice` cannot draw \(number) of \(count) without repeating any", hint: "replace: true lets them repeat"
    )
  }
  let weights = a.isNone(3) ? nil : try weights(&a, count: count, needed: replaces ? 0 : number)
  let drawn = try positions(number, of: count, replaces: replaces, weights: weights)
  if let wanted, source != nil || items.isEmpty {
    let tensor = try Tensor(int32: drawn.map { Int32($0) }, shape: [wanted])
    return .tensor(try source?.gather(tensor, axis: 0) ?? tensor)
  }
  if wanted != nil { return .list(ListValue(ContiguousArray(drawn.map { items[$0] }))) }
  if let source { return .tensor(try source.gather(Tensor(int32: [Int32(drawn[0])], shape: []), axis: 0)) }
  return items.isEmpty ? .number(Double(drawn[0])) : items[drawn[0]]
}

private func weights(_ a: inout BoundArguments, count: Int, needed: Int) throws -> [Double] {
  let weights = try a.numericTensor(3).doubles()
  guard weights.count == count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }), abs(weights.reduce(0, +) - 1) < 1e-3
  else {
    throw RuntimeError(.value, "`choice` wants \(count) probabilities that add up to 1 for `p`")
  }
  guard weights.count(where: { $0 > 0 }) >= needed else {
    throw RuntimeError(.value, "`choice` cannot draw \(needed) different elements: fewer have a probability above 0")
  }
  return weights
}

/// Positions drawn one by one; each draw takes one uniform number.
private func positions(_ number: Int, of count: Int, replaces: Bool, weights: [Double]?) throws -> [Int] {
  guard let weights else {
    if !replaces { return try Tensor.permutation(count).int32s().prefix(number).map(Int.init) }
    return try Tensor.randomIntegers(0, count, [number]).int32s().map(Int.init)
  }
  var left = weights
  return try Tensor.random([number]).doubles().map { uniform in
    var rest = uniform * left.reduce(0, +)
    var position = left.lastIndex { $0 > 0 } ?? 0
    for (index, weight) in left.enumerated() where weight > 0 {
      if rest < weight {
        position = index
        break
      }
      rest -= weight
    }
    if !replaces { left[position] = 0 }
    return position
  }
}
