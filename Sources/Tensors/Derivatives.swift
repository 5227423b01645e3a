/// Derivatives of functions of tensors, on top of the tape.
public enum Derivatives {
  /// The value of `f` at `x` and its gradients; zeros where the value does not depend on a tensor.
  /// - Throws: a shape error where the value has more than one element.
  public static func valueAndGradients(at x: [Tensor], _ f: ([Tensor]) throws -> Tensor) throws -> (
    value: Tensor, gradients: [Tensor]
  ) {
    let (value, gradients) = try Engine.shared.tape.gradients(
      of: x,
      loss: { (value: Tensor) in
        guard value.count == 1 else {
          throw TensorError(
            .shape, "a gradient is taken of a single value, and the result has shape \(value.shape.shapeText)",
            hint: "`sum` or `mean` it, or use `jacobian`")
        }
        return value
      }, f)
    return (value, try zip(x, gradients).map { variable, gradient in try gradient ?? Tensor.zerosLike(variable) })
  }

  /// The gradient of a function of one tensor.
  public static func gradient(at x: Tensor, _ f: (Tensor) throws -> Tensor) throws -> Tensor {
    try valueAndGradients(at: [x]) { try f($0[0]) }.gradients[0]
  }

  /// All derivatives of all elements of `f(x)`: shape of the value, then shape of `x`.
  public static func jacobian(at x: Tensor, _ f: (Tensor) throws -> Tensor) throws -> Tensor {
    try Engine.shared.tape.withPullback(of: [x], { try f($0[0]) }) { value, products in
      try MemoryPool.shared.check(Limits.checkedCount(value.shape + x.shape, x.dtype), elementsOf: x.dtype.size)
      var rows: [Tensor] = []
      let count = value.count
      for index in 0..<count {
        let seed = try Tensor.zeros([count], value.dtype)
        try seed.set(1, at: index)
        let shaped = try seed.reshape(value.shape).converted(to: value.dtype, isWeak: value.spec.isWeak)
        rows.append(try products(shaped)[0] ?? Tensor.zerosLike(x))
      }
      if rows.isEmpty { return try Tensor.zeros(value.shape + x.shape, x.dtype) }
      return try Tensor.stack(rows).reshape(value.shape + x.shape)
    }
  }

  /// The second derivatives of a function with a single value: shape of `x`, twice.
  public static func hessian(at x: Tensor, _ f: (Tensor) throws -> Tensor) throws -> Tensor {
    try jacobian(at: x) { inner in try gradient(at: inner, f) }
  }

  /// How an analytic gradient compares with central differences.
  public struct Check {
    public let analytic: Tensor
    public let numeric: Tensor
    /// The largest `|analytic - numeric| / max(1, |analytic|, |numeric|)`.
    public let largestError: Double
  }

  /// Compares the gradients of `f` at `x` with central differences, both in float64.
  public static func check(at x: [Tensor], step: Double = 1e-5, _ f: ([Tensor]) throws -> Tensor) throws -> [Check] {
    let wide = try x.map { try $0.stopGradient().converted(to: .float64, isWeak: $0.spec.isWeak) }
    let gradients = try valueAndGradients(at: wide, f).gradients
    return try wide.indices.map { index in
      let numeric = try differences(of: f, at: wide, variable: index, step: step)
      let analytic = gradients[index]
      let error = zip(try analytic.doubles(), try numeric.doubles()).reduce(0.0) { worst, pair in
        let scale = max(1, abs(pair.0), abs(pair.1))
        let own = abs(pair.0 - pair.1) / scale
        return own.isNaN ? .infinity : max(worst, own)
      }
      return Check(analytic: analytic, numeric: numeric, largestError: error)
    }
  }

  /// `(f(x + h) - f(x - h)) / 2h` for each element of one variable.
  private static func differences(
    of f: ([Tensor]) throws -> Tensor, at x: [Tensor], variable: Int, step: Double
  ) throws -> Tensor {
    let values = try x[variable].doubles()
    let spec = x[variable].spec
    func value(_ changed: [Double]) throws -> Double {
      var inputs = x
      inputs[variable] = try Tensor(changed, shape: spec.shape, dtype: spec.dtype).converted(
        to: spec.dtype, isWeak: spec.isWeak)
      return try f(inputs).item()
    }
    let slopes = try values.indices.map { index in
      let h = step * max(1, abs(values[index]))
      var (up, down) = (values, values)
      up[index] += h
      down[index] -= h
      return (try value(up) - value(down)) / (up[index] - down[index])
    }
    return try Tensor(slopes, shape: spec.shape, dtype: .float64)
  }
}

extension Tensor {
  /// Sets one element of a tensor that nobody else has seen yet.
  func set(_ value: Double, at index: Int) throws {
    let single = try Tensor.scalar(value, dtype)
    StridedCopy.run(
      dtype, sizes: [1], to: try data(), offset: index, steps: [1], from: try single.data(), fromSteps: [1])
  }
}
