import Tensors

/// Drops values at random while training; the kept ones are divided by the share kept.
public final class Dropout: Layer {
  let rate: Double
  /// True where whole channels of an image fall together.
  let isSpatial: Bool

  init(rate: Double, isSpatial: Bool = false) {
    self.rate = rate
    self.isSpatial = isSpatial
  }

  public override func check(_ inputs: [Spec]) throws {
    if isSpatial { try ShapeWords.images(inputs[0]) }
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard context.isTraining, rate > 0 else { return inputs }
    let x = inputs[0].dtype.isFloat ? inputs[0] : try inputs[0].cast(to: .float32)
    return [try Dropout.apply(x, rate: rate, shape: isSpatial ? [x.shape[0], 1, 1, x.shape[3]] : nil)]
  }

  /// Sets a share of the values to 0 and divides the others by the share kept. Values that fall together share a place
  /// of `shape`.
  static func apply(_ x: Tensor, rate: Double, shape: Shape? = nil) throws -> Tensor {
    let keep = try Tensor.random(shape ?? x.shape, .float32).greaterEqual(Tensor.number(rate)).cast(to: x.dtype)
    return try x * (keep * (1 / (1 - rate)))
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

/// Adds normal noise while training.
public final class GaussianNoise: Layer {
  let deviation: Double

  init(deviation: Double) { self.deviation = deviation }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard context.isTraining, deviation > 0 else { return inputs }
    let x = inputs[0].dtype.isFloat ? inputs[0] : try inputs[0].cast(to: .float32)
    return [try x + Tensor.randomNormal(x.shape, x.dtype) * deviation]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var noiseLayers: [Descriptor<Layer>] {
    let rate = ParameterDescription("rate", .number(.fraction), "the share that is dropped")
    return [
      Descriptor(
        "dropout", .layers, [rate] + Layer.commonParameters,
        Documentation(
          "While training, sets values to 0 at random, so that no unit relies on one other.",
          details:
            "The kept values are divided by 1 - rate; outside training nothing happens. `fit` trains; in a loop of your own "
            + "call the model as `net(x, training: true)`.",
          formula: "x·m / (1 - rate), m is 1 with probability 1 - rate, else 0", shapes: "any → the same",
          source: "Srivastava and others, JMLR 2014", example: "dropout(0.5)([[1, 2]])  # [[1, 2]]"),
        sample: [.number(0.5)], sampleInputs: [[2, 4]]
      ) { try Dropout(rate: $0.number("rate")).named($0) },
      Descriptor(
        "spatial_dropout2d", .layers, [rate] + Layer.commonParameters,
        Documentation(
          "While training, drops whole channels of images at random.",
          formula: "x·m[channel] / (1 - rate), m is 1 with probability 1 - rate, else 0",
          shapes: "(rows, columns, channels) → the same",
          source: "Tompson and others, CVPR 2015",
          example: "spatial_dropout2d(0.5)(ones(1, 2, 2, 3)).shape  # (1, 2, 2, 3)"),
        sample: [.number(0.5)], sampleInputs: [[2, 2, 3, 2]]
      ) { try Dropout(rate: $0.number("rate"), isSpatial: true).named($0) },
      Descriptor(
        "gaussian_noise", .layers, [ParameterDescription("std", .number(.notNegative))] + Layer.commonParameters,
        Documentation(
          "While training, adds normal noise.", formula: "x + std·n, n standard normal", shapes: "any → the same",
          source: "Bishop, 1995", example: "gaussian_noise(1)([[1, 2]])  # [[1, 2]]"),
        sample: [.number(0.5)], sampleInputs: [[2, 4]]
      ) { try GaussianNoise(deviation: $0.number("std")).named($0) },
    ]
  }
}
