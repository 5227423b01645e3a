/// Which dtype two operands meet in.
///
/// bool < int32 < float32 < float64; a number of the language takes the tensor's dtype, but a fraction makes int32 and
/// bool float32.
enum Promotion {
  /// What the operation does with bools and whole numbers.
  enum Family {
    /// `+ - * // %`: bools count as 0 and 1.
    case arithmetic
    /// `/` and whatever has fractions: whole numbers become float32.
    case fractional
    /// Comparisons: a fraction is compared in 64 bits.
    case comparison
    /// Choices between elements, as in `maximum` and `where`: everything keeps its dtype where both agree.
    case choice
  }

  /// The dtype for the operands, and whether the result is a number.
  static func dtype(_ a: Tensor, _ b: Tensor, _ family: Family) -> DType {
    let met: DType
    switch (a.spec.isWeak, b.spec.isWeak) {
    case (true, true): met = .float64
    case (false, false): met = DType(rawValue: common(a.dtype, b.dtype)) ?? .float32
    case (true, false): met = meet(b.dtype, number: a, family)
    case (false, true): met = meet(a.dtype, number: b, family)
    }
    switch family {
    case .arithmetic: return met == .bool ? .int32 : met
    case .fractional: return met.isFloat ? met : .float32
    case .comparison, .choice: return met
    }
  }

  /// `dtype` is chosen by width: float64 over float32 over int32 over bool.
  private static func common(_ a: DType, _ b: DType) -> UInt8 {
    func width(_ dtype: DType) -> Int {
      switch dtype {
      case .bool: 0
      case .int32: 1
      case .float32: 2
      case .float64: 3
      }
    }
    return width(a) >= width(b) ? a.rawValue : b.rawValue
  }

  private static func meet(_ dtype: DType, number: Tensor, _ family: Family) -> DType {
    if dtype.isFloat { return dtype }
    guard let value = number.knownNumber else { return .float32 }
    if Int32(exactly: value) != nil { return .int32 }
    return family == .comparison ? .float64 : .float32
  }

  /// The operands in their common dtype.
  static func promote(_ a: Tensor, _ b: Tensor, _ family: Family) throws -> (Tensor, Tensor) {
    if a.dtype == b.dtype && a.dtype.isFloat && a.spec.isWeak == b.spec.isWeak { return (a, b) }
    let dtype = dtype(a, b, family)
    let isWeak = a.spec.isWeak && b.spec.isWeak
    return (try a.converted(to: dtype, isWeak: isWeak), try b.converted(to: dtype, isWeak: isWeak))
  }
}

extension Tensor {
  /// The value of a number of the language; nil for other tensors and where it is not known yet.
  var knownNumber: Double? {
    guard spec.isWeak, let storage else { return nil }
    return storage.pointer.load(as: Double.self)
  }

  /// This tensor in a dtype, itself where it already is.
  func converted(to dtype: DType, isWeak: Bool = false) throws -> Tensor {
    if spec.dtype == dtype && spec.isWeak == isWeak { return self }
    if let value = knownNumber, !Engine.shared.tape.isTracked(self) {
      return try Tensor.scalar(value, dtype, isWeak: isWeak)
    }
    return try Engine.shared.unary(Cast(to: dtype, isWeak: isWeak), self, isWeak: isWeak)
  }

  /// This tensor as floats: whole numbers and bools become float32.
  func asFloat() throws -> Tensor { dtype.isFloat ? self : try converted(to: .float32) }
}
