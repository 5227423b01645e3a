import CLAPACKE

/// A factorisation by LAPACK of …×m×n matrices in float64, one after another.
private func factorKernel(
  _ inputs: [Spec], scratch: (_ m: Int, _ n: Int) -> Int,
  _ body:
    @escaping (_ matrix: UnsafeMutablePointer<Double>, _ index: Int, UnsafePointer<UnsafeMutableRawPointer>) throws
    -> Void
) -> Kernel {
  let shape = inputs[0].shape
  let (m, n) = (shape[shape.count - 2], shape[shape.count - 1])
  let count = m == 0 || n == 0 ? 0 : inputs[0].count / (m * n)
  return Kernel(scratchBytes: scratch(m, n) * 8 + 8) { pointers in
    for index in 0..<count { try body(Matrices.doubles(pointers[0]) + index * m * n, index, pointers) }
  }
}

private func failed(_ name: String) -> TensorError {
  TensorError(.value, "\(name) did not converge", hint: "are all elements finite?")
}

/// The lower triangular `l` with `l lᵀ = a`.
struct Cholesky: Operation {
  static let name = "cholesky"
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    return factorKernel(inputs, scratch: { _, _ in 0 }) { matrix, index, pointers in
      let l = Matrices.doubles(pointers[1]) + index * n * n
      l.update(from: matrix, count: n * n)
      guard LAPACKE_dpotrf(Matrices.rowMajor, 76, Int32(n), l, Int32(n)) == 0 else {
        throw TensorError(.value, "cholesky needs a positive definite matrix, and this is not one")
      }
      for row in 0..<n { for column in row + 1..<Swift.max(n, row + 1) { l[row * n + column] = 0 } }
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    // l⁻ᵀ Φ(lᵀ g) l⁻¹, symmetric; Φ keeps the lower triangle and halves the diagonal (Murray, 2016).
    let l = outputs[0]
    let lt = try l.transposedMatrix
    let inner = try lt.matmul(seed)
    let phi = try inner.tril() - (inner.tril() - inner.tril(-1)) * 0.5
    let left = try lt.solve(phi)
    let share = try lt.solve(left.transposedMatrix).transposedMatrix
    return [try (share + share.transposedMatrix) * 0.5]
  }
}

/// Eigenvalues (ascending) and eigenvectors (columns) of a symmetric matrix.
struct SymmetricEigen: Operation {
  static let name = "eigh"
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(.float64, Array(inputs[0].shape.dropLast())), inputs[0]]
  }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    return factorKernel(inputs, scratch: { _, _ in 0 }) { matrix, index, pointers in
      let vectors = Matrices.doubles(pointers[2]) + index * n * n
      vectors.update(from: matrix, count: n * n)
      let values = Matrices.doubles(pointers[1]) + index * n
      guard LAPACKE_dsyevd(Matrices.rowMajor, 86, 76, Int32(n), vectors, Int32(n), values) == 0 else {
        throw failed("eigh")
      }
    }
  }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let (w, v) = (outputs[0], outputs[1])
    var inner = try Tensor.zeros(inputs[0].shape, .float64)
    if let seed = seeds[0] {
      inner = try inner + Tensor.eye(w.shape[w.rank - 1], .float64) * seed.expand(-1)
    }
    if let seed = seeds[1] {
      let distance = try w.expand(-2) - w.expand(-1)
      inner = try inner + distance.reciprocalOrZero() * v.transposedMatrix.matmul(seed)
    }
    let share = try v.matmul(inner).matmul(v.transposedMatrix)
    return [try (share + share.transposedMatrix) * 0.5]
  }
}

/// The thin singular value decomposition: `u diag(s) vt`, s descending.
struct SingularValues: Operation {
  static let name = "svd"
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (lead, m, n) = (
      Array(inputs[0].shape.dropLast(2)), inputs[0].shape[inputs[0].rank - 2], inputs[0].shape[inputs[0].rank - 1]
    )
    let k = Swift.min(m, n)
    return [Spec(.float64, lead + [m, k]), Spec(.float64, lead + [k]), Spec(.float64, lead + [k, n])]
  }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (m, n) = (inputs[0].shape[inputs[0].rank - 2], inputs[0].shape[inputs[0].rank - 1])
    let k = Swift.min(m, n)
    return factorKernel(inputs, scratch: { $0 * $1 }) { matrix, index, pointers in
      let copy = Matrices.doubles(pointers[4])
      copy.update(from: matrix, count: m * n)
      let u = Matrices.doubles(pointers[1]) + index * m * k
      let s = Matrices.doubles(pointers[2]) + index * k
      let vt = Matrices.doubles(pointers[3]) + index * k * n
      let info = LAPACKE_dgesdd(
        Matrices.rowMajor, 83, Int32(m), Int32(n), copy, Int32(n), s, u, Int32(k), vt, Int32(n))
      guard info == 0 else { throw failed("svd") }
    }
  }
  /// Townsend, "Differentiating the singular value decomposition" (2016); differences of equal values count as 0.
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let (u, s, vt) = (outputs[0], outputs[1], outputs[2])
    let (ut, v) = (try u.transposedMatrix, try vt.transposedMatrix)
    let (m, n) = (u.shape[u.rank - 2], v.shape[v.rank - 2])
    let (column, row) = (try s.expand(-1), try s.expand(-2))
    let f = try (row.square() - column.square()).reciprocalOrZero()
    let inverse = try row.reciprocalOrZero()
    var share = try Tensor.zeros(inputs[0].shape, .float64)
    if let seed = seeds[1] { share = try share + (u * seed.expand(-2)).matmul(vt) }
    if let seed = seeds[0] {
      let turn = try ut.matmul(seed)
      let inside = try u.matmul(f * (turn - turn.transposedMatrix) * row)
      let outside = try (Tensor.eye(m, .float64) - u.matmul(ut)).matmul(seed) * inverse
      share = try share + (inside + outside).matmul(vt)
    }
    if let seed = seeds[2] {
      let turn = try vt.matmul(seed.transposedMatrix)
      let inside = try (column * (f * (turn - turn.transposedMatrix))).matmul(vt)
      let outside = try s.reciprocalOrZero().expand(-1) * seed.matmul(Tensor.eye(n, .float64) - v.matmul(vt))
      share = try share + u.matmul(inside + outside)
    }
    return [share]
  }
}

/// The thin factorisation into orthonormal columns and an upper triangle.
struct QRFactors: Operation {
  static let name = "qr"
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (lead, m, n) = (
      Array(inputs[0].shape.dropLast(2)), inputs[0].shape[inputs[0].rank - 2], inputs[0].shape[inputs[0].rank - 1]
    )
    let k = Swift.min(m, n)
    return [Spec(.float64, lead + [m, k]), Spec(.float64, lead + [k, n])]
  }
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (m, n) = (inputs[0].shape[inputs[0].rank - 2], inputs[0].shape[inputs[0].rank - 1])
    let k = Swift.min(m, n)
    return factorKernel(inputs, scratch: { $0 * $1 + Swift.min($0, $1) }) { matrix, index, pointers in
      let copy = Matrices.doubles(pointers[3])
      let factors = copy + m * n
      copy.update(from: matrix, count: m * n)
      guard LAPACKE_dgeqrf(Matrices.rowMajor, Int32(m), Int32(n), copy, Int32(n), factors) == 0 else {
        throw failed("qr")
      }
      let q = Matrices.doubles(pointers[1]) + index * m * k
      let r = Matrices.doubles(pointers[2]) + index * k * n
      for row in 0..<k { for column in 0..<n { r[row * n + column] = column >= row ? copy[row * n + column] : 0 } }
      for row in 0..<m { for column in 0..<k { q[row * k + column] = copy[row * n + column] } }
      guard LAPACKE_dorgqr(Matrices.rowMajor, Int32(m), Int32(k), Int32(k), q, Int32(k), factors) == 0 else {
        throw failed("qr")
      }
    }
  }
  /// For m ≥ n (g + q copyltu(r r̄ᵀ - q̄ᵀ q)) r⁻ᵀ; a wide matrix is its square part and the rest (Roberts, 2020).
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    let (q, r) = (outputs[0], outputs[1])
    let (m, n) = (inputs[0].shape[inputs[0].rank - 2], inputs[0].shape[inputs[0].rank - 1])
    let last = r.rank - 1
    var qSeed = try seeds[0] ?? Tensor.zerosLike(q)
    let rSeed = try seeds[1] ?? Tensor.zerosLike(r)
    guard m < n else { return [try Self.tall(q, r, qSeed, rSeed)] }
    let rest = try inputs[0].narrow(axis: last, from: m, count: n - m)
    let restSeed = try rSeed.narrow(axis: last, from: m, count: n - m)
    qSeed = try qSeed + rest.matmul(restSeed.transposedMatrix)
    let square = try Self.tall(
      q, r.narrow(axis: last, from: 0, count: m), qSeed, rSeed.narrow(axis: last, from: 0, count: m))
    return [try Tensor.concat([square, q.matmul(restSeed)], axis: last)]
  }

  private static func tall(_ q: Tensor, _ r: Tensor, _ qSeed: Tensor, _ rSeed: Tensor) throws -> Tensor {
    let inner = try r.matmul(rSeed.transposedMatrix) - qSeed.transposedMatrix.matmul(q)
    let symmetric = try inner.tril() + inner.tril(-1).transposedMatrix
    let share = try qSeed + q.matmul(symmetric)
    return try r.solve(share.transposedMatrix).transposedMatrix
  }
}

extension Tensor {
  /// `1 / x`, 0 where x is 0.
  fileprivate func reciprocalOrZero() throws -> Tensor {
    let isZero = try equalElements(0)
    let safe = try Tensor.where(isZero, Tensor.scalar(1, dtype), self).reciprocal()
    return try Tensor.where(isZero, Tensor.scalar(0, dtype), safe)
  }

  private var symmetricPart: Tensor { get throws { try (self + transposedMatrix) * 0.5 } }

  /// Refuses a matrix that differs from its transpose by more than rounding (or a gradient check's step).
  private func checkSymmetric(_ name: String) throws {
    guard !isAbstract, count > 0 else { return }
    let x = try converted(to: .float64)
    let difference = try (x - x.transposedMatrix).abs().max().item()
    guard try difference > 1e-3 * x.abs().max().item() else { return }
    throw TensorError(
      .value, "\(name) needs a symmetric matrix, and this one differs from its transpose by up to \(Float(difference))",
      hint: "(x + x.T) / 2 is the symmetric part")
  }

  private func factored(_ operation: some Operation, _ prepare: (Tensor) throws -> Tensor = { $0 }) throws -> [Tensor] {
    guard rank >= 2 else {
      throw TensorError(.shape, "\(type(of: operation).name) needs a matrix, and got the shape \(shape.shapeText)")
    }
    try Matrices.suitable(spec)
    let type: DType = dtype == .float64 ? .float64 : .float32
    return try Engine.shared.apply(operation, [prepare(converted(to: .float64))]).map { try $0.converted(to: type) }
  }

  /// The lower triangular `l` with `l @ l.T = self`.
  /// - Throws: a value error where the matrix is not symmetric and positive definite.
  public func cholesky() throws -> Tensor {
    try Matrices.square(spec, "cholesky")
    try checkSymmetric("cholesky")
    return try factored(Cholesky()) { try $0.symmetricPart }[0]
  }

  /// Eigenvalues, ascending, and eigenvectors, in columns.
  /// - Throws: a value error where the matrix is not symmetric.
  public func eigh() throws -> (values: Tensor, vectors: Tensor) {
    try Matrices.square(spec, "eigh")
    try checkSymmetric("eigh")
    let parts = try factored(SymmetricEigen()) { try $0.symmetricPart }
    return (parts[0], parts[1])
  }

  /// The thin singular value decomposition `u @ diag(s) @ vt`, s descending.
  public func svd() throws -> (u: Tensor, s: Tensor, vt: Tensor) {
    let parts = try factored(SingularValues())
    return (parts[0], parts[1], parts[2])
  }

  /// Orthonormal columns q and an upper triangle r with `q @ r = self`.
  public func qr() throws -> (q: Tensor, r: Tensor) {
    let parts = try factored(QRFactors())
    return (parts[0], parts[1])
  }
}
