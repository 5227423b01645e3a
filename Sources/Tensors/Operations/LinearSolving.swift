import CLAPACKE

/// What LAPACK works on: matrices in float64, one after another.
enum Matrices {
  /// Checks that the last two axes are a square.
  static func square(_ spec: Spec, _ name: String) throws {
    guard spec.rank >= 2, spec.shape[spec.rank - 1] == spec.shape[spec.rank - 2] else {
      throw TensorError(.shape, "\(name) needs a square matrix, and got the shape \(spec.shape.shapeText)")
    }
    try suitable(spec)
  }

  /// Checks that LAPACK is there and can count the elements of a matrix, which it does in 32 bits.
  static func suitable(_ spec: Spec) throws {
    if let reason = lapacke_failure() {
      throw TensorError(
        .value, "the library LAPACK cannot be loaded: \(String(cString: reason))",
        hint: "install it; on Debian: apt-get install liblapacke-dev")
    }
    guard spec.shape.suffix(2).product <= Int(Int32.max) else {
      throw TensorError(.value, "a matrix of \(spec.shape.shapeText) is too large for LAPACK")
    }
  }

  static func doubles(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Double> {
    pointer.assumingMemoryBound(to: Double.self)
  }

  static let rowMajor = Int32(LAPACK_ROW_MAJOR)
}

/// `x` with `a x = b`, of shapes …×n×n and …×n×m, in float64.
struct Solve: Operation {
  static let name = "solve"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[1]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (spec, b) = (inputs[0], inputs[1])
    let n = spec.shape[spec.rank - 1]
    let columns = b.shape[b.rank - 1]
    let count = n == 0 || columns == 0 ? 0 : b.count / (n * columns)
    return Kernel(scratchBytes: n * n * 8 + n * 4 + 8) { pointers in
      let copy = Matrices.doubles(pointers[3])
      let pivots = (pointers[3] + n * n * 8).assumingMemoryBound(to: Int32.self)
      pointers[2].copyMemory(from: pointers[1], byteCount: count * n * columns * 8)
      for index in 0..<count {
        copy.update(from: Matrices.doubles(pointers[0]) + index * n * n, count: n * n)
        let x = Matrices.doubles(pointers[2]) + index * n * columns
        let info = LAPACKE_dgesv(
          Matrices.rowMajor, Int32(n), Int32(columns), copy, Int32(n), pivots, x, Int32(columns))
        guard info == 0 else {
          throw TensorError(
            .value, "the matrix is singular: it has no inverse",
            hint: "its `det` is 0; add a small multiple of `eye`, or use `svd`")
        }
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let share = try Engine.shared.apply1(Solve(), inputs[0].transposedMatrix, seed)
    return [needed[0] ? try -share.matmul(outputs[0].transposedMatrix) : nil, share]
  }
}

/// The determinant of …×n×n, in float64. The gradient is the matrix of cofactors, also where the determinant is 0.
struct Determinant: Operation {
  static let name = "det"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [Spec(.float64, Array(inputs[0].shape.dropLast(2)))] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    let count = outputs[0].count
    return Kernel(scratchBytes: n * n * 8 + n * 4 + 8) { pointers in
      let copy = Matrices.doubles(pointers[2])
      let pivots = (pointers[2] + n * n * 8).assumingMemoryBound(to: Int32.self)
      for index in 0..<count {
        copy.update(from: Matrices.doubles(pointers[0]) + index * n * n, count: n * n)
        if n > 0 { LAPACKE_dgetrf(Matrices.rowMajor, Int32(n), Int32(n), copy, Int32(n), pivots) }
        var product = 1.0
        for place in 0..<n {
          product *= copy[place * n + place]
          if pivots[place] != Int32(place + 1) { product = -product }
        }
        Matrices.doubles(pointers[1])[index] = product
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    let a = inputs[0]
    let isSingular = a.isAbstract ? false : try outputs[0].doubles().contains { $0 == 0 || !$0.isNormal }
    let cofactors: Tensor
    if isSingular {
      // u diag(Π of the other s) vᵀ, with the signs of the two rotations.
      let (u, s, vt) = try a.svd()
      let others =
        try s.exclusiveProduct(axis: s.rank - 1, reverse: false)
        * s.exclusiveProduct(axis: s.rank - 1, reverse: true)
      let sign = try (u.det() * vt.det()).expand(-1).expand(-1)
      cofactors = try (u * others.expand(-2)).matmul(vt) * sign
    } else {
      cofactors = try outputs[0].expand(-1).expand(-1) * a.inverse().transposedMatrix
    }
    return [try cofactors * seed.expand(-1).expand(-1)]
  }
}

extension Tensor {
  /// Runs a function of float64 and gives the result in this tensor's dtype (float32 for whole numbers).
  func inFloat64(_ body: (Tensor) throws -> Tensor) throws -> Tensor {
    let type: DType = dtype == .float64 ? .float64 : .float32
    return try body(converted(to: .float64)).converted(to: type)
  }

  /// The `x` with `self @ x = b`; `b` may be a vector.
  /// - Throws: shape errors where the sizes do not fit; a value error for a singular matrix.
  public func solve(_ b: Tensor) throws -> Tensor {
    try Matrices.square(spec, "solve")
    let n = shape[rank - 1]
    let isVector = b.rank == 1 || (b.rank == rank - 1 && Array(b.shape) == Array(shape.dropLast()) && rank > 2)
    guard b.rank > 0, b.shape[isVector ? b.rank - 1 : b.rank - 2] == n else {
      throw TensorError(
        .shape, "solve needs the sizes to agree: the matrix is \(shape.shapeText), the right side \(b.shape.shapeText)")
    }
    let type = dtype == .float64 || (b.dtype == .float64 && !b.spec.isWeak) ? DType.float64 : .float32
    let left = try converted(to: .float64)
    var right = try b.converted(to: .float64)
    if isVector { right = try right.expand(-1) }
    let batch = try Broadcasting.shape(Array(shape.dropLast(2)), Array(right.shape.dropLast(2)), symbol: "solve")
    let result = try Engine.shared.apply1(
      Solve(), left.broadcast(to: batch + [n, n]), right.broadcast(to: batch + right.shape.suffix(2)))
    return try (isVector ? result.squeezed([result.rank - 1]) : result).converted(to: type)
  }

  /// The inverse matrix.
  /// - Throws: a value error for a singular matrix.
  public func inverse() throws -> Tensor {
    try Matrices.square(spec, "inverse")
    return try solve(Tensor.eye(shape[rank - 1], dtype == .float64 ? .float64 : .float32))
  }

  /// The determinant.
  public func det() throws -> Tensor {
    try Matrices.square(spec, "det")
    return try inFloat64 { try Engine.shared.apply1(Determinant(), $0) }
  }
}
