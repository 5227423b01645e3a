extension Tensor {
  /// The product of rank-1 tensors, or the matrix product.
  public func dot(_ other: Tensor) throws -> Tensor { try matmul(other) }

  /// `aᵢ bⱼ` of all elements of two tensors.
  public func outer(_ other: Tensor) throws -> Tensor { try reshape([count, 1]) * other.reshape([1, other.count]) }

  /// Rank 1: the matrix with these elements on its diagonal. Rank 2: the diagonal.
  /// - Throws: a shape error for other ranks.
  public func diag() throws -> Tensor {
    switch rank {
    case 1:
      let n = count
      _ = try Limits.checkedCount([n, n], dtype)
      let empty = try Tensor.zeros([n * n], dtype)
      guard n > 0 else { return try empty.reshape([0, 0]) }
      let diagonal = StridedSlice(starts: [0], steps: [n + 1], counts: [n])
      return try Engine.shared.apply1(SliceReplaced(slice: diagonal), empty, self).reshape([n, n])
    case 2: return try diagonal()
    default:
      throw TensorError(.shape, "diag needs rank 1 or 2, and got the shape \(shape.shapeText)")
    }
  }

  /// The diagonal of the last two axes, as the last axis.
  func diagonal() throws -> Tensor {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let lead = Array(shape.dropLast(2))
    let n = Swift.min(rows, columns)
    let flat = try reshape(lead + [rows * columns])
    let place = StridedSlice(
      starts: Array(repeating: 0, count: lead.count + 1), steps: lead.map { _ in 1 } + [columns + 1], counts: lead + [n]
    )
    return try Engine.shared.apply1(place, flat)
  }

  /// The sum of the diagonal of a matrix.
  public func trace() throws -> Tensor {
    guard rank >= 2 else { throw TensorError(.shape, "trace needs a matrix, and got the shape \(shape.shapeText)") }
    return try diagonal().sum(axes: [-1])
  }

  /// The elements on and below the k-th diagonal of the last two axes, zeros elsewhere.
  public func tril(_ k: Int = 0) throws -> Tensor { try triangle("tril") { try $0.lessEqual($1 + Double(k)) } }

  /// The elements on and above the k-th diagonal of the last two axes, zeros elsewhere.
  public func triu(_ k: Int = 0) throws -> Tensor { try triangle("triu") { try $0.greaterEqual($1 + Double(k)) } }

  private func triangle(_ name: String, _ keeps: (_ column: Tensor, _ row: Tensor) throws -> Tensor) throws -> Tensor {
    guard rank >= 2 else { throw TensorError(.shape, "\(name) needs a matrix, and got the shape \(shape.shapeText)") }
    let rows = try Tensor.counting(count: shape[rank - 2]).converted(to: .float64).reshape([shape[rank - 2], 1])
    let columns = try Tensor.counting(count: shape[rank - 1]).converted(to: .float64).reshape([1, shape[rank - 1]])
    return try Tensor.where(keeps(columns, rows), self, Tensor.scalar(0, dtype))
  }

  /// Coordinates of a grid: of the columns from `a` and of the rows from `b`, both of shape (len b, len a).
  public static func meshgrid(_ a: Tensor, _ b: Tensor) throws -> (Tensor, Tensor) {
    guard a.rank == 1, b.rank == 1 else {
      throw TensorError(.shape, "meshgrid needs rank 1, and got \(a.shape.shapeText) and \(b.shape.shapeText)")
    }
    let shape = [b.count, a.count]
    return (try a.broadcast(to: shape), try b.reshape([b.count, 1]).broadcast(to: shape))
  }

  /// The last two axes exchanged.
  var transposedMatrix: Tensor { get throws { try swapAxes(-1, -2) } }
}
