/// The same elements in another shape; shares memory.
struct Reshape: Operation {
  static let name = "reshape"
  let shape: Shape
  var sharesStorage: Bool { true }
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(inputs[0].dtype, shape, isWeak: inputs[0].isWeak && shape.isEmpty)]
  }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel { Kernel { _ in } }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    let back = try seed.reshape(inputs[0].shape)
    return [try back.converted(to: back.dtype, isWeak: inputs[0].spec.isWeak)]
  }
}

/// The axes in another order: axis i of the result is axis `order[i]`.
struct Transpose: Operation {
  static let name = "transpose"
  let order: [Int]
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, order.map { inputs[0].shape[$0] })] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (spec, sizes) = (inputs[0], outputs[0].shape)
    let own = StridedCopy.strides(spec.shape)
    let (steps, from) = (StridedCopy.strides(sizes), order.map { own[$0] })
    return Kernel { pointers in
      StridedCopy.run(spec.dtype, sizes: sizes, to: pointers[1], steps: steps, from: pointers[0], fromSteps: from)
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return [try seeds[0]?.transpose(inverse)]
  }
}

/// The elements repeated along new axes and axes of size 1.
struct Broadcast: Operation {
  static let name = "broadcast"
  let shape: Shape
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(inputs[0].dtype, shape)] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (spec, shape) = (inputs[0], shape)
    return Kernel { pointers in StridedCopy.broadcast(spec, at: pointers[0], to: shape, at: pointers[1]) }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0]?.summed(to: inputs[0].spec)]
  }
}

extension Tensor {
  /// The same elements in another shape, of which one size may be -1: what is left for it. A number that gets axes is
  /// a float32 tensor.
  /// - Throws: a shape error where the number of elements differs.
  public func reshape(_ sizes: Shape) throws -> Tensor {
    if sizes == shape { return self }
    if spec.isWeak { return try converted(to: .float32).reshape(sizes) }
    if !sizes.contains(-1) {
      guard try Limits.checkedCount(sizes) == count else { throw misfit(sizes) }
      return try Engine.shared.apply1(Reshape(shape: sizes), self)
    }
    var result = sizes
    let open = sizes.indices.filter { sizes[$0] == -1 }
    if open.count > 1 { throw TensorError(.shape, "reshape can work out one size, and two are -1") }
    for axis in open { result[axis] = 1 }
    let known = try Limits.checkedCount(result)
    guard known > 0 ? count % known == 0 : count == 0 else { throw misfit(sizes) }
    for axis in open { result[axis] = known > 0 ? count / known : 0 }
    if result == shape { return self }
    return try Engine.shared.apply1(Reshape(shape: result), self)
  }

  private func misfit(_ sizes: Shape) -> TensorError {
    let known = sizes.filter { $0 != -1 }.product
    let reason =
      sizes.contains(-1) ? "\(count) elements are not a multiple of \(known)" : "it has \(count) elements, not \(known)"
    return TensorError(.shape, "reshape cannot make \(sizes.shapeText) of \(shape.shapeText): \(reason)")
  }

  /// All elements in one axis.
  public func flatten() throws -> Tensor { try reshape([count]) }

  /// The axes in another order, reversed for nil.
  /// - Throws: a value error where the axes are not each named once.
  public func transpose(_ axes: [Int]? = nil) throws -> Tensor {
    if axes == nil && rank < 2 { return self }
    let order = try axes.map { try $0.map { try Axes.checked($0, rank: rank) } } ?? Array((0..<rank).reversed())
    guard order.count == rank, Set(order).count == rank else {
      let listed = (axes ?? []).map(String.init).joined(separator: ", ")
      throw TensorError(.value, "transpose needs each of the \(rank) axes once, and got (\(listed))")
    }
    if order == Array(0..<rank) { return self }
    // Where only axes of size 1 move, the elements stay where they are.
    let moving = order.filter { shape[$0] != 1 }
    if moving == moving.sorted() { return try reshape(order.map { shape[$0] }) }
    return try Engine.shared.apply1(Transpose(order: order), self)
  }

  /// Two axes exchanged.
  public func swapAxes(_ a: Int, _ b: Int) throws -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(try Axes.checked(a, rank: rank), try Axes.checked(b, rank: rank))
    return try transpose(order)
  }

  /// Without the axes of size 1, or without the given one.
  /// - Throws: a shape error where the given axis has another size.
  public func squeeze(_ axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshape(shape.filter { $0 != 1 }) }
    let place = try Axes.checked(axis, rank: rank)
    guard shape[place] == 1 else {
      throw TensorError(
        .shape, "squeeze takes away axes of size 1, and axis \(axis) of \(shape.shapeText) has size \(shape[place])")
    }
    return try squeezed([place])
  }

  func squeezed(_ places: [Int]) throws -> Tensor {
    try reshape(shape.indices.filter { !places.contains($0) }.map { shape[$0] })
  }

  /// With a new axis of size 1 at a place.
  public func expand(_ axis: Int) throws -> Tensor {
    var sizes = shape
    sizes.insert(1, at: try Axes.insertion(axis, rank: rank))
    return try reshape(sizes)
  }

  /// Stretched to a shape: new axes in front, sizes of 1 repeated.
  /// - Throws: a shape error where the sizes do not line up.
  public func broadcast(to sizes: Shape) throws -> Tensor {
    if sizes == shape { return self }
    if spec.isWeak { return try converted(to: .float32).broadcast(to: sizes) }
    _ = try Limits.checkedCount(sizes, dtype)
    let lead = sizes.count - rank
    guard lead >= 0, shape.indices.allSatisfy({ shape[$0] == sizes[lead + $0] || shape[$0] == 1 }) else {
      throw TensorError(.shape, "broadcast cannot stretch \(shape.shapeText) to \(sizes.shapeText)")
    }
    return try Engine.shared.apply1(Broadcast(shape: sizes), self)
  }
}
