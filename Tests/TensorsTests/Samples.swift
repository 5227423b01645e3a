@testable import Tensors

/// A small generator for test inputs, independent of the engine's own.
struct TestRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// Uniform in [0, 1).
  mutating func unit() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / 9_007_199_254_740_992
  }

  mutating func tensor(_ shape: Shape, _ range: ClosedRange<Double>) throws -> Tensor {
    let values = (0..<shape.reduce(1, *)).map { _ in range.lowerBound + unit() * (range.upperBound - range.lowerBound) }
    return try Tensor(values, shape: shape, dtype: .float64)
  }
}

/// One operation with inputs at which it is smooth.
struct Sample: CustomStringConvertible {
  let description: String
  let inputs: [(Shape, ClosedRange<Double>)]
  /// Whether second derivatives are compared too.
  let twice: Bool
  let function: ([Tensor]) throws -> Tensor

  init(
    _ name: String, _ inputs: [(Shape, ClosedRange<Double>)], twice: Bool = true,
    _ function: @escaping ([Tensor]) throws -> Tensor
  ) {
    description = name
    self.inputs = inputs
    self.twice = twice
    self.function = function
  }

  static func unary(
    _ name: String, _ range: ClosedRange<Double> = -2...2, _ f: @escaping (Tensor) throws -> Tensor
  ) -> [Sample] {
    [[3, 4], [], [2, 1, 3]].map { shape in Sample("\(name) \(shape)", [(shape, range)]) { try f($0[0]) } }
  }

  static func binary(
    _ name: String, _ a: ClosedRange<Double> = -2...2, _ b: ClosedRange<Double> = -2...2,
    _ f: @escaping (Tensor, Tensor) throws -> Tensor
  ) -> [Sample] {
    let shapes: [(Shape, Shape)] = [
      ([3, 4], [3, 4]), ([2, 3], []), ([], [4]), ([3, 1], [1, 2]), ([2, 3, 4], [4]), ([2, 1, 3], [2, 2, 1]),
    ]
    return shapes.map { left, right in
      Sample("\(name) \(left) \(right)", [(left, a), (right, b)]) { try f($0[0], $0[1]) }
    }
  }
}

/// Every differentiable operation.
enum Samples {
  static var all: [Sample] {
    elementwise + binary + reductions + shaping + products + picking + factorisations + kernels
  }

  static var elementwise: [Sample] {
    Sample.unary("negate") { try -$0 } + Sample.unary("abs", 0.3...2) { try $0.abs() }
      + Sample.unary("abs of negative", -2 ... -0.3) { try $0.abs() } + Sample.unary("square") { try $0.square() }
      + Sample.unary("sqrt", 0.3...3) { try $0.sqrt() } + Sample.unary("rsqrt", 0.3...3) { try $0.rsqrt() }
      + Sample.unary("reciprocal", 0.4...3) { try $0.reciprocal() } + Sample.unary("exp") { try $0.exp() }
      + Sample.unary("expm1") { try $0.expm1() } + Sample.unary("log", 0.3...3) { try $0.log() }
      + Sample.unary("log1p", -0.5...3) { try $0.log1p() } + Sample.unary("log2", 0.3...3) { try $0.log2() }
      + Sample.unary("log10", 0.3...3) { try $0.log10() } + Sample.unary("sin") { try $0.sin() }
      + Sample.unary("cos") { try $0.cos() } + Sample.unary("tan", -1...1) { try $0.tan() }
      + Sample.unary("asin", -0.8...0.8) { try $0.asin() } + Sample.unary("acos", -0.8...0.8) { try $0.acos() }
      + Sample.unary("atan") { try $0.atan() } + Sample.unary("sinh") { try $0.sinh() }
      + Sample.unary("cosh") { try $0.cosh() } + Sample.unary("tanh") { try $0.tanh() }
      + Sample.unary("erf") { try $0.erf() } + Sample.unary("sigmoid") { try $0.sigmoid() }
      + Sample.unary("softplus") { try $0.softplus() } + Sample.unary("gelu") { try $0.gelu() }
      + Sample.unary("gelu with tanh") { try $0.tanhGelu() }
      + Sample.unary("relu", 0.2...2) { try $0.relu() }
      + Sample.unary("relu of negative", -2 ... -0.2) { try $0.relu() }
      + Sample.unary("clip inside", -0.8...0.8) { try $0.clip(-1, 1).square() }
      + Sample.unary("clip outside", 1.2...2) { try $0.clip(-1, 1).square() }
      + Sample.unary("floor") { try $0.floor() * $0 } + Sample.unary("number left", 0.5...2) { try 2 / (3 - $0) }
  }

  static var binary: [Sample] {
    Sample.binary("+") { try $0 + $1 } + Sample.binary("-") { try $0 - $1 } + Sample.binary("*") { try $0 * $1 }
      + Sample.binary("/", -2...2, 0.5...2) { try $0 / $1 }
      + Sample.binary("power", 0.3...2, -2...2) { try $0.power($1) }
      + Sample.binary("modulo", 0.1...0.9, 1...2) { try $0.modulo($1) }
      + Sample.binary("atan2", 0.3...2, 0.3...2) { try Tensor.atan2($0, $1) }
      + Sample.binary("maximum", -2...0, 0.1...2) { try Tensor.maximum($0, $1).square() }
      + Sample.binary("minimum", -2...0, 0.1...2) { try Tensor.minimum($0, $1).square() }
      + Sample.binary("where") { try Tensor.where($0.greater(0), $0 * $1, $1.square()) }
  }

  static var reductions: [Sample] {
    let places: [[Int]?] = [nil, [0], [-1], [0, 2], [1, 2], []]
    return places.flatMap { axes in
      [false, true].flatMap { keep -> [Sample] in
        func of(_ name: String, _ f: @escaping (Tensor) throws -> Tensor) -> Sample {
          Sample("\(name) \(axes.map { "\($0)" } ?? "all") keep \(keep)", [([2, 3, 2], 0.3...2)]) { try f($0[0]) }
        }
        return [
          of("sum") { try $0.square().sum(axes: axes, keep: keep) },
          of("mean") { try $0.square().mean(axes: axes, keep: keep) },
          of("sum of squares") { try $0.sumOfSquares(axes: axes, keep: keep) },
          of("prod") { try $0.prod(axes: axes, keep: keep) },
          of("max") { try $0.square().max(axes: axes, keep: keep) },
          of("min") { try $0.square().min(axes: axes, keep: keep) },
          of("norm") { try $0.norm(axes: axes, keep: keep) },
          of("norm 1") { try $0.norm(ord: 1, axes: axes, keep: keep).square() },
          of("norm 3") { try $0.norm(ord: 3, axes: axes, keep: keep) },
          of("norm inf") { try $0.norm(ord: .infinity, axes: axes, keep: keep) },
          of("logsumexp") { try $0.logSumExp(axes: axes, keep: keep) },
        ]
          + (axes == []
            ? []
            : [
              of("variance") { try $0.variance(axes: axes, keep: keep) },
              of("std") { try $0.std(axes: axes, keep: keep, ddof: 1) },
            ])
      }
    }
  }

  static var shaping: [Sample] {
    [
      Sample("reshape", [([2, 6], -2...2)]) { try $0[0].reshape([3, -1]).exp() },
      Sample("transpose", [([2, 3, 4], -2...2)]) { try $0[0].transpose([2, 0, 1]).exp() },
      Sample("broadcast", [([3, 1], -2...2)]) { try $0[0].broadcast(to: [2, 3, 4]).exp() },
      Sample("concat", [([2, 2], -2...2), ([2, 3], -2...2)]) { try Tensor.concat($0, axis: 1).exp() },
      Sample("stack", [([2, 2], -2...2), ([2, 2], -2...2)]) { try Tensor.stack($0, axis: -1).exp() },
      Sample("split", [([4, 3], -2...2)]) {
        let parts = try $0[0].split(sizes: [1, 3])
        return try (parts[0] * parts[1]).exp()
      },
      Sample("pad", [([2, 2], -2...2)]) { try $0[0].pad([(1, 0), (2, 1)], value: 3).exp() },
      Sample("flip", [([2, 3], -2...2)]) { try $0[0].flip(1).exp() * $0[0] },
      Sample("roll", [([2, 3], -2...2)]) { try $0[0].roll(-1, 1).exp() * $0[0] },
      Sample("tile", [([2, 3], -2...2)]) { try $0[0].tile([2, 1, 2]).exp() },
      Sample("repeat", [([2, 3], -2...2)]) { try $0[0].repeatElements(3, axis: 0).exp() },
      Sample("cumsum", [([2, 3], -2...2)]) { try $0[0].cumsum(axis: 1).exp() },
      Sample("cumprod", [([2, 4], -2...2)]) { try $0[0].cumprod(axis: 1) },
      Sample("cumprod flat", [([2, 3], -2...2)]) { try $0[0].cumprod() },
      Sample("cast", [([2, 3], -2...2)]) { try $0[0].square().cast(to: .float64).tanh() },
    ]
  }

  static var products: [Sample] {
    let shapes: [(Shape, Shape)] = [
      ([2, 3], [3, 4]), ([3], [3]), ([3], [3, 2]), ([2, 3], [3]), ([2, 2, 3], [2, 3, 2]), ([2, 2, 3], [3, 2]),
      ([3], [2, 3, 2]),
      ([2, 1, 2, 3], [1, 3, 3, 2]), ([5, 18], [18, 17]),
    ]
    return shapes.map { a, b in
      Sample("matmul \(a) \(b)", [(a, -1...1), (b, -1...1)]) { try $0[0].matmul($0[1]).square() }
    }
  }

  static var picking: [Sample] {
    func of(_ name: String, _ shape: Shape, _ f: @escaping (Tensor) throws -> Tensor) -> Sample {
      Sample(name, [(shape, -2...2)]) { try f($0[0]) }
    }
    func positions(_ values: [Int32], _ shape: Shape) throws -> Tensor { try Tensor(int32: values, shape: shape) }
    return [
      of("slice", [4, 5]) { try $0.slice([.range(start: 3, end: 0, step: -2), .position(-1)]).exp() },
      of("slice with new axis", [4, 5]) {
        try $0.slice([.ellipsis, .newAxis, .range(start: 1, end: nil, step: 2)]).exp()
      },
      of("positions", [4, 3]) { try $0.slice([.positions(positions([0, 2, 0, -1], [2, 2]))]).exp() },
      of("paired positions", [3, 4, 2]) {
        try $0.slice([.positions(positions([0, 2], [2])), .positions(positions([1, 3], [2]))]).exp()
      },
      of("paired positions apart", [3, 2, 4]) {
        try $0.slice([.positions(positions([0, 2], [2])), .all, .positions(positions([1, 3], [2]))]).exp()
      },
      of("mask", [3, 4]) { try $0.slice([.mask($0.greater(0))]).exp() },
      of("gather", [3, 4]) { try $0.gather(positions([1, 1, 3], [3]), axis: 1).exp() },
      of("take along", [2, 3]) { try $0.takeAlong(positions([0, 0, 2, 1], [2, 2]), axis: 1).exp() },
      of("scatter", [3, 2]) { try Tensor.scatterAdd($0, at: positions([1, 1, 0], [3]), shape: [4, 2]).exp() },
      of("sort", [2, 5]) { try $0.sort().exp() * Tensor([1, 2, 3, 4, 5], shape: [5], dtype: .float64) },
      of("sort along the first axis", [4, 2]) { try $0.sort(axis: 0, descending: true).exp() },
      of("top k", [2, 5]) { try $0.topK(2).values.exp() },
      of("median of even", [2, 4]) { try $0.median(axes: [1]).exp() },
      of("median of all", [3, 3]) { try $0.median().exp() },
      of("quantile", [3, 4]) { try $0.quantile(0.3, axis: 0).exp() },
      of("assignment to a slice", [3, 4]) {
        try $0.replacing(
          [.position(1), .range(start: 0, end: 2, step: 1)],
          with: $0.slice([.position(0), .range(start: 2, end: 4, step: 1)]).square()
        ).exp()
      },
      of("assignment to positions", [4]) {
        try $0.replacing(
          [.positions(positions([0, 2, 0], [3]))], with: $0.slice([.range(start: 1, end: 4, step: 1)]).square()
        ).sin()
      },
      of("diag", [3]) { try $0.diag().exp() }, of("diagonal", [3, 4]) { try $0.diag().exp() },
      of("trace", [3, 3]) { try $0.trace().exp() }, of("tril", [3, 4]) { try $0.tril(1).exp() },
      of("triu", [2, 3, 3]) { try $0.triu().exp() }, of("outer", [3]) { try $0.outer($0.sin()).exp() },
    ]
  }

  static var factorisations: [Sample] {
    /// Symmetric, positive definite, with distinct eigenvalues.
    func definite(_ x: Tensor) throws -> Tensor {
      let n = x.shape[x.rank - 1]
      let base = try x.matmul(x.transposedMatrix)
      return try base + Tensor([1, 2.5, 4].prefix(n).map { $0 }, shape: [n], dtype: .float64).diag()
    }
    func of(_ name: String, _ shape: Shape, _ f: @escaping (Tensor) throws -> Tensor) -> Sample {
      Sample(name, [(shape, -1...1)]) { try f($0[0]) }
    }
    return [
      Sample("solve", [([3, 3], -1...1), ([3, 2], -1...1)]) { try definite($0[0]).solve($0[1]) },
      Sample("solve for a vector", [([3, 3], -1...1), ([3], -1...1)]) { try definite($0[0]).solve($0[1]) },
      of("batched inverse", [2, 3, 3]) { try definite($0).inverse() },
      of("det", [3, 3]) { try $0.det() }, of("batched det", [2, 3, 3]) { try definite($0).det() },
      of("cholesky", [3, 3]) { try definite($0).cholesky() },
      of("eigh values", [3, 3]) { try definite($0).eigh().values },
      of("eigh vectors", [3, 3]) { try definite($0).eigh().vectors.square() },
      of("svd values", [4, 3]) { try $0.svd().s },
      of("svd tall", [4, 3]) {
        let (u, _, vt) = try $0.svd(); return try u.matmul(vt)
      },
      of("svd wide", [2, 4]) {
        let (u, s, vt) = try $0.svd(); return try (u * s.sin()).matmul(vt)
      },
      of("qr tall", [4, 3]) {
        let (q, r) = try $0.qr(); return try q.matmul(r.sin())
      },
      of("qr wide", [2, 4]) {
        let (q, r) = try $0.qr(); return try q.matmul(r.sin())
      },
    ]
      + [
        ("ij,jk->ik", [[2, 3], [3, 4]]), ("ij->ji", [[2, 3]]), ("ii->i", [[3, 3]]), ("ii", [[3, 3]]),
        ("ij,ij->", [[2, 3], [2, 3]]),
        ("bqhd,bkhd->bhqk", [[2, 2, 2, 3], [2, 3, 2, 3]]), ("bi,ijk,bk->bj", [[2, 3], [3, 2, 4], [2, 4]]),
        ("i,j->ij", [[2], [3]]),
        ("ij,jk,kl->il", [[2, 3], [3, 2], [2, 3]]), ("ij,k->i", [[2, 3], [2]]),
        ("...ij,jk->...ik", [[2, 1, 2, 3], [3, 2]]), ("i...,i...", [[2, 3], [2, 1]]), ("...ii->...i", [[2, 3, 3]]),
        ("i...->i", [[2, 3, 2]]),
      ].map { (text: String, shapes: [Shape]) in
        Sample("einsum \(text)", shapes.map { ($0, -1...1) }) { try Tensor.einsum(text, $0).sin() }
      }
  }
}
