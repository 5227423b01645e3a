import FileFormats
import Tensors

/// Runs work on files; what a file or its content refuses becomes an io error in the user's terms.
func withFiles<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FileError {
    throw TensorError(.io, error.description)
  } catch let error as FormatError {
    throw TensorError(.io, "\(path): \(error.description)")
  }
}

extension Tensor {
  /// The tensor as files hold it.
  func rawArray() throws -> RawArray {
    let type: ElementType =
      switch dtype {
      case .float32: .float32
      case .float64: .float64
      case .int32: .int32
      case .bool: .bool
      }
    let bytes = spec.byteCount == 0 ? [] : [UInt8](UnsafeRawBufferPointer(start: try data(), count: spec.byteCount))
    return try RawArray(type: type, shape: shape, bytes: bytes)
  }

  /// A tensor of a file's array. Half precision becomes float32, other integers int32.
  /// - Throws: a value error for a whole number that int32 cannot hold, or a shape the engine refuses.
  convenience init(_ array: RawArray) throws {
    let dtype: DType
    switch array.type {
    case .bool: dtype = .bool
    case .float32, .float16, .bfloat16: dtype = .float32
    case .float64: dtype = .float64
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: dtype = .int32
    }
    _ = try Limits.checkedCount(array.shape, dtype)
    try self.init(uninitialized: Spec(dtype, array.shape))
    let memory = UnsafeMutableRawBufferPointer(start: try data(), count: spec.byteCount)
    switch array.type {
    case .bool:
      for (index, byte) in array.bytes.enumerated() { memory[index] = byte == 0 ? 0 : 1 }
    case .float32, .float64, .int32: memory.copyBytes(from: array.bytes)
    case .float16, .bfloat16:
      let elements = try elements(Float.self)
      for (index, value) in array.floats().enumerated() { elements[index] = value }
    default:
      let elements = try elements(Int32.self)
      for (index, value) in array.doubles().enumerated() {
        guard let whole = Int32(exactly: value) else {
          throw TensorError(.value, "the whole number \(value) is too large for int32")
        }
        elements[index] = whole
      }
    }
  }
}
