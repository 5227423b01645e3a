import CKernels

struct Floor: UnaryOperation {
  static let name = "floor"
  var code: ck_op { CK_FLOOR }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

struct Ceil: UnaryOperation {
  static let name = "ceil"
  var code: ck_op { CK_CEIL }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

struct Round: UnaryOperation {
  static let name = "round"
  var code: ck_op { CK_ROUND }
  func share(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor? { nil }
}

extension Tensor {
  /// The largest whole number that is not larger; its gradient is zero.
  public func floor() throws -> Tensor { try Engine.shared.unary(Floor(), asNumbers()) }
  /// The smallest whole number that is not smaller; its gradient is zero.
  public func ceil() throws -> Tensor { try Engine.shared.unary(Ceil(), asNumbers()) }
  /// The nearest whole number, halves to the even neighbour; its gradient is zero.
  public func round() throws -> Tensor { try Engine.shared.unary(Round(), asNumbers()) }
}
