import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Copies of whole rows (slices along axis 0) of data tensors of any dtype. Data are constants: no gradient is recorded.
enum Rows {
  /// The number of rows.
  /// - Throws: a shape error for a single number.
  static func count(_ tensor: Tensor, _ what: String) throws -> Int {
    guard let rows = tensor.shape.first else {
      throw TensorError(.shape, "\(what) needs rows, and got a single number")
    }
    return rows
  }

  /// The rows at `positions`, in that order. The positions must exist.
  static func gathered(_ tensor: Tensor, _ positions: [Int]) throws -> Tensor {
    let result = try Tensor(uninitialized: Spec(tensor.dtype, [positions.count] + tensor.shape.dropFirst()))
    let bytes = tensor.shape.dropFirst().reduce(1, *) * tensor.dtype.size
    guard bytes > 0, !positions.isEmpty else { return result }
    let source = try tensor.data()
    var destination = try result.data()
    for position in positions {
      memcpy(destination, source + position * bytes, bytes)
      destination += bytes
    }
    return result
  }

  /// Rows `range`, which must exist; the tensor itself where that is all of them.
  static func slice(_ tensor: Tensor, _ range: Range<Int>) throws -> Tensor {
    if range == 0..<tensor.shape[0] { return tensor }
    let result = try Tensor(uninitialized: Spec(tensor.dtype, [range.count] + tensor.shape.dropFirst()))
    let bytes = tensor.shape.dropFirst().reduce(1, *) * tensor.dtype.size
    if bytes > 0, !range.isEmpty {
      memcpy(try result.data(), try tensor.data() + range.lowerBound * bytes, range.count * bytes)
    }
    return result
  }

  /// All rows of several tensors of one dtype and row shape.
  static func concatenated(_ tensors: [Tensor]) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError(.value, "there are no rows to put together") }
    if tensors.count == 1 { return first }
    guard
      tensors.allSatisfy({ $0.dtype == first.dtype && $0.rank > 0 && $0.shape.dropFirst() == first.shape.dropFirst() })
    else { throw TensorError(.shape, "batches differ in the shape of their rows") }
    let rows = tensors.reduce(0) { $0 + $1.shape[0] }
    let result = try Tensor(uninitialized: Spec(first.dtype, [rows] + first.shape.dropFirst()))
    var destination = try result.data()
    for tensor in tensors where tensor.count > 0 {
      memcpy(destination, try tensor.data(), tensor.spec.byteCount)
      destination += tensor.spec.byteCount
    }
    return result
  }

  /// Checks that data that belong together have equally many rows, and gives that number.
  static func commonCount(_ tensors: [(name: String, tensor: Tensor)]) throws -> Int {
    guard let first = tensors.first else { throw TensorError(.value, "there are no data") }
    let rows = try count(first.tensor, first.name)
    for other in tensors.dropFirst() {
      let found = try count(other.tensor, other.name)
      guard found == rows else {
        throw TensorError(
          .shape,
          "\(first.name) has \(rows) rows and \(other.name) has \(found): each row of one belongs to one of the other")
      }
    }
    return rows
  }
}
