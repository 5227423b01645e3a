import CKernels

extension Tensor {
  /// The part that an index names.
  /// - Throws: index errors for positions out of range, too many indices, masks that do not fit.
  public func slice(_ indices: [TensorIndex]) throws -> Tensor {
    if indices.count == 1, rank > 0, let part = try stretch(indices[0]) { return part }
    let plan = try IndexPlan(indices, for: self)
    let part = try sliced(plan.slice).reshape(plan.sliced)
    return plan.isBasic ? part : try part.picked(plan)
  }

  /// One position or a range of the first axis, which lie together in memory: the short way, where nothing is recorded.
  private func stretch(_ index: TensorIndex) throws -> Tensor? {
    guard let storage, !Engine.shared.tape.isRecording else { return nil }
    var part = shape
    let first: Int
    switch index {
    case .position(let position) where position >= -shape[0] && position < shape[0]:
      part.removeFirst()
      first = position < 0 ? position + shape[0] : position
    case .range(let start, let end, 1): (first, part[0]) = try IndexPlan.clipped(start, end, 1, size: shape[0])
    default: return nil
    }
    if part == shape { return self }
    try Engine.shared.interruptionCheck?()
    let result = try Tensor(uninitialized: Spec(dtype, part))
    let row = shape.dropFirst().product * dtype.size
    result.storage?.pointer.copyMemory(from: storage.pointer + first * row, byteCount: result.spec.byteCount)
    return result
  }

  private func sliced(_ slice: StridedSlice) throws -> Tensor {
    if slice.counts == shape && slice.starts.allSatisfy({ $0 == 0 }) && slice.steps.allSatisfy({ $0 == 1 }) {
      return self
    }
    return try Engine.shared.apply1(slice, self)
  }

  /// Applies the lists of positions of a plan to the sliced tensor.
  private func picked(_ plan: IndexPlan) throws -> Tensor {
    if plan.picked.count == 1 {
      let (axis, positions) = plan.picked[0]
      return try gather(positions, axis: axis)
    }
    // Bring the axes together in front, make them one, pick, and put the result where it belongs.
    let axes = plan.picked.map(\.axis)
    let others = (0..<rank).filter { !axes.contains($0) }
    let sizes = axes.map { shape[$0] }
    let flat = try plan.flatPositions(sizes)
    let brought = try transpose(axes + others).reshape([sizes.product] + others.map { shape[$0] })
    let result = try brought.gather(flat, axis: 0)
    return try result.moved(leading: flat.rank, to: plan.pickedPlace)
  }

  /// The first `leading` axes moved behind `place` others.
  private func moved(leading: Int, to place: Int) throws -> Tensor {
    let others = Array(leading..<rank)
    return try transpose(Array(others[..<place]) + Array(0..<leading) + Array(others[place...]))
  }

  /// This tensor with the part that an index names replaced by `value`, which broadcasts and takes the dtype.
  /// - Throws: what `slice` throws; a shape error where the value does not fit.
  public func replacing(_ indices: [TensorIndex], with value: Tensor) throws -> Tensor {
    let plan = try IndexPlan(indices, for: self)
    if plan.isBasic {
      let fitted = try self.fitted(value, to: plan.sliced).reshape(plan.slice.counts)
      return try Engine.shared.apply1(SliceReplaced(slice: plan.slice), self, fitted)
    }
    let (positions, shape) = try flatPlaces(plan)
    let fitted = try self.fitted(value, to: shape).flatten()
    return try Engine.shared.apply1(PlacesReplaced(), self, positions, fitted)
  }

  /// Changes the part that an index names: in place where nothing else holds this tensor and its memory, else in a copy.
  ///
  ///     var w = …            // w: Tensor
  ///     try Tensor.assign(&w, [.position(0)], value)
  public static func assign(_ tensor: inout Tensor, _ indices: [TensorIndex], _ value: Tensor) throws {
    guard isKnownUniquelyReferenced(&tensor), !value.isAbstract, tensor.ownsItsMemory,
      !Engine.shared.tape.isTracked(tensor), !Engine.shared.tape.isTracked(value)
    else {
      tensor = try tensor.replacing(indices, with: value)
      return
    }
    let plan = try IndexPlan(indices, for: tensor)
    if plan.isBasic {
      let fitted = try tensor.fitted(value, to: plan.sliced)
      let (offset, steps) = plan.slice.place(in: tensor.shape)
      StridedCopy.run(
        tensor.dtype, sizes: plan.slice.counts, to: try tensor.data(), offset: offset, steps: steps,
        from: try fitted.data(), fromSteps: StridedCopy.strides(plan.slice.counts))
    } else {
      let (positions, shape) = try tensor.flatPlaces(plan)
      let fitted = try tensor.fitted(value, to: shape)
      try PlacesReplaced.place(positions, fitted, in: tensor)
    }
  }

  /// True where no other tensor shares the memory; false for an abstract tensor.
  private var ownsItsMemory: Bool { storage != nil && isKnownUniquelyReferenced(&storage) }

  /// A value for a place of a shape: of this tensor's dtype, stretched.
  private func fitted(_ value: Tensor, to shape: Shape) throws -> Tensor {
    if dtype == .bool, value.dtype != .bool, !value.isAbstract,
      try value.doubles().contains(where: { $0 != 0 && $0 != 1 })
    {
      throw TensorError(
        .value, "a bool tensor holds true and false, and this is another number than 0 and 1",
        hint: "compare (`x > 0`), or make the tensor one of numbers: `float32(t)`")
    }
    let converted = try value.converted(to: dtype)
    if converted.shape == shape { return converted }
    // As in NumPy, leading axes of size 1 may be left out or be too many.
    var own = converted.shape
    while own.count > shape.count, own.first == 1 { own.removeFirst() }
    let lead = shape.count - own.count
    guard lead >= 0, own.indices.allSatisfy({ own[$0] == shape[lead + $0] || own[$0] == 1 }) else {
      throw TensorError(
        .shape, "a value of shape \(value.shape.shapeText) does not fit the place of shape \(shape.shapeText)")
    }
    return try converted.reshape(own).broadcast(to: shape)
  }

  /// For an index with lists of positions: the flat places in this tensor, in the order of the result, and its shape.
  private func flatPlaces(_ plan: IndexPlan) throws -> (Tensor, Shape) {
    guard count <= Int(Int32.max) else {
      throw TensorError(.value, "a tensor of more than 2147483647 elements cannot be assigned to by positions")
    }
    let numbers = try Tensor.counting(count: count).reshape(shape)
    let places = try numbers.sliced(plan.slice).reshape(plan.sliced).picked(plan)
    return (try places.flatten(), places.shape)
  }
}

extension IndexPlan {
  /// The paired positions as one tensor of positions into the axes of `sizes` flattened.
  func flatPositions(_ sizes: [Int]) throws -> Tensor {
    let shape = try picked.dropFirst().reduce(picked[0].positions.shape) {
      try Broadcasting.shape($0, $1.positions.shape, symbol: "an index")
    }
    var flat = Array(repeating: 0, count: shape.product)
    for (index, size) in sizes.enumerated() {
      let positions = try picked[index].positions.asPositions("an index").broadcast(to: shape).elements(Int32.self)
      for place in flat.indices {
        let position = Int(positions[place])
        guard position >= -size && position < size else {
          throw TensorError(.index, "index \(position) is out of range: the axis has size \(size)")
        }
        flat[place] = flat[place] * size + (position < 0 ? position + size : position)
      }
    }
    guard sizes.product <= Int(Int32.max) else {
      throw TensorError(.value, "these axes are too long to be picked from together")
    }
    return try Tensor(int32: flat.map { Int32($0) }, shape: shape)
  }
}

/// A tensor with the elements at flat places replaced; of a place named twice the last value stays.
struct PlacesReplaced: Operation {
  static let name = "assignment"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (spec, count) = (inputs[0], inputs[1].count)
    return Kernel { pointers in
      pointers[3].copyMemory(from: pointers[0], byteCount: spec.byteCount)
      PlacesReplaced.place(
        pointers[1].assumingMemoryBound(to: Int32.self), count, spec.dtype.size, pointers[2], pointers[3])
    }
  }

  /// Writes the values in place; the places have been checked.
  static func place(_ positions: Tensor, _ values: Tensor, in target: Tensor) throws {
    let places = try positions.elements(Int32.self)
    guard let start = places.baseAddress else { return }
    place(UnsafeMutablePointer(start), positions.count, target.dtype.size, try values.data(), try target.data())
  }

  private static func place(
    _ places: UnsafeMutablePointer<Int32>, _ count: Int, _ size: Int, _ values: UnsafeMutableRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    for index in 0..<count {
      (target + Int(places[index]) * size).copyMemory(from: values + index * size, byteCount: size)
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    var shares: [Tensor?] = [nil, nil, nil]
    let places = inputs[1]
    if needed[0] {
      shares[0] = try Engine.shared.apply1(self, seed, places, Tensor.zeros(places.shape, seed.dtype))
    }
    if needed[2] {
      // A value that a later one of the same place hides has no share.
      let numbers = try Tensor.counting(count: places.count).converted(to: .float64)
      let last = try Engine.shared.apply1(PlacesReplaced(), Tensor.zeros(seed.shape, .float64), places, numbers)
      let stays = try last.flatten().gather(places).equalElements(numbers)
      let picked = try seed.flatten().gather(places)
      shares[2] = try Tensor.where(stays, picked, Tensor.scalar(0, seed.dtype))
    }
    return shares
  }
}
