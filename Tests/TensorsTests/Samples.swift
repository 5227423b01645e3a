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
  static var all: [Sample] { elementwise + binary + reductions + shaping + products + kernels }

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
}
