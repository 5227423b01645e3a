import CKernels

extension Tensor {
  /// A float32 tensor of the given elements, row-major.
  /// - Throws: a shape error where their number is not the shape's.
  public convenience init(_ values: [Float], shape: Shape) throws {
    try self.init(copying: values, .float32, shape)
  }

  /// A tensor of the given elements in a dtype.
  public convenience init(_ values: [Double], shape: Shape, dtype: DType) throws {
    switch dtype {
    case .float64: try self.init(copying: values, .float64, shape)
    case .float32: try self.init(copying: values.map { Float($0) }, .float32, shape)
    case .bool: try self.init(copying: values.map { UInt8($0 == 0 ? 0 : 1) }, .bool, shape)
    case .int32:
      let whole = try values.map { value -> Int32 in
        guard let exact = Int32(exactly: value) else {
          throw TensorError(
            .value, "int32 cannot hold \(value.plainText): it holds whole numbers from -2147483648 to 2147483647")
        }
        return exact
      }
      try self.init(copying: whole, .int32, shape)
    }
  }

  /// An int32 tensor of the given elements.
  public convenience init(int32 values: [Int32], shape: Shape) throws { try self.init(copying: values, .int32, shape) }

  /// A bool tensor of the given elements.
  public convenience init(bools values: [Bool], shape: Shape) throws {
    try self.init(copying: values.map { $0 ? 1 : 0 } as [UInt8], .bool, shape)
  }

  private convenience init<Element>(copying values: [Element], _ dtype: DType, _ shape: Shape) throws {
    let count = try Limits.checkedCount(shape, dtype)
    guard count == values.count else {
      throw TensorError(.shape, "\(values.count) elements do not fill the shape \(shape.shapeText), which has \(count)")
    }
    try self.init(uninitialized: Spec(dtype, shape))
    values.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress, let storage else { return }
      storage.pointer.copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// A number of the language as a 0-d tensor: beside another tensor it takes that one's dtype.
  public static func number(_ value: Double) throws -> Tensor { try scalar(value, .float64, isWeak: true) }

  /// A single value of a dtype. A fraction or a value out of range cannot be int32.
  public static func scalar(_ value: Double, _ dtype: DType) throws -> Tensor {
    try scalar(value, dtype, isWeak: false)
  }

  static func scalar(_ value: Double, _ dtype: DType, isWeak: Bool) throws -> Tensor {
    let tensor = try Tensor(uninitialized: Spec(dtype, [], isWeak: isWeak))
    try tensor.fill(value, count: 1)
    return tensor
  }

  /// Sets the first `count` elements of a tensor that nobody else has seen yet.
  private func fill(_ value: Double, count: Int) throws {
    let pointer = try data()
    switch dtype {
    case .float32:
      var single = Float(value)
      ck_fill(4, pointer, &single, count)
    case .float64:
      var double = value
      ck_fill(8, pointer, &double, count)
    case .bool:
      var flag: UInt8 = value == 0 ? 0 : 1
      ck_fill(1, pointer, &flag, count)
    case .int32:
      guard var whole = Int32(exactly: value) else {
        throw TensorError(
          .value, "int32 cannot hold \(value.plainText): it holds whole numbers from -2147483648 to 2147483647")
      }
      ck_fill(4, pointer, &whole, count)
    }
  }

  /// A tensor whose elements are all `value`.
  public static func full(_ shape: Shape, _ value: Double, _ dtype: DType = .float32) throws -> Tensor {
    let count = try Limits.checkedCount(shape, dtype)
    let tensor = try Tensor(uninitialized: Spec(dtype, shape))
    if value != 0 || value.sign == .minus || tensor.storage?.startsZeroed != true {
      try tensor.fill(value, count: count)
    }
    return tensor
  }

  /// Zeros.
  public static func zeros(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor { try full(shape, 0, dtype) }
  /// Ones.
  public static func ones(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor { try full(shape, 1, dtype) }
  /// Zeros of the shape and dtype of `x`.
  public static func zerosLike(_ x: Tensor) throws -> Tensor { try constant(0, like: x.spec) }
  /// Ones of the shape and dtype of `x`.
  public static func onesLike(_ x: Tensor) throws -> Tensor { try constant(1, like: x.spec) }

  static func constant(_ value: Double, like spec: Spec) throws -> Tensor {
    spec.isWeak ? try number(value) : try full(spec.shape, value, spec.dtype)
  }

  /// The n×n unit matrix.
  public static func eye(_ n: Int, _ dtype: DType = .float32) throws -> Tensor {
    let result = try zeros([n, n], dtype)
    let one = try scalar(1, dtype)
    StridedCopy.run(dtype, sizes: [n], to: try result.data(), steps: [n + 1], from: try one.data(), fromSteps: [0])
    return result
  }

  /// `count` values from `start` to `end`, both included, at equal distances; one value is `start`.
  public static func linspace(_ start: Double, _ end: Double, _ count: Int, _ dtype: DType = .float32) throws -> Tensor
  {
    let wide = try Tensor(uninitialized: Spec(.float64, [Limits.checkedCount([count], .float64)]))
    let values = try wide.elements(Double.self)
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    for index in 0..<count { values[index] = index == count - 1 && count > 1 ? end : start + Double(index) * step }
    return try wide.converted(to: dtype)
  }

  /// `start, start + step, …`: `count` int32 values.
  public static func counting(from start: Int = 0, count: Int, step: Int = 1) throws -> Tensor {
    let count = try Limits.checkedCount([count], .int32)
    let result = try Tensor(uninitialized: Spec(.int32, [count]))
    let elements = try result.elements(Int32.self)
    for index in 0..<count { elements[index] = Int32(truncatingIfNeeded: start &+ index &* step) }
    return result
  }
}
