import CKernels
import COneDNN

/// The product of matrices, batched over leading axes that broadcast; either may be taken transposed.
struct MatrixProduct: Operation {
  static let name = "@"
  var transposesA = false
  var transposesB = false

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    let (m, k) = transposesA ? (a[a.count - 1], a[a.count - 2]) : (a[a.count - 2], a[a.count - 1])
    let (inner, n) = transposesB ? (b[b.count - 1], b[b.count - 2]) : (b[b.count - 2], b[b.count - 1])
    guard k == inner else { throw MatrixProduct.mismatch(a, b, k, inner) }
    let batch = try Broadcasting.shape(Array(a.dropLast(2)), Array(b.dropLast(2)), symbol: "@")
    let shape = batch + [m, n]
    _ = try Limits.checkedCount(shape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, shape)]
  }

  /// The error for inner sizes that differ, with the obvious repair.
  static func mismatch(_ a: Shape, _ b: Shape, _ k: Int, _ inner: Int) -> TensorError {
    var hint: String?
    if b.count == 2, b[1] == k {
      hint = "the second transposed, `.T`, is \(b[1])×\(b[0])"
    } else if a.count == 2, a[0] == inner {
      hint = "the first transposed, `.T`, is \(a[1])×\(a[0])"
    } else if b.count == 3, b.contains(k) {
      hint = "`.T` reverses all axes; transpose(x, (0, 2, 1)) exchanges the last two"
    }
    return TensorError(
      .shape, "@ needs the inner sizes to agree: \(a.shapeText) times \(b.shapeText) has \(k) and \(inner)", hint: hint)
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (a, b, y) = (inputs[0].shape, inputs[1].shape, outputs[0].shape)
    let (m, n) = (y[y.count - 2], y[y.count - 1])
    let k = transposesA ? a[a.count - 2] : a[a.count - 1]
    let batch = Array(y.dropLast(2))
    if inputs[0].dtype == .float32, GEMM.isOwn(m, n, k) {
      let form = ProductForm(m: m, n: n, k: k, transposesA: transposesA, transposesB: transposesB)
      if batch.product == 1 {
        return Kernel(scratchBytes: form.scratchBytes) { form.run($0[0], $0[1], $0[2], scratch: $0[3]) }
      }
      let plan = BroadcastPlan(batch: batch, operands: [Array(a.dropLast(2)), Array(b.dropLast(2))])
      return Kernel(scratchBytes: form.scratchBytes) { p in
        plan.forEach { offsets, index in
          form.run(
            p[0] + offsets[0] * m * k * 4, p[1] + offsets[1] * k * n * 4, p[2] + index * m * n * 4, scratch: p[3])
        }
      }
    }
    let (ta, tb) = (transposesA, transposesB)
    let size = inputs[0].dtype.size
    let isSingle = inputs[0].dtype == .float32
    let plan = BroadcastPlan(batch: batch, operands: [Array(a.dropLast(2)), Array(b.dropLast(2))])
    return Kernel { pointers in
      var status = dnnl_success
      plan.forEach { offsets, index in
        let (pa, pb) = (pointers[0] + offsets[0] * m * k * size, pointers[1] + offsets[1] * k * n * size)
        let py = pointers[2] + index * m * n * size
        if status != dnnl_success || Interruption.pending != nil { return }
        if isSingle {
          status = GEMM.oneDNN(ta, tb, m, n, k, pa, pb, py)
        } else {
          ck_matmul_f64(ta ? 1 : 0, tb ? 1 : 0, m, n, k, pa, pb, py)
        }
      }
      try OneDNN.check(status, "the matrix product of \(a.shapeText) and \(b.shapeText)")
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let g = seeds[0] else { return [nil, nil] }
    let (a, b) = (inputs[0], inputs[1])
    func product(_ x: Tensor, _ y: Tensor, _ tx: Bool, _ ty: Bool) throws -> Tensor {
      try Engine.shared.apply1(MatrixProduct(transposesA: tx, transposesB: ty), x, y)
    }
    var shares: [Tensor?] = [nil, nil]
    if needed[0] {
      let share = transposesA ? try product(b, g, transposesB, true) : try product(g, b, false, !transposesB)
      shares[0] = try share.summed(to: a.spec)
    }
    if needed[1] {
      let share = transposesB ? try product(g, a, true, transposesA) : try product(a, g, !transposesA, false)
      shares[1] = try share.summed(to: b.spec)
    }
    return shares
  }
}

/// Which matrix kernel computes a product.
enum GEMM {
  /// Up to this many multiplications the own kernel is as fast as the library's and costs less to call.
  private static let largestOwn = 1 << 28

  /// True where `CKernels` does it: a product that is not very large.
  static func isOwn(_ m: Int, _ n: Int, _ k: Int) -> Bool {
    let (rows, overflow) = m.multipliedReportingOverflow(by: n)
    return !overflow && rows <= largestOwn && rows * max(1, min(k, largestOwn)) <= largestOwn
  }

  /// A product of more multiplications than this takes about a second: it is done in squares of as many, and asks for a
  /// wish to stop between them.
  private static let longest = Double(1 << 36)
  private static let smallestSide = 256

  /// `y = op(a) op(b)` in float32, row-major; unfinished where a wish to stop is pending.
  static func oneDNN(
    _ ta: Bool, _ tb: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
    _ y: UnsafeMutableRawPointer
  ) -> dnnl_status_t {
    let (x, w) = (a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self))
    let result = y.assumingMemoryBound(to: Float.self)
    let isLong = Double(m) * Double(n) * Double(k) > longest
    let side = max(smallestSide, Int((longest / Double(max(k, 1))).squareRoot()))
    let (height, width) = isLong ? (side, side) : (max(m, 1), max(n, 1))
    for row in stride(from: 0, to: max(m, 1), by: height) {
      for column in stride(from: 0, to: max(n, 1), by: width) {
        if isLong && ck_stop() != 0 { return dnnl_success }
        let status = dnnl_sgemm(
          ta ? 84 : 78, tb ? 84 : 78, Int64(min(height, m - row)), Int64(min(width, n - column)), Int64(k), 1,
          x + (ta ? row : row * k), Int64(ta ? m : k), w + (tb ? column * k : column), Int64(tb ? k : n), 0,
          result + row * n + column, Int64(n))
        if status != dnnl_success { return status }
      }
    }
    return dnnl_success
  }
}

/// A float32 product by the own kernel: `y = op(a) op(b)`, or `relu(op(a) op(b) + bias)`.
struct ProductForm {
  private var product = ck_product()
  let scratchBytes: Int

  init(m: Int, n: Int, k: Int, transposesA: Bool, transposesB: Bool, isRelu: Bool = false) {
    (product.m, product.n, product.k) = (m, n, k)
    (product.a_row, product.a_column) = transposesA ? (1, m) : (k, 1)
    (product.b_row, product.b_column) = transposesB ? (1, k) : (n, 1)
    product.c_row = n
    product.activation = Int32(isRelu ? CK_RELU_SUM : CK_PLAIN_SUM)
    scratchBytes = ck_gemm_scratch(m, n, k, product.b_row, product.b_column) * 4
  }

  @inline(__always)
  func run(
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer,
    bias: UnsafeMutableRawPointer? = nil, scratch: UnsafeMutableRawPointer
  ) {
    var product = product
    product.a = UnsafePointer(a.assumingMemoryBound(to: Float.self))
    product.b = UnsafePointer(b.assumingMemoryBound(to: Float.self))
    product.c = y.assumingMemoryBound(to: Float.self)
    if let bias { product.bias = UnsafePointer(bias.assumingMemoryBound(to: Float.self)) }
    ck_gemm_threads(&product, scratch.assumingMemoryBound(to: Float.self))
  }
}

extension BroadcastPlan {
  /// A plan over batches alone: each operand steps through its own batches.
  init(batch: Shape, operands: [Shape]) {
    self.init(shape: batch + [2], operands: operands.map { $0 + [1] })
    // The rectangle's rows, where there are any, are one more loop; the columns were only there to keep the batch axes
    // apart from them.
    if rows > 1 || !fixedAlongRows.allSatisfy({ $0 }) {
      loopSizes.append(rows)
      loopSteps = loopSteps.map { $0 } + [fixedAlongRows.map { $0 ? 0 : 1 }]
    }
    rows = 1
    columns = 1
  }

  /// Calls `body` with each operand's batch and the number of the result's.
  func forEach(_ body: (_ offsets: [Int], _ index: Int) -> Void) { forEachRectangle(body) }
}

extension Tensor {
  /// The matrix product. Rank 1 counts as a row on the left and as a column on the right, and that axis is dropped from
  /// the result; higher ranks are batched. int32 is multiplied exactly.
  /// - Throws: a shape error where the inner sizes differ.
  public func matmul(_ other: Tensor) throws -> Tensor {
    guard rank > 0, other.rank > 0 else {
      throw TensorError(
        .shape, "@ needs tensors with axes, and one is a single value", hint: "`*` multiplies by a number")
    }
    var (a, b) = try Promotion.promote(self, other, .arithmetic)
    let k = a.shape[a.rank - 1]
    let inner = b.shape[b.rank > 1 ? b.rank - 2 : 0]
    guard k == inner else { throw MatrixProduct.mismatch(shape, other.shape, k, inner) }
    let isWhole = a.dtype == .int32
    if isWhole { (a, b) = (try a.converted(to: .float64), try b.converted(to: .float64)) }
    let shape = Array(a.shape.dropLast()) + Array(b.shape.dropLast(2)) + (b.rank > 1 ? [b.shape[b.rank - 1]] : [])
    var result: Tensor
    if b.rank <= 2 {
      // One product for all batches of the left side.
      let left = try a.reshape([Array(a.shape.dropLast()).product, k])
      let right = b.rank == 2 ? b : try b.reshape([k, 1])
      result = try Engine.shared.apply1(MatrixProduct(), left, right).reshape(shape)
    } else if a.rank == 1 {
      let columns = b.shape[b.rank - 1]
      result = try Engine.shared.apply1(MatrixProduct(), a.reshape([1, k]), b)
      result = try result.reshape(Array(b.shape.dropLast(2)) + [columns])
    } else {
      result = try Engine.shared.apply1(MatrixProduct(), a, b)
    }
    return isWhole ? try result.wholeNumbers("@") : result
  }

  /// int32 again, after exact arithmetic in float64.
  func wholeNumbers(_ symbol: String) throws -> Tensor {
    do { return try converted(to: .int32) } catch let error as TensorError where error.kind == .value {
      throw TensorError(
        .value, "a result of `\(symbol)` is beyond what int32 holds (-2147483648 to 2147483647)",
        hint: "float64(x) holds whole numbers up to 2^53")
    }
  }
}
