import Tensors

/// A relu whose slope for negative values is learnt, one for each position of a sample.
public final class PReLU: Layer {
  private let initializer: Initializer
  private var alpha: Parameter?

  init(_ arguments: Arguments) throws { initializer = try arguments.initializer("alpha_init") }

  public override func check(_ inputs: [Spec]) throws {
    guard inputs[0].rank >= 2 else { throw ShapeWords.rank(inputs[0], wanted: "a batch of samples") }
    if let alpha, alpha.shape != Array(inputs[0].shape.dropFirst()) {
      throw LayerFailure(
        .shape, "has slopes for samples of shape \(alpha.shape.shapeText), and got \(ShapeWords.described(inputs[0]))")
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    alpha = try addParameter("alpha", Array(inputs[0].shape.dropFirst()), inputs[0].parameterDType, initializer)
  }

  override func unbuild() {
    super.unbuild()
    alpha = nil
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let alpha else { return inputs }
    return [try inputs[0].relu() - alpha.value * (-inputs[0]).relu()]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var prelu: Descriptor<Layer> {
    Descriptor(
      "prelu", .layers,
      [ParameterDescription("alpha_init", .initializer, default: .initializer(.zeros))] + Layer.commonParameters,
      Documentation(
        "A relu with a learnt slope for negative values, one for each position of a sample.",
        formula: "x where x > 0, else alpha·x", shapes: "any → the same; alpha like a sample",
        source: "He, Zhang, Ren and Sun, ICCV 2015", example: "prelu()([[-1, 2]])  # [[0, 2]]"),
      sampleInputs: [[2, 3]]
    ) { try PReLU($0).named($0) }
  }
}
