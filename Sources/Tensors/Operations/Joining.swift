/// Tensors laid one after another along an axis.
struct Concatenate: Operation {
  static let name = "concat"
  let axis: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let first = inputs[0].shape
    var total = 0
    for (index, spec) in inputs.enumerated() {
      var comparable = spec.shape
      if comparable.count == first.count { comparable[axis] = first[axis] }
      guard comparable == first else {
        throw TensorError(
          .shape,
          "concat along axis \(axis) needs all other sizes to agree: the first is \(first.shapeText), number \(index + 1) is \(spec.shape.shapeText)"
        )
      }
      total += spec.shape[axis]
    }
    var shape = first
    shape[axis] = total
    _ = try Limits.checkedCount(shape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let shape = outputs[0].shape
    let outer = shape[..<axis].product
    let inner = shape[(axis + 1)...].product
    let dtype = outputs[0].dtype
    let widths = inputs.map { $0.shape[axis] * inner }
    let line = shape[axis] * inner
    return Kernel { pointers in
      var offset = 0
      for (index, width) in widths.enumerated() {
        StridedCopy.run(
          dtype, sizes: [outer, width], to: pointers[widths.count], offset: offset, steps: [line, 1],
          from: pointers[index],
          fromSteps: [width, 1])
        offset += width
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return inputs.map { _ in nil } }
    var start = 0
    return try inputs.enumerated().map { index, input in
      defer { start += input.shape[axis] }
      return needed[index] ? try seed.narrow(axis: axis, from: start, count: input.shape[axis]) : nil
    }
  }
}

/// A part along one axis: `count` indices from `start`.
struct Narrow: Operation {
  static let name = "split"
  let axis, start, count: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    shape[axis] = count
    return [Spec(inputs[0].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let shape = inputs[0].shape
    let outer = shape[..<axis].product
    let inner = shape[(axis + 1)...].product
    let (dtype, line, width, offset) = (inputs[0].dtype, shape[axis] * inner, count * inner, start * inner)
    return Kernel { pointers in
      StridedCopy.run(
        dtype, sizes: [outer, width], to: pointers[1], steps: [width, 1], from: pointers[0], fromOffset: offset,
        fromSteps: [line, 1])
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    var widths = inputs[0].shape.map { _ in (0, 0) }
    widths[axis] = (start, inputs[0].shape[axis] - start - count)
    return [try seed.pad(widths)]
  }
}

/// Room around a tensor, filled with one value.
struct Pad: Operation {
  static let name = "pad"
  let low: [Int]
  let high: [Int]
  let value: Double

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    var shape = inputs[0].shape
    for axis in shape.indices {
      let (sum, overflow) = shape[axis].addingReportingOverflow(low[axis])
      let (size, again) = sum.addingReportingOverflow(high[axis])
      guard !overflow, !again else { throw TensorError(.value, "pad has too large a width") }
      shape[axis] = size
    }
    _ = try Limits.checkedCount(shape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (spec, result, value) = (inputs[0], outputs[0], value)
    let steps = StridedCopy.strides(result.shape)
    let from = StridedCopy.strides(spec.shape)
    let offset = zip(low, steps).reduce(0) { $0 + $1.0 * $1.1 }
    return Kernel { pointers in
      let filler = try Tensor.scalar(value, result.dtype)
      StridedCopy.run(
        result.dtype, sizes: [result.count], to: pointers[1], steps: [1], from: try filler.data(), fromSteps: [0])
      StridedCopy.run(
        spec.dtype, sizes: spec.shape, to: pointers[1], offset: offset, steps: steps, from: pointers[0], fromSteps: from
      )
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard var share = seeds[0] else { return [nil] }
    for axis in low.indices where low[axis] != 0 || high[axis] != 0 {
      share = try share.narrow(axis: axis, from: low[axis], count: inputs[0].shape[axis])
    }
    return [share]
  }
}

extension Tensor {
  /// All tensors in the dtype they meet in.
  static func unified(_ tensors: [Tensor]) throws -> [Tensor] {
    guard let first = tensors.first else { return [] }
    var dtype = first.spec.isWeak ? DType.float32 : first.dtype
    if let strong = tensors.first(where: { !$0.spec.isWeak }) { dtype = strong.dtype }
    for tensor in tensors {
      let other = Tensor(abstract: Spec(dtype, []))
      dtype = Promotion.dtype(other, tensor, .choice)
    }
    return try tensors.map { try $0.converted(to: dtype) }
  }

  /// Tensors laid one after another along an axis; their other sizes agree.
  public static func concat(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError(.value, "concat needs at least one tensor") }
    guard first.rank > 0 else {
      throw TensorError(
        .shape, "concat joins tensors along an axis, and these are single values", hint: "stack makes a new axis")
    }
    let place = try Axes.checked(axis, rank: first.rank)
    let tensors = try unified(tensors)
    return tensors.count == 1 ? tensors[0] : try Engine.shared.apply(Concatenate(axis: place), tensors)[0]
  }

  /// Tensors of equal shape along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError(.value, "stack needs at least one tensor") }
    let place = try Axes.insertion(axis, rank: first.rank)
    for (index, tensor) in tensors.enumerated() where tensor.shape != first.shape {
      throw TensorError(
        .shape,
        "stack needs equal shapes: the first is \(first.shape.shapeText), number \(index + 1) is \(tensor.shape.shapeText)"
      )
    }
    return try concat(unified(tensors).map { try $0.expand(place) }, axis: place)
  }

  func narrow(axis: Int, from start: Int, count: Int) throws -> Tensor {
    start == 0 && count == shape[axis]
      ? self : try Engine.shared.apply1(Narrow(axis: axis, start: start, count: count), self)
  }

  /// Equal parts along an axis.
  /// - Throws: a shape error where they would not be equal.
  public func split(parts: Int, axis: Int = 0) throws -> [Tensor] {
    let place = try Axes.checked(axis, rank: rank)
    guard parts > 0, shape[place] % parts == 0 else {
      throw TensorError(
        .shape, "split cannot make \(parts) equal parts of \(shape[place]) along axis \(place)",
        hint: "a list of sizes makes unequal parts")
    }
    return try split(sizes: Array(repeating: shape[place] / parts, count: parts), axis: axis)
  }

  /// Parts of the given sizes along an axis.
  /// - Throws: a shape error where the sizes do not add up.
  public func split(sizes: [Int], axis: Int = 0) throws -> [Tensor] {
    let place = try Axes.checked(axis, rank: rank)
    var total = 0
    for size in sizes {
      guard size >= 0, size <= shape[place] else {
        throw TensorError(.shape, "split cannot make a part of \(size) of \(shape[place]) along axis \(place)")
      }
      total += size
    }
    guard total == shape[place] else {
      throw TensorError(
        .shape, "split needs sizes that add up to \(shape[place]) along axis \(place), and these make \(total)")
    }
    var start = 0
    return try sizes.map { size in
      defer { start += size }
      return try narrow(axis: place, from: start, count: size)
    }
  }

  /// With `widths` elements of `value` before and after, along each axis.
  public func pad(_ widths: [(Int, Int)], value: Double = 0) throws -> Tensor {
    guard widths.count == rank else {
      throw TensorError(.shape, "pad needs a pair of widths for each of the \(rank) axes, and got \(widths.count)")
    }
    for (low, high) in widths where low < 0 || high < 0 {
      throw TensorError(
        .value, "pad widths cannot be negative, and got (\(low), \(high))", hint: "a slice takes elements away")
    }
    if widths.allSatisfy({ $0 == (0, 0) }) { return self }
    return try Engine.shared.apply1(Pad(low: widths.map(\.0), high: widths.map(\.1), value: value), self)
  }
}
