import Tensors

/// A function of the program as a layer without parameters.
public final class Lambda: Layer {
  let function: TensorFunction

  public init(_ function: TensorFunction) {
    self.function = function
    super.init()
    configuration = Configuration("lambda", settings: [("f", .function(function))])
  }

  public override var inputCount: ClosedRange<Int> { 1...64 }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    try function.body(inputs)
  }
}
