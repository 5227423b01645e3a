import Tensors

/// Whole windows of `size` rows, each `step` rows after the one before: shape (windows, size, …).
public func windows(_ x: Tensor, size: Int, step: Int = 1) throws -> Tensor {
  let rows = try Rows.count(x, "windows")
  guard size >= 1, step >= 1 else {
    throw TensorError(.value, "windows needs a size and a step of at least 1, and got \(size) and \(step)")
  }
  guard size <= rows else {
    throw TensorError(.value, "a window of \(size) rows is longer than the data, which have \(rows)")
  }
  let count = (rows - size) / step + 1
  let shape = [count, size] + x.shape.dropFirst()
  _ = try Limits.checkedCount(shape, x.dtype)
  let result = try Tensor(uninitialized: Spec(x.dtype, shape))
  let row = x.shape.dropFirst().reduce(1, *) * x.dtype.size
  guard row > 0 else { return result }
  let (source, destination) = (try x.data(), try result.data())
  for window in 0..<count {
    (destination + window * size * row).copyMemory(from: source + window * step * row, byteCount: size * row)
  }
  return result
}

/// Sequences of unequal length as one int32 matrix: zeros (or `value`) go before, and a sequence longer than `length`
/// loses its beginning, as in Keras.
/// - Parameter length: nil for the longest one's.
public func padSequences(_ sequences: [[Double]], length: Int? = nil, value: Double = 0) throws -> Tensor {
  let width = length ?? sequences.map(\.count).max() ?? 0
  guard width >= 0 else { throw TensorError(.value, "pad_sequences needs a length of at least 0, and got \(width)") }
  try Room.require(Room.product(sequences.count, width, 3), for: "pad_sequences")
  var values: [Double] = []
  values.reserveCapacity(sequences.count * width)
  for sequence in sequences {
    let kept = sequence.suffix(width)
    values += repeatElement(value, count: width - kept.count)
    values += kept
  }
  let shape = [sequences.count, width]
  let whole = values.map { Int32(exactly: $0) }
  if whole.contains(nil) { return try Tensor(values, shape: shape, dtype: .float32) }
  return try Tensor(int32: whole.compactMap { $0 }, shape: shape)
}
