import CKernels

/// Whole parts along an axis at given positions: shape of the tensor with the axis replaced by the positions' shape.
struct Gather: Operation {
  static let name = "gather"
  let axis: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    shape.replaceSubrange(axis...axis, with: inputs[1].shape)
    _ = try Limits.checkedCount(shape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let shape = inputs[0].shape
    let (outer, length) = (shape[..<axis].product, shape[axis])
    let row = shape[(axis + 1)...].product * inputs[0].dtype.size
    let (count, axis) = (inputs[1].count, axis)
    return Kernel { pointers in
      let positions = pointers[1].assumingMemoryBound(to: Int32.self)
      let bad = ck_gather(pointers[2], pointers[0], positions, outer, length, count, row)
      if bad >= 0 {
        throw TensorError(
          .index, IndexPlan.outOfRange(Int(positions[bad]), size: length, axis: axis, rank: shape.count))
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(ScatterSum(axis: axis, shape: inputs[0].shape), inputs[1], seed), nil]
  }
}

/// The opposite of `Gather`: parts added into zeros of a shape, at given positions along an axis.
struct ScatterSum: Operation {
  static let name = "scatter_add"
  let axis: Int
  let shape: Shape

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[1].dtype, shape)] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (outer, length) = (shape[..<axis].product, shape[axis])
    let row = shape[(axis + 1)...].product
    let (count, type, bytes) = (inputs[0].count, Int32(outputs[0].dtype.code.rawValue), outputs[0].byteCount)
    let (axis, rank) = (axis, shape.count)
    return Kernel { pointers in
      var zero: UInt8 = 0
      ck_fill(1, pointers[2], &zero, bytes)
      let positions = pointers[0].assumingMemoryBound(to: Int32.self)
      let bad = ck_scatter_add(type, pointers[2], pointers[1], positions, outer, length, count, row)
      if bad >= 0 {
        throw TensorError(.index, IndexPlan.outOfRange(Int(positions[bad]), size: length, axis: axis, rank: rank))
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [nil, try seeds[0].map { try Engine.shared.apply1(Gather(axis: axis), $0, inputs[0]) }]
  }
}

/// Single elements along an axis: `y[.., k, ..] = x[.., i[.., k, ..], ..]`.
struct TakeAlong: Operation {
  static let name = "take_along"
  let axis: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, inputs[1].shape)] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (shape, counts) = (inputs[0].shape, inputs[1].shape)
    let (outer, inner) = (shape[..<axis].product, shape[(axis + 1)...].product)
    let (length, count, size, axis) = (shape[axis], counts[axis], inputs[0].dtype.size, axis)
    return Kernel { pointers in
      let positions = pointers[1].assumingMemoryBound(to: Int32.self)
      let bad = ck_take_along(size, pointers[2], pointers[0], positions, outer, length, count, inner)
      if bad >= 0 {
        throw TensorError(
          .index, IndexPlan.outOfRange(Int(positions[bad]), size: length, axis: axis, rank: shape.count))
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(SumAlong(axis: axis, length: inputs[0].shape[axis]), inputs[1], seed), nil]
  }
}

/// The opposite of `TakeAlong`: elements added into zeros along an axis of a size.
struct SumAlong: Operation {
  static let name = "add_along"
  let axis: Int
  let length: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    shape[axis] = length
    return [Spec(inputs[1].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let shape = inputs[0].shape
    let (outer, inner) = (shape[..<axis].product, shape[(axis + 1)...].product)
    let (length, count) = (length, shape[axis])
    let (type, bytes) = (Int32(outputs[0].dtype.code.rawValue), outputs[0].byteCount)
    let (axis, rank) = (axis, shape.count)
    return Kernel { pointers in
      var zero: UInt8 = 0
      ck_fill(1, pointers[2], &zero, bytes)
      let positions = pointers[0].assumingMemoryBound(to: Int32.self)
      let bad = ck_add_along(type, pointers[2], pointers[1], positions, outer, length, count, inner)
      if bad >= 0 {
        throw TensorError(.index, IndexPlan.outOfRange(Int(positions[bad]), size: length, axis: axis, rank: rank))
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [nil, try seeds[0].map { try Engine.shared.apply1(TakeAlong(axis: axis), $0, inputs[0]) }]
  }
}

extension Tensor {
  /// Checks that a tensor can be positions.
  /// - Throws: a type error for floats, which offers a list.
  func asPositions(_ what: String) throws -> Tensor {
    if dtype == .int32 { return self }
    throw TensorError(
      .type, "\(what) needs whole numbers as positions, and got a \(dtype.name) tensor",
      hint: dtype == .bool
        ? "a bool tensor picks elements as a mask: x[mask]" : "write int32(i), or a list as in x[(0, 2)]")
  }

  /// The parts at `positions` along an axis, which their shape replaces. Negative positions count from the end.
  /// - Throws: an index error for a position out of range.
  public func gather(_ positions: Tensor, axis: Int = 0) throws -> Tensor {
    let place = try Axes.checked(axis, rank: rank)
    return try Engine.shared.apply1(Gather(axis: place), self, positions.asPositions("gather"))
  }

  /// Zeros of a shape with `values` added at `positions` along an axis: the opposite of `gather`.
  public static func scatterAdd(_ values: Tensor, at positions: Tensor, axis: Int = 0, shape: Shape) throws -> Tensor {
    let place = try Axes.checked(axis, rank: shape.count)
    let positions = try positions.asPositions("scatter_add")
    var expected = shape
    expected.replaceSubrange(place...place, with: positions.shape)
    guard values.shape == expected else {
      throw TensorError(
        .shape, "scatter_add needs values of shape \(expected.shapeText), and got \(values.shape.shapeText)")
    }
    _ = try Limits.checkedCount(shape, values.dtype)
    return try Engine.shared.apply1(ScatterSum(axis: place, shape: shape), positions, values.asNumbers())
  }

  /// One element for each position along an axis; positions have the tensor's rank, and its sizes along other axes.
  /// - Throws: a shape error where they do not, an index error for a position out of range.
  public func takeAlong(_ positions: Tensor, axis: Int) throws -> Tensor {
    let place = try Axes.checked(axis, rank: rank)
    let positions = try positions.asPositions("take_along")
    var expected = positions.shape
    if expected.count == rank { expected[place] = shape[place] }
    guard expected == shape else {
      throw TensorError(
        .shape,
        "take_along needs positions with the tensor's other sizes: \(positions.shape.shapeText) against \(shape.shapeText) along axis \(place)"
      )
    }
    return try Engine.shared.apply1(TakeAlong(axis: place), self, positions)
  }

  /// The positions of the true elements, one int32 tensor for each axis, in row order.
  public func truePositions() throws -> [Tensor] {
    let flags = try converted(to: .bool).elements(UInt8.self)
    let sizes = shape
    var flat: [Int] = []
    for (index, flag) in flags.enumerated() where flag != 0 { flat.append(index) }
    let strides = StridedCopy.strides(sizes)
    return try sizes.indices.map { axis in
      try Tensor(int32: flat.map { Int32($0 / strides[axis] % sizes[axis]) }, shape: [flat.count])
    }
  }
}
