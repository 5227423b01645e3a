import CKernels

/// `1 / (1 + e⁻ˣ)`.
struct Sigmoid: UnaryOperation {
  static let name = "sigmoid"
  var code: ck_op { CK_SIGMOID }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try Engine.shared.binary(SigmoidSlope(), seed, y)
  }
}

/// `a b (1 - b)`: what `sigmoid` passes back, from the seed and the result.
struct SigmoidSlope: BinaryOperation {
  static let name = "sigmoid_slope"
  var code: ck_op { CK_SIGMOID_SLOPE }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (
      needed.0 ? try Engine.shared.binary(SigmoidSlope(), seed, b) : nil,
      needed.1 ? try seed * (a * (1 - b * 2)) : nil
    )
  }
}

/// `max(x, 0)`; its slope at 0 is 0.
struct Relu: UnaryOperation {
  static let name = "relu"
  var code: ck_op { CK_RELU }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try Engine.shared.binary(Gate(), seed, y) }
}

/// `a` where `b > 0`, else 0.
struct Gate: BinaryOperation {
  static let name = "gate"
  var code: ck_op { CK_GATE }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (needed.0 ? try Engine.shared.binary(Gate(), seed, b) : nil, nil)
  }
}

/// `log(1 + eˣ)`.
struct Softplus: UnaryOperation {
  static let name = "softplus"
  var code: ck_op { CK_SOFTPLUS }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * x.sigmoid() }
}

/// `2/√π ∫₀ˣ e^(-t²) dt`.
struct ErrorFunction: UnaryOperation {
  static let name = "erf"
  var code: ck_op { CK_ERF }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try seed * ((-x.square()).exp() * 1.1283791670955126)
  }
}

/// `x Φ(x)` with the normal distribution function Φ (Hendrycks and Gimpel, 2016).
struct Gelu: UnaryOperation {
  static let name = "gelu"
  var code: ck_op { CK_GELU }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try seed * Engine.shared.unary(GeluSlope(), x)
  }
}

/// The derivative of `gelu`: `Φ(x) + x φ(x)`; its own is `φ(x) (2 - x²)`.
struct GeluSlope: UnaryOperation {
  static let name = "gelu_slope"
  var code: ck_op { CK_GELU_SLOPE }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    let square = try x.square()
    return try seed * ((square * -0.5).exp() * (2 - square) * 0.3989422804014327)
  }
}

/// `x / (1 + e^(-2u))` with `2u = √(8/π) (x + 0.044715 x³)`: the form of `gelu` with tanh, `x (1 + tanh u) / 2`.
struct TanhGelu: UnaryOperation {
  static let name = "gelu_tanh"
  var code: ck_op { CK_GELU_TANH }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try seed * Engine.shared.unary(TanhGeluSlope(), x)
  }
}

/// The derivative of `TanhGelu`, with `v = 2u` and the logistic function σ: `σ(v) + x σ'(v) v'`; its own is
/// `σ'(v) (2 v' + x v'' + x v'² (1 - 2 σ(v)))`.
struct TanhGeluSlope: UnaryOperation {
  static let name = "gelu_tanh_slope"
  var code: ck_op { CK_GELU_TANH_SLOPE }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    let (linear, cubic) = ((8 / Double.pi).squareRoot(), 0.044715 * (8 / Double.pi).squareRoot())
    let square = try x.square()
    let share = try (x * (square * cubic + linear)).sigmoid()
    let slope = try square * (3 * cubic) + linear
    let bend = try x * x * (6 * cubic) + x * slope.square() * (1 - share * 2)
    return try seed * (share * (1 - share) * (slope * 2 + bend))
  }
}

/// One value where `x > 0`, another elsewhere: the perceptron's steps. Its gradient is zero.
struct Step: UnaryOperation {
  static let name = "step"
  let above: Double
  let below: Double
  var code: ck_op { CK_RANGE_STEP }
  var settings: (Double, Double) { (above, below) }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

extension Tensor {
  /// `1 / (1 + e⁻ˣ)`.
  public func sigmoid() throws -> Tensor { try Engine.shared.unary(Sigmoid(), asFloat()) }
  /// `max(x, 0)`.
  public func relu() throws -> Tensor { try Engine.shared.unary(Relu(), asNumbers()) }
  /// `log(1 + eˣ)`, without overflow.
  public func softplus() throws -> Tensor { try Engine.shared.unary(Softplus(), asFloat()) }
  /// The error function.
  public func erf() throws -> Tensor { try Engine.shared.unary(ErrorFunction(), asFloat()) }
  /// `x Φ(x)`, with the exact normal distribution function.
  public func gelu() throws -> Tensor { try Engine.shared.unary(Gelu(), asFloat()) }
  /// `x (1 + tanh u) / 2` with `u = √(2/π) (x + 0.044715 x³)`, which is near `gelu`.
  public func tanhGelu() throws -> Tensor { try Engine.shared.unary(TanhGelu(), asFloat()) }
  /// `above` where the element is positive, else `below`; its gradient is zero.
  public func step(above: Double, below: Double) throws -> Tensor {
    try Engine.shared.unary(Step(above: above, below: below), asFloat())
  }
}
