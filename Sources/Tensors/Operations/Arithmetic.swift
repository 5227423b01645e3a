import CKernels

/// `a + b`.
struct Add: BinaryOperation {
  static let name = "add"
  var code: ck_op { CK_ADD }
  var symbol: String { "+" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (seed, seed)
  }
}

/// `a - b`.
struct Subtract: BinaryOperation {
  static let name = "subtract"
  var code: ck_op { CK_SUBTRACT }
  var symbol: String { "-" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (seed, needed.1 ? try -seed : nil)
  }
}

/// `a · b`, element by element.
struct Multiply: BinaryOperation {
  static let name = "multiply"
  var code: ck_op { CK_MULTIPLY }
  var symbol: String { "*" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (needed.0 ? try seed * b : nil, needed.1 ? try seed * a : nil)
  }
}

/// `a / b`.
struct Divide: BinaryOperation {
  static let name = "divide"
  var code: ck_op { CK_DIVIDE }
  var symbol: String { "/" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    let share = try seed / b
    return (share, needed.1 ? try -(share * y) : nil)
  }
}

/// `⌊a / b⌋`; its gradient is zero.
struct FloorDivide: BinaryOperation {
  static let name = "floor_divide"
  var code: ck_op { CK_FLOOR_DIVIDE }
  var symbol: String { "//" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (nil, nil)
  }
}

/// `a - b ⌊a / b⌋`, with the sign of the divisor.
struct Modulo: BinaryOperation {
  static let name = "modulo"
  var code: ck_op { CK_MODULO }
  var symbol: String { "%" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (seed, needed.1 ? try -(seed * a.floorDivide(b)) : nil)
  }
}

/// `a ^ b`. Where `a` is 0 the exponent's share is 0; where `b` is 0 the base's.
struct Power: BinaryOperation {
  static let name = "power"
  var code: ck_op { CK_POWER }
  var symbol: String { "^" }
  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    var shares: (Tensor?, Tensor?) = (nil, nil)
    if needed.0 {
      // a^(b-1) is kept away from 0^-1 where the factor b is 0.
      let lower = try Tensor.where(b.equalElements(0), b, b - 1)
      shares.0 = try seed * (b * a.power(lower))
    }
    if needed.1 {
      let safe = try Tensor.where(a.equalElements(0), Tensor.scalar(1, a.dtype), a)
      shares.1 = try seed * (y * safe.log())
    }
    return shares
  }
}

/// `-x`.
struct Negate: UnaryOperation {
  static let name = "negate"
  var code: ck_op { CK_NEGATE }
  var symbol: String { "-" }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try -seed }
}

/// `|x|`; its slope at 0 is 0.
struct Absolute: UnaryOperation {
  static let name = "abs"
  var code: ck_op { CK_ABS }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * x.sign() }
}

/// -1, 0 or 1; its gradient is zero.
struct Sign: UnaryOperation {
  static let name = "sign"
  var code: ck_op { CK_SIGN }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

/// `x²`.
struct Square: UnaryOperation {
  static let name = "square"
  var code: ck_op { CK_SQUARE }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try seed * (x * 2) }
}

/// `1 / x`.
struct Reciprocal: UnaryOperation {
  static let name = "reciprocal"
  var code: ck_op { CK_RECIPROCAL }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { try -(seed * y.square()) }
}

extension Tensor {
  private static func arithmetic(_ operation: some BinaryOperation, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let (a, b) = try Promotion.promote(a, b, .arithmetic)
    return try Engine.shared.binary(operation, a, b)
  }

  /// The sum, element by element; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try arithmetic(Add(), a, b) }
  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try arithmetic(Subtract(), a, b) }
  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try arithmetic(Multiply(), a, b) }
  /// The quotient, element by element; always a float, `inf` or `nan` where the divisor is 0.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor {
    let (a, b) = try Promotion.promote(a, b, .fractional)
    return try Engine.shared.binary(Divide(), a, b)
  }

  public static func + (a: Tensor, b: Double) throws -> Tensor { try a + Tensor.number(b, beside: a) }
  public static func - (a: Tensor, b: Double) throws -> Tensor { try a - Tensor.number(b, beside: a) }
  public static func * (a: Tensor, b: Double) throws -> Tensor { try a * Tensor.number(b, beside: a) }
  public static func / (a: Tensor, b: Double) throws -> Tensor { try a / Tensor.number(b, beside: a) }
  public static func + (a: Double, b: Tensor) throws -> Tensor { try Tensor.number(a, beside: b) + b }
  public static func - (a: Double, b: Tensor) throws -> Tensor { try Tensor.number(a, beside: b) - b }
  public static func * (a: Double, b: Tensor) throws -> Tensor { try Tensor.number(a, beside: b) * b }
  public static func / (a: Double, b: Tensor) throws -> Tensor { try Tensor.number(a, beside: b) / b }

  /// Minus the tensor.
  public static prefix func - (x: Tensor) throws -> Tensor { try Engine.shared.unary(Negate(), x.asNumbers()) }

  /// `⌊self / b⌋`: rounds towards minus infinity.
  public func floorDivide(_ b: Tensor) throws -> Tensor { try Tensor.arithmetic(FloorDivide(), self, b) }
  public func floorDivide(_ b: Double) throws -> Tensor { try floorDivide(Tensor.number(b, beside: self)) }
  /// The remainder of `floorDivide`, with the divisor's sign.
  public func modulo(_ b: Tensor) throws -> Tensor { try Tensor.arithmetic(Modulo(), self, b) }
  public func modulo(_ b: Double) throws -> Tensor { try modulo(Tensor.number(b, beside: self)) }
  /// `self` to the power `b`.
  public func power(_ b: Tensor) throws -> Tensor {
    if b.knownNumber == 2, !Engine.shared.tape.isTracked(b) { return try square() }
    return try Tensor.arithmetic(Power(), self, b)
  }
  public func power(_ b: Double) throws -> Tensor {
    b == 2 ? try square() : try power(Tensor.number(b, beside: self))
  }

  public func abs() throws -> Tensor { try Engine.shared.unary(Absolute(), asNumbers()) }
  /// -1, 0 or 1.
  public func sign() throws -> Tensor { try Engine.shared.unary(Sign(), asNumbers()) }
  public func square() throws -> Tensor { try Engine.shared.unary(Square(), asNumbers()) }
  public func reciprocal() throws -> Tensor { try Engine.shared.unary(Reciprocal(), asFloat()) }

  /// Bools as int32, all else as it is.
  func asNumbers() throws -> Tensor { dtype == .bool ? try converted(to: .int32) : self }

  /// A plain number as an operand beside `other`: of its dtype where that is a float, else a number that promotion
  /// looks at.
  static func number(_ value: Double, beside other: Tensor) throws -> Tensor {
    other.dtype.isFloat ? try scalar(value, other.dtype, isWeak: other.spec.isWeak) : try number(value)
  }
}
