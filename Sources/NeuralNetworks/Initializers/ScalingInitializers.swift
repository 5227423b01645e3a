import Tensors

extension Catalogue {
  /// Random initializers whose scale follows the size of the kernel.
  static var scalingInitializers: [Descriptor<Initializer>] {
    let glorot = "Glorot and Bengio, AISTATS 2010"
    let he = "He, Zhang, Ren and Sun, ICCV 2015"
    let lecun = "LeCun, Bottou, Orr and Müller, 1998"
    return [
      scaled(
        "glorot_uniform", 1, .average, .uniform, "limit √(6 / (in + out))", glorot, "also known as xavier_uniform"),
      scaled(
        "glorot_normal", 1, .average, .truncatedNormal, "variance 2 / (in + out)", glorot, "also known as xavier_normal"
      ),
      scaled("he_uniform", 2, .input, .uniform, "limit √(6 / in)", he, "for relu; also known as kaiming_uniform"),
      scaled("he_normal", 2, .input, .truncatedNormal, "variance 2 / in", he, "for relu; also known as kaiming_normal"),
      scaled("lecun_uniform", 1, .input, .uniform, "limit √(3 / in)", lecun, "for selu and tanh"),
      scaled("lecun_normal", 1, .input, .truncatedNormal, "variance 1 / in", lecun, "for selu and tanh"),
      Descriptor(
        "variance_scaling", .initializers,
        [
          ParameterDescription("scale", .number(.positive), default: .number(1)),
          ParameterDescription("mode", .choice(Fan.allCases.map(\.rawValue)), default: .text("fan_in")),
          ParameterDescription(
            "distribution", .choice(Distribution.allCases.map(\.rawValue)), default: .text("truncated_normal")),
        ],
        Documentation(
          "Random numbers whose variance is scale / fan: the general form of glorot, he and lecun.",
          formula: "variance = scale / fan", source: he,
          example: "variance_scaling(scale: 2, mode: \"fan_out\")((3, 4)).shape  # (3, 4)")
      ) { arguments in
        let scale = try arguments.number("scale")
        let fan = Fan(rawValue: try arguments.text("mode")) ?? .input
        let distribution = Distribution(rawValue: try arguments.text("distribution")) ?? .truncatedNormal
        return Initializer { try varianceScaling($0, $1, scale, fan, distribution) }
      },
    ]
  }

  /// Which side's size sets the variance.
  enum Fan: String, CaseIterable {
    case input = "fan_in"
    case output = "fan_out"
    case average = "fan_avg"
  }

  enum Distribution: String, CaseIterable {
    case truncatedNormal = "truncated_normal"
    case normal = "untruncated_normal"
    case uniform
  }

  private static func scaled(
    _ name: String, _ scale: Double, _ fan: Fan, _ distribution: Distribution, _ formula: String, _ source: String,
    _ use: String
  ) -> Descriptor<Initializer> {
    let kind = distribution == .uniform ? "Uniform" : "Normal"
    return Descriptor(
      name, .initializers, [],
      Documentation(
        "\(kind) numbers scaled to the kernel's size, \(use).", formula: formula, source: source,
        example: "\(name)()((3, 4)).shape  # (3, 4)")
    ) { _ in Initializer { try varianceScaling($0, $1, scale, fan, distribution) } }
  }

  private static func varianceScaling(
    _ shape: Shape, _ dtype: DType, _ scale: Double, _ fan: Fan, _ distribution: Distribution
  ) throws -> Tensor {
    let (input, output) = fans(of: shape)
    let size =
      switch fan {
      case .input: input
      case .output: output
      case .average: (input + output) / 2
      }
    let variance = scale / max(1, size)
    switch distribution {
    case .uniform:
      let limit = (3 * variance).squareRoot()
      return try uniform(shape, dtype, -limit, limit)
    case .normal: return try Tensor.randomNormal(shape, dtype) * variance.squareRoot()
    case .truncatedNormal:
      // A normal cut at two deviations has 0.87962566103423978 of its deviation: widened to keep the variance.
      return try Tensor.randomTruncatedNormal(shape, dtype) * (variance.squareRoot() / 0.87962566103423978)
    }
  }
}
