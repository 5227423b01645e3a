import CKernels

struct Sine: UnaryOperation {
  static let name = "sin"
  var code: ck_op { CK_SIN }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * x.cos() }
}

struct Cosine: UnaryOperation {
  static let name = "cos"
  var code: ck_op { CK_COS }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try -(seed * x.sin()) }
}

struct Tangent: UnaryOperation {
  static let name = "tan"
  var code: ck_op { CK_TAN }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * (y.square() + 1) }
}

struct ArcSine: UnaryOperation {
  static let name = "asin"
  var code: ck_op { CK_ASIN }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * (1 - x.square()).rsqrt() }
}

struct ArcCosine: UnaryOperation {
  static let name = "acos"
  var code: ck_op { CK_ACOS }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try -(seed * (1 - x.square()).rsqrt()) }
}

struct ArcTangent: UnaryOperation {
  static let name = "atan"
  var code: ck_op { CK_ATAN }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed / (x.square() + 1) }
}

struct HyperbolicSine: UnaryOperation {
  static let name = "sinh"
  var code: ck_op { CK_SINH }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * x.cosh() }
}

struct HyperbolicCosine: UnaryOperation {
  static let name = "cosh"
  var code: ck_op { CK_COSH }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * x.sinh() }
}

struct HyperbolicTangent: UnaryOperation {
  static let name = "tanh"
  var code: ck_op { CK_TANH }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    try Engine.shared.binary(TanhSlope(), seed, y)
  }
}

/// `a (1 - b²)`: what `tanh` passes back, from the seed and the result.
struct TanhSlope: BinaryOperation {
  static let name = "tanh_slope"
  var code: ck_op { CK_TANH_SLOPE }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (
      needed.0 ? try Engine.shared.binary(TanhSlope(), seed, b) : nil,
      needed.1 ? try seed * (a * b * -2) : nil
    )
  }
}

/// The angle of the point (b, a), in (-π, π].
struct ArcTangent2: BinaryOperation {
  static let name = "atan2"
  var code: ck_op { CK_ATAN2 }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    let scaled = try seed / (a.square() + b.square())
    return (needed.0 ? try scaled * b : nil, needed.1 ? try -(scaled * a) : nil)
  }
}

extension Tensor {
  public func sin() throws -> Tensor { try Engine.shared.unary(Sine(), asFloat()) }
  public func cos() throws -> Tensor { try Engine.shared.unary(Cosine(), asFloat()) }
  public func tan() throws -> Tensor { try Engine.shared.unary(Tangent(), asFloat()) }
  public func asin() throws -> Tensor { try Engine.shared.unary(ArcSine(), asFloat()) }
  public func acos() throws -> Tensor { try Engine.shared.unary(ArcCosine(), asFloat()) }
  public func atan() throws -> Tensor { try Engine.shared.unary(ArcTangent(), asFloat()) }
  public func sinh() throws -> Tensor { try Engine.shared.unary(HyperbolicSine(), asFloat()) }
  public func cosh() throws -> Tensor { try Engine.shared.unary(HyperbolicCosine(), asFloat()) }
  public func tanh() throws -> Tensor { try Engine.shared.unary(HyperbolicTangent(), asFloat()) }

  /// The angle of the point (x, y), in (-π, π]; `y` comes first, as in C.
  public static func atan2(_ y: Tensor, _ x: Tensor) throws -> Tensor {
    let (a, b) = try Promotion.promote(y, x, .fractional)
    return try Engine.shared.binary(ArcTangent2(), a, b)
  }
}
