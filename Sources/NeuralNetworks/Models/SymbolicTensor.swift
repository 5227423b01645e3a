import Tensors

/// A tensor of a functional model before there are data: what a node gives, known by shape alone.
public final class SymbolicTensor {
  public let node: GraphNode
  /// Which of the node's results.
  public let position: Int
  /// The abstract tensor, with `Layer.symbolicBatch` rows.
  public let tensor: Tensor

  init(node: GraphNode, position: Int, tensor: Tensor) {
    self.node = node
    self.position = position
    self.tensor = tensor
  }

  public var spec: Spec { tensor.spec }
  /// The shape of one sample.
  public var sampleShape: Shape { Array(spec.shape.dropFirst()) }

  /// `input(32)`: a model's input for samples of a shape.
  /// - Throws: a value error for a shape that cannot be.
  public static func input(_ sample: Shape, dtype: DType = .float32, name: String? = nil) throws -> SymbolicTensor {
    let shape = [Layer.symbolicBatch] + sample
    _ = try Limits.checkedCount(shape, dtype)
    let node = GraphNode(.input(sample, dtype, name: name), inputs: [])
    return node.giving([Tensor(abstract: Spec(dtype, shape))])[0]
  }

  /// Applies a layer to symbolic tensors: builds it where it is not built.
  public static func apply(_ layer: Layer, _ inputs: [SymbolicTensor]) throws -> [SymbolicTensor] {
    let outputs = try layer.withoutValues { try layer(inputs.map(\.tensor)) }
    return GraphNode(.layer(layer), inputs: inputs).giving(outputs)
  }

  /// Applies a named function with its other arguments; run on abstract tensors to learn the shapes.
  public static func apply(_ function: GraphFunction, _ inputs: [SymbolicTensor]) throws -> [SymbolicTensor] {
    do {
      let outputs = try AbstractRun.watch(forbidsEffects: false) { try function.body(inputs.map(\.tensor)) }
      return GraphNode(.function(function), inputs: inputs).giving(outputs)
    } catch is AbstractDataError {
      throw TensorError(
        .value, "\(function.name) needs the values of its input, and a symbolic input has none yet",
        hint: "call it on data")
    }
  }
}

/// A function in a functional model: a built-in with its settings.
public struct GraphFunction {
  /// As the program calls it: `concat`, `+`.
  public let name: String
  /// Its other arguments, for files; nil where they cannot be written down.
  public let arguments: ConfigValue?
  public let body: ([Tensor]) throws -> [Tensor]

  public init(_ name: String, arguments: ConfigValue?, _ body: @escaping ([Tensor]) throws -> [Tensor]) {
    self.name = name
    self.arguments = arguments
    self.body = body
  }
}

/// A step of a functional model.
public final class GraphNode {
  public enum Work {
    case input(Shape, DType, name: String?)
    case layer(Layer)
    case function(GraphFunction)
  }

  public let work: Work
  public let inputs: [SymbolicTensor]
  /// In the order of making, which is an order of computing.
  let number: Int
  /// How many results it gives.
  public private(set) var outputCount = 0
  nonisolated(unsafe) private static var made = 0

  init(_ work: Work, inputs: [SymbolicTensor]) {
    self.work = work
    self.inputs = inputs
    GraphNode.made += 1
    number = GraphNode.made
  }

  func giving(_ tensors: [Tensor]) -> [SymbolicTensor] {
    outputCount = tensors.count
    return tensors.enumerated().map { SymbolicTensor(node: self, position: $0.offset, tensor: $0.element) }
  }
}
