import CKernels

/// `Σ x` over axes; int32 stays int32, bools are counted in int32.
struct Sum: ReductionOperation {
  static let name = "sum"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_SUM }
  func resultType(_ operand: DType) -> DType { operand == .bool ? .int32 : operand }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try keptForm($0, of: inputs[0]).broadcast(to: inputs[0].shape) }]
  }
}

/// `Σ x / n` over axes.
struct Mean: ReductionOperation {
  static let name = "mean"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_SUM }
  func scale(_ length: Int) -> Double { 1 / Double(length) }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let length = inputs[0].shape[first..<first + axes].product
    return [try seeds[0].map { try keptForm($0 * scale(length), of: inputs[0]).broadcast(to: inputs[0].shape) }]
  }
}

/// `Σ x²` over axes.
struct SumOfSquares: ReductionOperation {
  static let name = "sum_of_squares"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_SUM_OF_SQUARES }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try inputs[0] * keptForm($0 * 2, of: inputs[0]) }]
  }
}

/// `Π x` over axes. The gradient is the product of the others, exact where elements are zero.
struct Product: ReductionOperation {
  static let name = "prod"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_PRODUCT }
  func resultType(_ operand: DType) -> DType { operand == .bool ? .int32 : operand }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = inputs[0]
    var flat = x.shape
    flat.replaceSubrange(first..<first + axes, with: [x.shape[first..<first + axes].product])
    let line = try x.reshape(flat)
    let others =
      try line.exclusiveProduct(axis: first, reverse: false) * line.exclusiveProduct(axis: first, reverse: true)
    return [try others.reshape(x.shape) * keptForm(seed, of: x)]
  }
}

extension Tensor {
  /// The sum over axes, over all for nil.
  public func sum(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try reduced(axes, keep: keep) { Sum(first: $0, axes: $1, keep: $2) }
  }

  /// The mean over axes; nan where nothing meets.
  public func mean(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try asFloat().reduced(axes, keep: keep) { Mean(first: $0, axes: $1, keep: $2) }
  }

  /// The sum of the squares over axes.
  public func sumOfSquares(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try asFloat().reduced(axes, keep: keep) { SumOfSquares(first: $0, axes: $1, keep: $2) }
  }

  /// The product over axes.
  public func prod(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try reduced(axes, keep: keep) { Product(first: $0, axes: $1, keep: $2) }
  }

  /// The mean squared distance from the mean; divided by `n - ddof`.
  public func variance(axes: [Int]? = nil, keep: Bool = false, ddof: Int = 0) throws -> Tensor {
    let x = try asFloat()
    let places = try Axes.normalized(axes, rank: rank)
    let count = places.map { shape[$0] }.product
    let centred = try x - x.mean(axes: places, keep: true)
    return try centred.sumOfSquares(axes: places, keep: keep) * (1 / Double(Swift.max(0, count - ddof)))
  }

  /// The root of the variance; its slope is 0 where all elements are equal.
  public func std(axes: [Int]? = nil, keep: Bool = false, ddof: Int = 0) throws -> Tensor {
    try Engine.shared.unary(SquareRoot(isFlatAtZero: true), variance(axes: axes, keep: keep, ddof: ddof))
  }

  /// The vector norm over axes (all elements for nil): `(Σ|x|^ord)^(1/ord)`; the largest `|x|` for infinity, the
  /// smallest for -infinity, the number of elements that are not 0 for 0. Its slope is 0 where it is 0.
  /// - Throws: a value error for an order that is not a number.
  public func norm(ord: Double = 2, axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    let x = try asFloat()
    guard !ord.isNaN else { throw TensorError(.value, "norm needs a number as its order, and got nan") }
    switch ord {
    case 0: return try x.notEqual(0).cast(to: x.dtype).sum(axes: axes, keep: keep)
    case 1: return try x.abs().sum(axes: axes, keep: keep)
    case 2: return try Engine.shared.unary(SquareRoot(isFlatAtZero: true), x.sumOfSquares(axes: axes, keep: keep))
    case .infinity: return try x.abs().max(axes: axes, keep: keep)
    case -.infinity: return try x.abs().min(axes: axes, keep: keep)
    default:
      let total = try x.abs().power(ord).sum(axes: axes, keep: keep)
      let isZero = try total.equalElements(0)
      let root = try Tensor.where(isZero, .onesLike(total), total).power(1 / ord)
      return try Tensor.where(isZero, .zerosLike(total), root)
    }
  }

  /// `log Σ eˣ` over axes, without overflow.
  public func logSumExp(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    let x = try asFloat()
    let places = try Axes.normalized(axes, rank: rank)
    if places.contains(where: { shape[$0] == 0 }) {
      return try x.exp().sum(axes: places, keep: keep).log()
    }
    let largest = try x.max(axes: places, keep: true).stopGradient()
    let shift = try Tensor.where(largest.isFinite(), largest, Tensor.zerosLike(largest))
    let result = try (x - shift).exp().sum(axes: places, keep: true).log() + shift
    return keep ? result : try result.squeezed(places)
  }
}
