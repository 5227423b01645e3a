import Tensors

/// An activation as a part of a chain.
public final class ActivationLayer: Layer {
  let activation: Activation

  public init(_ activation: Activation) {
    self.activation = activation
    super.init()
    configuration = Configuration("activation", settings: [("activation", .activation(activation))])
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    [try activation(inputs[0])]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
  public override var sourceText: String { activation.configuration.activationText }
}

extension Catalogue {
  /// Not a constructor of the language (an activation is written by its own name): for copies and files.
  static var activationLayer: Descriptor<Layer> {
    Descriptor(
      "activation", .layers, [ParameterDescription("activation", .activation)] + Layer.commonParameters,
      Documentation("An activation as a layer.", example: "dense(2) >> relu"),
      sample: [.activation(.linear)], sampleInputs: [[2, 3]]
    ) { try ActivationLayer($0.activation("activation")).named($0) }
  }
}
