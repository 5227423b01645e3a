import CKernels

/// The same elements in another dtype.
struct Cast: UnaryOperation {
  static let name = "cast"
  let to: DType
  var isWeak = false

  var code: ck_op {
    switch to {
    case .float32: CK_TO_F32
    case .float64: CK_TO_F64
    case .int32: CK_TO_I32
    case .bool: CK_TO_BOOL
    }
  }

  func resultType(_ operands: DType) -> DType { to }
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(to, inputs[0].shape, isWeak: isWeak)] }

  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? {
    x.dtype.isFloat && to.isFloat ? try Engine.shared.apply1(Cast(to: x.dtype, isWeak: x.spec.isWeak), seed) : nil
  }
}

/// The same value, through which no gradient passes.
struct StopGradient: Operation {
  static let name = "stop_gradient"
  var sharesStorage: Bool { true }
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { Kernel { _ in } }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [nil] }
}

extension Tensor {
  /// The same elements in another dtype.
  /// - Throws: a value error where int32 cannot hold one: nan, a fraction, or out of range.
  public func cast(to dtype: DType) throws -> Tensor { try converted(to: dtype) }

  /// The same value, through which no gradient passes.
  public func stopGradient() throws -> Tensor { try Engine.shared.apply1(StopGradient(), self) }
}
