import Tensors

/// A transform fitted to data, `(x - centre) / width · span + low` for every column: call it on the same or on new
/// rows; `inverse` undoes it. It is made of tensor operations, so a gradient passes through it.
public struct ColumnScaling {
  public enum Kind: String, Sendable { case standardize, minMaxScale = "min_max_scale" }

  public let kind: Kind
  /// The shape of a row.
  public let rowShape: Shape
  /// One value a column: the mean, or the least value.
  public let centre: [Double]
  /// One value a column: the standard deviation, or the spread; 1 for a constant column.
  public let width: [Double]
  public let low: Double
  public let high: Double

  /// Columns of mean 0 and standard deviation 1 (over n); constant columns become 0.
  public static func standardize(_ x: Tensor) throws -> ColumnScaling {
    let (columns, rowShape) = try readColumns(x, "standardize")
    var centre: [Double] = []
    var width: [Double] = []
    for column in columns {
      let first = column[0]
      if column.allSatisfy({ $0 == first }) {
        centre.append(first)
        width.append(1)
        continue
      }
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
      centre.append(mean)
      width.append(variance > 0 ? variance.squareRoot() : 1)
    }
    return ColumnScaling(kind: .standardize, rowShape: rowShape, centre: centre, width: width, low: 0, high: 1)
  }

  /// Columns from `low` to `high`; constant columns become `low`.
  public static func minMax(_ x: Tensor, low: Double = 0, high: Double = 1) throws -> ColumnScaling {
    guard low < high, low.isFinite, high.isFinite else {
      throw TensorError(.value, "min_max_scale needs lo below hi, and got \(low) and \(high)")
    }
    let (columns, rowShape) = try readColumns(x, "min_max_scale")
    var centre: [Double] = []
    var width: [Double] = []
    for column in columns {
      let least = column.reduce(column[0], min)
      let most = column.reduce(column[0], max)
      centre.append(least)
      width.append(most > least ? most - least : 1)
    }
    return ColumnScaling(kind: .minMaxScale, rowShape: rowShape, centre: centre, width: width, low: low, high: high)
  }

  private static func readColumns(_ x: Tensor, _ name: String) throws -> ([[Double]], Shape) {
    let rows = try Rows.count(x, name)
    guard rows > 0 else { throw TensorError(.value, "\(name) needs at least one row") }
    let rowShape = Array(x.shape.dropFirst())
    let count = rowShape.reduce(1, *)
    let values = try x.doubles()
    return ((0..<count).map { column in (0..<rows).map { values[$0 * count + column] } }, rowShape)
  }

  /// The transformed rows.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let (centre, width, x) = try parameters(for: x)
    let scaled = try (x - centre) / width
    if kind == .standardize || (low == 0 && high == 1) { return scaled }
    return try scaled * (high - low) + low
  }

  /// The rows that the transform turns into `y`.
  public func inverse(_ y: Tensor) throws -> Tensor {
    let (centre, width, y) = try parameters(for: y)
    if kind == .standardize || (low == 0 && high == 1) { return try y * width + centre }
    return try (y - low) / (high - low) * width + centre
  }

  private func parameters(for x: Tensor) throws -> (Tensor, Tensor, Tensor) {
    guard x.rank == rowShape.count + 1 && Array(x.shape.dropFirst()) == rowShape || x.shape == rowShape else {
      throw TensorError(
        .shape, "\(kind.rawValue) was fitted to rows of shape \(rowShape.shapeText), and got \(x.shape.shapeText)")
    }
    let dtype: DType = x.dtype == .float64 ? .float64 : .float32
    let x = x.dtype.isFloat ? x : try x.cast(to: .float32)
    return (
      try Tensor(centre, shape: rowShape, dtype: dtype), try Tensor(width, shape: rowShape, dtype: dtype), x
    )
  }
}

/// Rows of length 1 (the 2-norm over the last axis); a row of zeros stays.
public func normalize(_ x: Tensor) throws -> Tensor {
  guard x.rank > 0 else { throw TensorError(.shape, "normalize needs rows, and got a single number") }
  let x = x.dtype.isFloat ? x : try x.cast(to: .float32)
  let squares = try x.square().sum(axes: [-1], keep: true)
  let isZero = try squares.equalElements(Tensor.scalar(0, x.dtype))
  // The root's slope at 0 is infinite: zero rows divide by the root of 1 instead.
  let safe = try Tensor.where(isZero, Tensor.scalar(1, x.dtype), squares)
  return try x / safe.sqrt()
}
