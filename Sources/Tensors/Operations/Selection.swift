import CKernels

/// The larger element; nan where one is. Equal elements share the gradient evenly.
struct Maximum: BinaryOperation {
  static let name = "maximum"
  var code: ck_op { CK_MAXIMUM }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    try Tensor.sharesOfTheWinner(a, b, a.greater(b), seed, needed)
  }
}

/// The smaller element; nan where one is. Equal elements share the gradient evenly.
struct Minimum: BinaryOperation {
  static let name = "minimum"
  var code: ck_op { CK_MINIMUM }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    try Tensor.sharesOfTheWinner(a, b, a.less(b), seed, needed)
  }
}

/// `b` where the condition is true, else `c`.
struct Where: ElementwiseOperation {
  static let name = "where"
  var code: ck_op { CK_WHERE }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let values = try Broadcasting.shape(inputs[1].shape, inputs[2].shape, symbol: "where")
    let shape = try Broadcasting.shape(inputs[0].shape, values, symbol: "where")
    return [Spec(inputs[1].dtype, shape, isWeak: inputs[1].isWeak && inputs[2].isWeak && shape.isEmpty)]
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    let zero = try Tensor.scalar(0, seed.dtype, isWeak: seed.spec.isWeak)
    return [
      nil,
      needed[1] ? try Engine.shared.apply1(Where(), inputs[0], seed, zero).summed(to: inputs[1].spec) : nil,
      needed[2] ? try Engine.shared.apply1(Where(), inputs[0], zero, seed).summed(to: inputs[2].spec) : nil,
    ]
  }
}

/// The element, held between two bounds. The slope is 1 inside and at the bounds, 0 outside.
struct Clip: UnaryOperation {
  static let name = "clip"
  let low: Double
  let high: Double
  var code: ck_op { CK_CLIP }
  var settings: (Double, Double) { (low, high) }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try Engine.shared.binary(ClipGate(low: low, high: high), seed, x)
  }
}

/// `a` where `b` lies within the bounds, else 0.
struct ClipGate: BinaryOperation {
  static let name = "clip_gate"
  let low: Double
  let high: Double
  var code: ck_op { CK_CLIP_GATE }
  var settings: (Double, Double) { (low, high) }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (needed.0 ? try Engine.shared.binary(self, seed, b) : nil, nil)
  }
}

extension Tensor {
  /// Shares of two competing operands: all to the winner, half each where they are equal.
  fileprivate static func sharesOfTheWinner(
    _ a: Tensor, _ b: Tensor, _ first: Tensor, _ seed: Tensor, _ needed: (Bool, Bool)
  ) throws -> (Tensor?, Tensor?) {
    let half = try Tensor.where(a.equalElements(b), Tensor.scalar(0.5, seed.dtype), Tensor.scalar(0, seed.dtype))
    let share = try seed * Tensor.where(first, Tensor.scalar(1, seed.dtype), half)
    return (share, needed.1 ? try seed - share : nil)
  }

  /// The larger element of two tensors, which broadcast.
  public static func maximum(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let (a, b) = try Promotion.promote(a, b, .choice)
    return try Engine.shared.binary(Maximum(), a, b)
  }

  /// The smaller element of two tensors, which broadcast.
  public static func minimum(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let (a, b) = try Promotion.promote(a, b, .choice)
    return try Engine.shared.binary(Minimum(), a, b)
  }

  /// `a` where `condition` is true, else `b`; all three broadcast.
  /// - Throws: a type error where the condition is not bool.
  public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    guard condition.dtype == .bool else {
      throw TensorError(
        .type, "where needs a bool tensor as its condition, and this is \(condition.dtype.name)",
        hint: "compare first, as in `x > 0`, or write bool(x)")
    }
    let (a, b) = try Promotion.promote(a, b, .choice)
    // A number stays one beside a condition of rank 0 only.
    if a.spec.isWeak && !condition.shape.isEmpty {
      return try Engine.shared.choice(condition, a.converted(to: .float32), b.converted(to: .float32))
    }
    return try Engine.shared.choice(condition, a, b)
  }

  /// Every element held between `low` and `high`.
  public func clip(_ low: Double, _ high: Double) throws -> Tensor {
    guard low <= high else {
      throw TensorError(
        .value, "clip needs its lower bound below its upper, and got \(low.plainText) and \(high.plainText)")
    }
    var x = try asNumbers()
    let whole = { (bound: Double) in bound.isInfinite || bound == bound.rounded(.down) }
    if x.dtype == .int32 && !(whole(low) && whole(high)) { x = try x.converted(to: .float32) }
    return try Engine.shared.unary(Clip(low: low, high: high), x)
  }
}
