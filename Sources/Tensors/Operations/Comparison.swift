import CKernels

/// A question about two elements; gives bool and has no gradient.
struct Compare: BinaryOperation {
  enum Question: UInt8, CaseIterable { case equal, notEqual, less, lessEqual, greater, greaterEqual, and, or }

  static let name = "compare"
  let question: Question

  var code: ck_op {
    switch question {
    case .equal: CK_EQUAL
    case .notEqual: CK_NOT_EQUAL
    case .less: CK_LESS
    case .lessEqual: CK_LESS_EQUAL
    case .greater: CK_GREATER
    case .greaterEqual: CK_GREATER_EQUAL
    case .and: CK_AND
    case .or: CK_OR
    }
  }

  var symbol: String {
    switch question {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    case .and: "and"
    case .or: "or"
    }
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(.bool, try Broadcasting.shape(inputs[0].shape, inputs[1].shape, symbol: symbol))]
  }

  func shares(_ a: Tensor, _ b: Tensor, _ y: Tensor, _ seed: Tensor, needed: (Bool, Bool)) throws -> (Tensor?, Tensor?)
  {
    (nil, nil)
  }
}

/// A question about one element; gives bool and has no gradient.
struct Test: UnaryOperation {
  enum Question: UInt8, CaseIterable { case isNaN, isFinite, isZero }

  static let name = "test"
  let question: Question

  var code: ck_op {
    switch question {
    case .isNaN: CK_ISNAN
    case .isFinite: CK_ISFINITE
    case .isZero: CK_NOT
    }
  }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(.bool, inputs[0].shape)] }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

extension Tensor {
  private func compare(_ question: Compare.Question, _ b: Tensor) throws -> Tensor {
    let (left, right) = try Promotion.promote(self, b, .comparison)
    return try Engine.shared.binary(Compare(question: question), left, right)
  }

  private func logic(_ question: Compare.Question, _ b: Tensor) throws -> Tensor {
    for operand in [self, b] where operand.dtype != .bool {
      let word = question == .and ? "and" : "or"
      throw TensorError(
        .type, "`\(word)` needs bool tensors, and one is \(operand.dtype.name)",
        hint: "compare first, as in `x > 0`, or write bool(x)")
    }
    return try Engine.shared.apply1(Compare(question: question), self, b)
  }

  /// True where the elements are equal; shapes broadcast.
  public func equalElements(_ b: Tensor) throws -> Tensor { try compare(.equal, b) }
  public func notEqual(_ b: Tensor) throws -> Tensor { try compare(.notEqual, b) }
  public func less(_ b: Tensor) throws -> Tensor { try compare(.less, b) }
  public func lessEqual(_ b: Tensor) throws -> Tensor { try compare(.lessEqual, b) }
  public func greater(_ b: Tensor) throws -> Tensor { try compare(.greater, b) }
  public func greaterEqual(_ b: Tensor) throws -> Tensor { try compare(.greaterEqual, b) }

  public func equalElements(_ b: Double) throws -> Tensor { try compare(.equal, .number(b)) }
  public func notEqual(_ b: Double) throws -> Tensor { try compare(.notEqual, .number(b)) }
  public func less(_ b: Double) throws -> Tensor { try compare(.less, .number(b)) }
  public func lessEqual(_ b: Double) throws -> Tensor { try compare(.lessEqual, .number(b)) }
  public func greater(_ b: Double) throws -> Tensor { try compare(.greater, .number(b)) }
  public func greaterEqual(_ b: Double) throws -> Tensor { try compare(.greaterEqual, .number(b)) }

  /// Both true, of bool tensors.
  public func logicalAnd(_ b: Tensor) throws -> Tensor { try logic(.and, b) }
  /// At least one true, of bool tensors.
  public func logicalOr(_ b: Tensor) throws -> Tensor { try logic(.or, b) }
  /// The opposite, of a bool tensor.
  public func logicalNot() throws -> Tensor {
    guard dtype == .bool else {
      throw TensorError(
        .type, "`not` needs a bool tensor, and this is \(dtype.name)",
        hint: "compare first, as in `x > 0`, or write bool(x)")
    }
    return try Engine.shared.apply1(Test(question: .isZero), self)
  }

  public func isNaN() throws -> Tensor { try Engine.shared.unary(Test(question: .isNaN), self, isWeak: false) }
  /// Neither infinite nor nan.
  public func isFinite() throws -> Tensor { try Engine.shared.unary(Test(question: .isFinite), self, isWeak: false) }
}
