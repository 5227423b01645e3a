extension Tensor {
  /// The value of a tensor with a single element.
  /// - Throws: a value error where there are more or none.
  public func item() throws -> Double {
    guard count == 1 else {
      throw TensorError(.value, "one element is needed, and the tensor of shape \(shape.shapeText) has \(count)")
    }
    return try element(at: 0)
  }

  /// The element at a place of the row-major order, which must be inside.
  public func element(at offset: Int) throws -> Double {
    let place = try data() + offset * dtype.size
    return switch dtype {
    case .float32: Double(place.load(as: Float.self))
    case .float64: place.load(as: Double.self)
    case .int32: Double(place.load(as: Int32.self))
    case .bool: place.load(as: UInt8.self) == 0 ? 0 : 1
    }
  }

  /// The elements in row-major order, as 64-bit floats.
  /// - Throws: a value error where the memory for them is not there.
  public func doubles() throws -> [Double] {
    try MemoryPool.shared.check(count, elementsOf: MemoryLayout<Double>.size)
    return switch dtype {
    case .float32: try elements(Float.self).map { Double($0) }
    case .float64: Array(try elements(Double.self))
    case .int32: try elements(Int32.self).map { Double($0) }
    case .bool: try elements(UInt8.self).map { $0 == 0 ? 0 : 1 }
    }
  }

  /// The elements in row-major order, as 32-bit floats.
  /// - Throws: a value error where the memory for them is not there.
  public func floats() throws -> [Float] {
    try MemoryPool.shared.check(count, elementsOf: MemoryLayout<Float>.size)
    return switch dtype {
    case .float32: Array(try elements(Float.self))
    case .float64: try elements(Double.self).map { Float($0) }
    case .int32: try elements(Int32.self).map { Float($0) }
    case .bool: try elements(UInt8.self).map { $0 == 0 ? 0 : 1 }
    }
  }

  /// The elements in row-major order, as 32-bit integers.
  /// - Throws: a value error where one does not fit.
  public func int32s() throws -> [Int32] {
    try MemoryPool.shared.check(count, elementsOf: MemoryLayout<Int32>.size)
    return Array(try converted(to: .int32).elements(Int32.self))
  }

  /// The elements in row-major order; all but 0 are true.
  public func bools() throws -> [Bool] {
    try MemoryPool.shared.check(count, elementsOf: MemoryLayout<Bool>.size)
    return try converted(to: .bool).elements(UInt8.self).map { $0 != 0 }
  }

  /// True where shape and every element are equal; the dtypes may differ. nan differs from itself.
  public func isEqual(_ other: Tensor) throws -> Bool {
    guard shape == other.shape else { return false }
    return try equalElements(other).all().item() != 0
  }

  /// True where the shapes are equal and `|self - other| <= atol + rtol |other|` everywhere.
  public func isClose(to other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8) throws -> Bool {
    guard shape == other.shape else { return false }
    let (a, b) = (try doubles(), try other.doubles())
    return zip(a, b).allSatisfy { x, y in x == y || Swift.abs(x - y) <= atol + rtol * Swift.abs(y) }
  }
}
