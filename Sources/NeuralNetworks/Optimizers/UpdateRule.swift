import Tensors

/// How one parameter changes: the formula of an optimizer, without what all optimizers share.
///
/// Everything that changes from step to step is a coefficient, so that a traced update serves every step.
protocol UpdateRule {
  /// What is remembered of each parameter, in order: `momentum`, `velocity`.
  var slotNames: [String] { get }

  /// The memory before the first step; tensors of the parameter's shape.
  func initialSlots(_ value: Tensor) throws -> [Tensor]

  /// The numbers of a step, counted from 1, at a rate. Each becomes a 0-d tensor for `update`.
  func coefficients(rate: Double, step: Int) -> [Double]

  /// The new value and memory.
  func update(_ value: Tensor, _ gradient: Tensor, _ slots: [Tensor], _ coefficients: [Tensor]) throws -> (
    value: Tensor, slots: [Tensor]
  )
}

extension UpdateRule {
  func initialSlots(_ value: Tensor) throws -> [Tensor] { try slotNames.map { _ in try Tensor.zerosLike(value) } }
  func coefficients(rate: Double, step: Int) -> [Double] { [rate] }
}
