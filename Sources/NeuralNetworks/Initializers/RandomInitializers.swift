import Tensors

extension Catalogue {
  /// Initializers that draw from the session's generator.
  static var randomInitializers: [Descriptor<Initializer>] {
    let deviation = ParameterDescription("std", .number(.notNegative), default: .number(0.05), "the standard deviation")
    return [
      Descriptor(
        "uniform_init", .initializers,
        [
          ParameterDescription("lo", .number(.any), default: .number(-0.05)),
          ParameterDescription("hi", .number(.any), default: .number(0.05)),
        ],
        Documentation(
          "Uniform numbers between two bounds.", formula: "w ~ U(lo, hi)",
          example: "uniform_init(-1, 1)((2,)).shape  # (2,)")
      ) { arguments in
        let (low, high) = (try arguments.number("lo"), try arguments.number("hi"))
        guard low <= high else {
          throw TensorError(.value, "uniform_init wants `lo` at most `hi`, and got \(low) and \(high)")
        }
        return Initializer { try uniform($0, $1, low, high) }
      },
      Descriptor(
        "normal_init", .initializers, [deviation],
        Documentation(
          "Normal numbers around 0.", formula: "w ~ N(0, std²)", example: "normal_init(0.1)((2,)).shape  # (2,)")
      ) { arguments in
        let std = try arguments.number("std")
        return Initializer { try Tensor.randomNormal($0, $1) * std }
      },
      Descriptor(
        "truncated_normal_init", .initializers, [deviation],
        Documentation(
          "Normal numbers around 0, none further than two standard deviations.",
          details: "`std` names the uncut normal; what comes has 0.8796 of it.",
          formula: "w ~ N(0, std²), given |w| ≤ 2·std",
          example: "truncated_normal_init(0.1)((2,)).shape  # (2,)")
      ) { arguments in
        let std = try arguments.number("std")
        return Initializer { try Tensor.randomTruncatedNormal($0, $1) * std }
      },
      Descriptor(
        "orthogonal", .initializers, [ParameterDescription("gain", .number(.any), default: .number(1))],
        Documentation(
          "A random matrix with orthonormal rows or columns; all axes but the last count as rows.",
          details:
            "Keeps the length of a recurrent layer's state. It is the orthogonal factor of a normal matrix, with "
            + "signs that make it uniform among all of them.",
          formula: "w.T @ w = gain²·I (w @ w.T where it is wide)", source: "Saxe, McClelland and Ganguli, ICLR 2014",
          example: "orthogonal()((3, 3)).shape  # (3, 3)")
      ) { arguments in
        let gain = try arguments.number("gain")
        return Initializer { try orthogonal($0, $1, gain: gain) }
      },
    ]
  }

  static func uniform(_ shape: Shape, _ dtype: DType, _ low: Double, _ high: Double) throws -> Tensor {
    try Tensor.random(shape, dtype) * (high - low) + low
  }

  private static func orthogonal(_ shape: Shape, _ dtype: DType, gain: Double) throws -> Tensor {
    guard shape.count >= 2 else {
      throw TensorError(
        .shape, "orthogonal makes tensors with two axes or more, and was asked for shape \(shape.shapeText)")
    }
    let columns = shape[shape.count - 1]
    let rows = shape.dropLast().reduce(1, *)
    let normal = try Tensor.randomNormal([max(rows, columns), min(rows, columns)], .float64)
    let (q, r) = try normal.qr()
    let diagonal = try r.diag()
    let signs = try Tensor.where(diagonal.less(Tensor.number(0)), Tensor.number(-1), Tensor.number(1))
    var matrix = try q * signs
    if rows < columns { matrix = try matrix.transpose() }
    return try (matrix * gain).reshape(shape).cast(to: dtype)
  }
}
