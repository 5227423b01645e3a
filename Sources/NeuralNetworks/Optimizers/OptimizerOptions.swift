import Tensors

/// What every optimizer can do beside its rule.
public struct OptimizerOptions {
  /// Each step first takes this share of the rate off the weights.
  public let weightDecay: Double?
  public let clipNorm: Double?
  public let clipValue: Double?
  public let globalClipNorm: Double?
  /// The momentum of the average of the weights.
  public let average: Double?
  /// Every so many steps the weights become their average.
  public let averageEvery: Int?

  init(_ arguments: Arguments) throws {
    weightDecay = try arguments.optionalNumber("weight_decay")
    clipNorm = try arguments.optionalNumber("clip_norm")
    clipValue = try arguments.optionalNumber("clip_value")
    globalClipNorm = try arguments.optionalNumber("global_clip_norm")
    average = try arguments.optionalNumber("ema")
    averageEvery = try arguments.optionalInteger("ema_every")
    if [clipNorm, clipValue, globalClipNorm].compactMap({ $0 }).count > 1 {
      throw TensorError(
        .value, "\(arguments.constructor) takes one of `clip_norm`, `clip_value` and `global_clip_norm` at a time")
    }
    if averageEvery != nil, average == nil {
      throw TensorError(.value, "\(arguments.constructor) got `ema_every` without `ema`", hint: "for example ema: 0.99")
    }
  }

  /// The parameters, for a constructor's list.
  static func parameters(weightDecay: Double? = nil) -> [ParameterDescription] {
    [
      ParameterDescription(
        "weight_decay", .optional(.number(.notNegative)), default: weightDecay.map(Setting.number) ?? Setting.none,
        "decoupled: w -= rate·weight_decay·w first"),
      ParameterDescription(
        "clip_norm", .optional(.number(.positive)), default: Setting.none, "the largest norm of one weight's gradient"),
      ParameterDescription(
        "clip_value", .optional(.number(.positive)), default: Setting.none,
        "the largest size of one number of a gradient"),
      ParameterDescription(
        "global_clip_norm", .optional(.number(.positive)), default: Setting.none,
        "the largest norm of all gradients together"),
      ParameterDescription(
        "ema", .optional(.number(.fraction)), default: Setting.none,
        "momentum of an average of the weights, which takes their place when training ends"),
      ParameterDescription(
        "ema_every", .optional(.integer(from: 1)), default: Setting.none, "and after every so many steps"),
    ]
  }

  /// Gradients no larger than allowed.
  func clip(_ gradients: [Tensor]) throws -> [Tensor] {
    if let clipValue { return try gradients.map { try $0.clip(-clipValue, clipValue) } }
    if let clipNorm {
      return try gradients.map {
        try $0 * (clipNorm / Tensor.maximum($0.square().sum().sqrt(), Tensor.number(clipNorm)))
      }
    }
    guard let globalClipNorm, let first = gradients.first else { return gradients }
    var squares = try first.square().sum()
    for gradient in gradients.dropFirst() { squares = try squares + gradient.square().sum() }
    let factor = try globalClipNorm / Tensor.maximum(squares.sqrt(), Tensor.number(globalClipNorm))
    return try gradients.map { try $0 * factor }
  }
}

extension Catalogue {
  /// `rate:`, first in every optimizer.
  static func rate(_ value: Double) -> ParameterDescription {
    ParameterDescription("rate", .rate, default: .number(value), "the learning rate: a number or a schedule")
  }

  static func epsilon(_ value: Double = 1e-7) -> ParameterDescription {
    ParameterDescription("epsilon", .number(.positive), default: .number(value), "keeps a division from failing")
  }

  static func share(_ name: String, _ value: Double, _ meaning: String = "") -> ParameterDescription {
    ParameterDescription(name, .number(.fraction), default: .number(value), meaning)
  }
}
