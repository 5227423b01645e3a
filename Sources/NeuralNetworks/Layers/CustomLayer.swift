import Tensors

/// A layer made of two functions of the program: one makes the weights, one computes.
public final class CustomLayer: Layer {
  /// Weights by name for a sample's shape.
  public typealias Initialize = (_ sample: Shape) throws -> [(name: String, value: Tensor)]
  /// Weights and inputs to results.
  public typealias Compute = (_ weights: [(name: String, value: Tensor)], _ inputs: [Tensor], _ isTraining: Bool) throws
    -> [Tensor]

  private let initialize: Initialize?
  private let compute: Compute
  /// The result's sample shape where the program states it; checked against what comes.
  private let outputShape: ((Shape) throws -> Shape)?
  /// What the host holds behind it.
  public let payload: AnyObject?
  private let title: String

  public init(
    title: String = "layer", payload: AnyObject? = nil, initialize: Initialize?, compute: @escaping Compute,
    outputShape: ((Shape) throws -> Shape)? = nil
  ) {
    self.title = title
    self.payload = payload
    self.initialize = initialize
    self.compute = compute
    self.outputShape = outputShape
    super.init()
    configuration = Configuration(title)
  }

  public override var inputCount: ClosedRange<Int> { 1...64 }

  public override func check(_ inputs: [Spec]) throws {
    for input in inputs where input.rank < 1 {
      throw ShapeWords.rank(input, wanted: "a batch of samples")
    }
    if let first = builtSpecs?.first, !ownParameters.isEmpty, first.shape.dropFirst() != inputs[0].shape.dropFirst(),
      first.features != inputs[0].features
    {
      throw ShapeWords.features(inputs[0], wanted: first.features)
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    guard let initialize else { return }
    var names: Set<String> = []
    for (name, value) in try initialize(Array(inputs[0].shape.dropFirst())) {
      guard names.insert(name).inserted else { throw LayerFailure(.value, "makes `\(name)` twice") }
      guard value.dtype.isFloat else {
        throw LayerFailure(
          .type, "made `\(name)` of \(value.dtype.name), which cannot learn", hint: "weights are float32 or float64")
      }
      addParameter(name, value: value.spec.isWeak ? try value.cast(to: .float32) : value)
    }
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let outputs = try compute(ownParameters.map { ($0.name, $0.value) }, inputs, context.isTraining)
    if let outputShape, let output = outputs.first {
      let stated = try outputShape(Array(inputs[0].shape.dropFirst()))
      guard Array(output.shape.dropFirst()) == stated else {
        throw LayerFailure(
          .shape,
          "states the output shape \(stated.shapeText), and gave \(Array(output.shape.dropFirst()).shapeText) for each sample"
        )
      }
    }
    return outputs
  }

  public override func copied(_ copy: (Layer) throws -> Layer) throws -> Layer {
    let layer = CustomLayer(
      title: title, payload: payload, initialize: initialize, compute: compute, outputShape: outputShape)
    layer.configuration = configuration
    return layer
  }

  public override var sourceText: String { "\(title)()" }
}
