import Interpreter
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of each element: a number gives a number in 64 bits, a tensor a tensor of its shape.
func registerElementwise(_ catalogue: inout Catalogue) {
  let floats = "An int32 or bool tensor gives float32."
  catalogue.elementwise("exp", "eˣ of each element. \(floats)", "exp(0)  # 1", exp) { try $0.exp() }
  catalogue.elementwise(
    "log", "The natural logarithm of each element: `-inf` at 0, `nan` below. \(floats)", "log(1)  # 0", log
  ) {
    try $0.log()
  }
  catalogue.elementwise("log2", "The logarithm to base 2 of each element. \(floats)", "log2(8)  # 3", log2) {
    try $0.log2()
  }
  catalogue.elementwise("log10", "The logarithm to base 10 of each element. \(floats)", "log10(1000)  # 3", log10) {
    try $0.log10()
  }
  catalogue.elementwise("log1p", "log(1 + x), exact for small x. \(floats)", "log1p(0)  # 0", log1p) { try $0.log1p() }
  catalogue.elementwise("expm1", "eˣ - 1, exact for small x. \(floats)", "expm1(0)  # 0", expm1) { try $0.expm1() }
  catalogue.elementwise("sqrt", "The square root of each element; `nan` below 0. \(floats)", "sqrt(16)  # 4", sqrt) {
    try $0.sqrt()
  }
  catalogue.elementwise(
    "abs", "The size of each element without its sign. The gradient at 0 is 0.", "abs(-3)  # 3", fabs
  ) {
    try $0.abs()
  }
  catalogue.elementwise(
    "sign", "-1, 0 or 1 for each element. Its gradient is 0.", "sign(-4)  # -1", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
  ) { try $0.sign() }
  catalogue.elementwise("sin", "The sine of each element, in radians.", "sin(0)  # 0", sin) { try $0.sin() }
  catalogue.elementwise("cos", "The cosine of each element, in radians.", "cos(0)  # 1", cos) { try $0.cos() }
  catalogue.elementwise("tan", "The tangent of each element, in radians.", "tan(0)  # 0", tan) { try $0.tan() }
  catalogue.elementwise("asin", "The angle in radians whose sine is x; `nan` outside -1 to 1.", "asin(0)  # 0", asin) {
    try $0.asin()
  }
  catalogue.elementwise("acos", "The angle in radians whose cosine is x; `nan` outside -1 to 1.", "acos(1)  # 0", acos)
  {
    try $0.acos()
  }
  catalogue.elementwise("atan", "The angle in radians whose tangent is x.", "atan(0)  # 0", atan) { try $0.atan() }
  catalogue.elementwise("sinh", "The hyperbolic sine: (eˣ - e⁻ˣ)/2.", "sinh(0)  # 0", sinh) { try $0.sinh() }
  catalogue.elementwise("cosh", "The hyperbolic cosine: (eˣ + e⁻ˣ)/2.", "cosh(0)  # 1", cosh) { try $0.cosh() }
  catalogue.elementwise("erf", "The error function: 2/√π ∫₀ˣ e^(-t²) dt.", "erf(0)  # 0", erf) { try $0.erf() }
  catalogue.elementwise("floor", "The next whole number below. Its gradient is 0.", "floor(-2.5)  # -3", floor) {
    try $0.floor()
  }
  catalogue.elementwise("ceil", "The next whole number above. Its gradient is 0.", "ceil(2.1)  # 3", ceil) {
    try $0.ceil()
  }
  registerRounding(&catalogue)
  registerTests(&catalogue)
  registerPairs(&catalogue)
}

private func registerRounding(_ catalogue: inout Catalogue) {
  catalogue.add(
    "round", "(x, digits = 0)", .elementwise,
    """
    The nearest whole number, or the nearest number with so many digits after the point (negative: tens, hundreds); a \
    half goes to the even neighbour. Its gradient is 0.
    """, example: "round(3.14159, 2)  # 3.14", onNumber: rint
  ) { a, _ in
    let digits = try a.integer(1, in: -30...30)
    let unit = pow(10, Double(abs(digits)))
    if case .number(let x) = a[0] {
      let rounded = digits < 0 ? rint(x / unit) * unit : rint(x * unit) / unit
      return .number(rounded.isFinite ? rounded : x)
    }
    let x = try a.tensor(0)
    if digits == 0 || digits > 0 && x.dtype == .int32 { return .tensor(try x.round()) }
    return .tensor(digits < 0 ? try (x / unit).round() * unit : try (x * unit).round() / unit)
  }
}

/// `isnan`, `isfinite`: bools.
private func registerTests(_ catalogue: inout Catalogue) {
  catalogue.add(
    "isnan", "(x)", .elementwise, "True where an element is not a number.", example: "isnan(0 / 0)  # true"
  ) { a, _ in
    if case .number(let x) = a[0] { return .bool(x.isNaN) }
    return .tensor(try a.tensor(0).isNaN())
  }
  catalogue.add(
    "isfinite", "(x)", .elementwise, "True where an element is neither infinite nor `nan`.",
    example: "isfinite(1 / 0)  # false"
  ) { a, _ in
    if case .number(let x) = a[0] { return .bool(x.isFinite) }
    return .tensor(try a.tensor(0).isFinite())
  }
}

/// Functions of two arguments, and `clip`.
private func registerPairs(_ catalogue: inout Catalogue) {
  catalogue.add(
    "maximum", "(a, b)", .elementwise,
    "The larger of two elements at each place; `nan` wins. Ties share the gradient evenly.",
    example: "maximum(2, 3)  # 3"
  ) { a, _ in
    if case .number(let x) = a[0], case .number(let y) = a[1] { return .number(x.isNaN || x > y ? x : y) }
    return .tensor(try Tensor.maximum(a.tensor(0), a.tensor(1)))
  }
  catalogue.add(
    "minimum", "(a, b)", .elementwise,
    "The smaller of two elements at each place; `nan` wins. Ties share the gradient evenly.",
    example: "minimum(2, 3)  # 2"
  ) { a, _ in
    if case .number(let x) = a[0], case .number(let y) = a[1] { return .number(x.isNaN || x < y ? x : y) }
    return .tensor(try Tensor.minimum(a.tensor(0), a.tensor(1)))
  }
  catalogue.add(
    "atan2", "(y, x)", .elementwise, "The angle in radians, from -π to π, of the point (x, y).",
    example: "atan2(0, 1)  # 0"
  ) { a, _ in
    if case .number(let y) = a[0], case .number(let x) = a[1] { return .number(Numbers.atan2(y, x)) }
    return .tensor(try Tensor.atan2(a.tensor(0), a.tensor(1)))
  }
  catalogue.add(
    "clip", "(x, lo, hi)", .elementwise,
    "Each element moved into `lo` to `hi`. The gradient is 1 inside and at the bounds, 0 outside.",
    example: "clip(12, 0, 10)  # 10"
  ) { a, _ in
    let (low, high) = (try a.number(1), try a.number(2))
    guard low <= high else {
      throw RuntimeError(.value, "`clip` wants lo ≤ hi, and got \(shortText(a[1])) and \(shortText(a[2]))")
    }
    if case .number(let x) = a[0] { return .number(x.isNaN ? x : min(max(x, low), high)) }
    return .tensor(try a.tensor(0).clip(low, high))
  }
}

/// Names that the module's own functions hide.
enum Numbers {
  static func atan2(_ y: Double, _ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.atan2(y, x)
    #else
      Darwin.atan2(y, x)
    #endif
  }
}

extension Catalogue {
  /// A function of each element: one body for numbers, one for tensors.
  mutating func elementwise(
    _ name: String, _ documentation: String, _ example: String, family: Family = .elementwise,
    _ number: @escaping (Double) -> Double, _ tensor: @escaping (Tensor) throws -> Tensor
  ) {
    add(name, "(x)", family, documentation, example: example, onNumber: number) { a, _ in
      if case .number(let x) = a[0] { return .number(number(x)) }
      return .tensor(try tensor(a.tensor(0)))
    }
  }
}
