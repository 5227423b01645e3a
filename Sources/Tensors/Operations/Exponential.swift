import CKernels

/// `eˣ`.
struct Exp: UnaryOperation {
  static let name = "exp"
  var code: ck_op { CK_EXP }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * y }
}

/// `eˣ - 1`, exact near 0.
struct Expm1: UnaryOperation {
  static let name = "expm1"
  var code: ck_op { CK_EXPM1 }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * (y + 1) }
}

/// The natural logarithm.
struct Log: UnaryOperation {
  static let name = "log"
  var code: ck_op { CK_LOG }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed / x }
}

/// `log(1 + x)`, exact near 0.
struct Log1p: UnaryOperation {
  static let name = "log1p"
  var code: ck_op { CK_LOG1P }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed / (x + 1) }
}

/// The logarithm to base 2.
struct Log2: UnaryOperation {
  static let name = "log2"
  var code: ck_op { CK_LOG2 }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed / (x * 0.6931471805599453) }
}

/// The logarithm to base 10.
struct Log10: UnaryOperation {
  static let name = "log10"
  var code: ck_op { CK_LOG10 }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed / (x * 2.302585092994046) }
}

/// `√x`.
struct SquareRoot: UnaryOperation {
  static let name = "sqrt"
  /// True where the share at 0 is 0 instead of infinite: for `std` and `norm`, whose corner this is.
  var isFlatAtZero = false
  var code: ck_op { CK_SQRT }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    let share = try (seed * 0.5) / y
    return isFlatAtZero ? try Tensor.where(y.equalElements(0), Tensor.scalar(0, y.dtype), share) : share
  }
}

/// `1 / √x`.
struct ReciprocalSquareRoot: UnaryOperation {
  static let name = "rsqrt"
  var code: ck_op { CK_RSQRT }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * (y * y.square() * -0.5) }
}

extension Tensor {
  /// `eˣ`.
  public func exp() throws -> Tensor { try Engine.shared.unary(Exp(), asFloat()) }
  /// `eˣ - 1`, exact near 0.
  public func expm1() throws -> Tensor { try Engine.shared.unary(Expm1(), asFloat()) }
  /// The natural logarithm; -inf at 0, nan below.
  public func log() throws -> Tensor { try Engine.shared.unary(Log(), asFloat()) }
  /// `log(1 + x)`, exact near 0.
  public func log1p() throws -> Tensor { try Engine.shared.unary(Log1p(), asFloat()) }
  /// The logarithm to base 2.
  public func log2() throws -> Tensor { try Engine.shared.unary(Log2(), asFloat()) }
  /// The logarithm to base 10.
  public func log10() throws -> Tensor { try Engine.shared.unary(Log10(), asFloat()) }
  /// `√x`; nan below 0.
  public func sqrt() throws -> Tensor { try Engine.shared.unary(SquareRoot(), asFloat()) }
  /// `1 / √x`.
  public func rsqrt() throws -> Tensor { try Engine.shared.unary(ReciprocalSquareRoot(), asFloat()) }
}
