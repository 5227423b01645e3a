import CKernels

/// `softmax(x) = exp(x - max) / Σ exp(x - max)` and its logarithm, along one axis.
struct Softmax: Operation {
  static let name = "softmax"
  let axis: Int
  let isLogarithm: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (outer, n, inner) = inputs[0].shape.around(axis)
    if inputs[0].count == 0 { return Kernel { _ in } }
    let isLogarithm = isLogarithm
    return inputs[0].dtype == .float64
      ? Kernel { p in
        (isLogarithm ? ck_log_softmax_f64 : ck_softmax_f64)(p.doubles(0), p.doubles(1), outer, n, inner)
      }
      : Kernel { p in
        (isLogarithm ? ck_log_softmax_f32 : ck_softmax_f32)(p.floats(0), p.floats(1), outer, n, inner)
      }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try Engine.shared.apply1(SoftmaxGradient(axis: axis, isLogarithm: isLogarithm), outputs[0], seed)]
  }
}

/// `y·(g - Σ g·y)`, or `g - exp(y)·Σ g` for the logarithm. Inputs: y, g.
struct SoftmaxGradient: Operation {
  static let name = "softmax_gradient"
  let axis: Int
  let isLogarithm: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (outer, n, inner) = inputs[0].shape.around(axis)
    if inputs[0].count == 0 { return Kernel { _ in } }
    let isLogarithm = isLogarithm
    return inputs[0].dtype == .float64
      ? Kernel { p in
        (isLogarithm ? ck_log_softmax_gradient_f64 : ck_softmax_gradient_f64)(
          p.doubles(0), p.doubles(1), p.doubles(2), outer, n, inner)
      }
      : Kernel { p in
        (isLogarithm ? ck_log_softmax_gradient_f32 : ck_softmax_gradient_f32)(
          p.floats(0), p.floats(1), p.floats(2), outer, n, inner)
      }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let s = seeds[0] else { return [nil, nil] }
    let (y, g) = (inputs[0], inputs[1])
    func along(_ x: Tensor) throws -> Tensor { try x.sum(axes: [axis], keep: true) }
    if isLogarithm {
      let p = try y.exp()
      return [
        needed[0] ? try -(s * p * along(g)) : nil,
        needed[1] ? try s - along(s * p) : nil,
      ]
    }
    return [
      needed[0] ? try s * (g - along(g * y)) - g * along(s * y) : nil,
      needed[1] ? try Engine.shared.apply1(self, y, s) : nil,
    ]
  }
}

extension Tensor {
  /// `exp(x) / Σ exp(x)` along an axis; finite for every finite x. Whole numbers become float32.
  /// - Throws: an index error where there is no such axis.
  public func softmax(axis: Int = -1) throws -> Tensor {
    let axis = try shape.checkedAxis(axis)
    let result = try Engine.shared.apply1(Softmax(axis: axis, isLogarithm: false), try floatOperands([self])[0])
    return result
  }

  /// `x - log Σ exp(x)` along an axis.
  /// - Throws: an index error where there is no such axis.
  public func logSoftmax(axis: Int = -1) throws -> Tensor {
    let axis = try shape.checkedAxis(axis)
    return try Engine.shared.apply1(Softmax(axis: axis, isLogarithm: true), try floatOperands([self])[0])
  }
}

extension Array where Element == Int {
  /// The elements before, along and after an axis, as three sizes.
  func around(_ axis: Int) -> (outer: Int, along: Int, inner: Int) {
    (self[..<axis].reduce(1, *), self[axis], self[(axis + 1)...].reduce(1, *))
  }

  /// An axis counted from 0; negative ones count from the end.
  func checkedAxis(_ axis: Int) throws -> Int {
    let positive = axis < 0 ? axis + count : axis
    guard indices.contains(positive) else {
      throw TensorError(.index, "axis \(axis) does not exist in a tensor of shape \(shapeText)")
    }
    return positive
  }
}

extension UnsafePointer where Pointee == UnsafeMutableRawPointer {
  /// Argument `index` of a kernel, as the elements it holds.
  @inline(__always) func floats(_ index: Int) -> UnsafeMutablePointer<Float> {
    self[index].assumingMemoryBound(to: Float.self)
  }
  @inline(__always) func doubles(_ index: Int) -> UnsafeMutablePointer<Double> {
    self[index].assumingMemoryBound(to: Double.self)
  }
  @inline(__always) func int32s(_ index: Int) -> UnsafeMutablePointer<Int32> {
    self[index].assumingMemoryBound(to: Int32.self)
  }
  @inline(__always) func bytes(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    self[index].assumingMemoryBound(to: UInt8.self)
  }
}
