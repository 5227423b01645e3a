import FileFormats
import NeuralNetworks
import Tensors

/// Writes a model as ONNX, for other programs to run: as in use (dropout off, running statistics), in float32, for any
/// number of rows.
///
/// - Parameter inputShapes: the shape of one sample for each input.
/// - Throws: a value error that names the layer which ONNX cannot express; an io error.
public func exportOnnx(_ model: Layer, to path: String, inputShapes: [Shape]) throws {
  let bytes = try onnxModel(model, inputShapes: inputShapes)
  try withFiles(path) { try AtomicFile.write(bytes, to: path) }
}

/// The bytes of a model in ONNX form.
func onnxModel(_ model: Layer, inputShapes: [Shape]) throws -> [UInt8] {
  let exporter = OnnxExporter()
  let dtypes = model.builtSpecs?.map(\.dtype) ?? []
  let inputs = inputShapes.enumerated().map { index, shape in
    let isWhole = index < dtypes.count && dtypes[index] == .int32
    return OnnxGraph.Value(
      name: inputShapes.count == 1 ? "input" : "input_\(index + 1)", shape: shape, dtype: isWhole ? .int32 : .float32)
  }
  // Builds a model that has not been used, and refuses shapes that do not fit.
  _ = try model.outputShapes(samples: inputShapes)
  let results = try exporter.emit(model, inputs)
  let outputs = results.enumerated().map { index, value in
    var output = value
    output.name = results.count == 1 ? "output" : "output_\(index + 1)"
    exporter.graph.alias(value.name, output.name)
    return output
  }
  exporter.graph.prune(keeping: outputs.map(\.name))
  return exporter.graph.model(inputs: inputs, outputs: outputs)
}

extension OnnxGraph {
  /// Gives a value a second name.
  mutating func alias(_ name: String, _ other: String) {
    append(Node(operation: "Identity", inputs: [name], outputs: [other], attributes: []))
  }
}

/// Translates layers into ONNX operations.
final class OnnxExporter {
  typealias Value = OnnxGraph.Value
  var graph = OnnxGraph()

  /// What translates each layer of the catalogue; a layer that is not here cannot be expressed.
  private static func translator(_ name: String) -> ((OnnxExporter, Layer, [Value]) throws -> [Value])? {
    switch name {
    case "chain": { try $0.chain($1, $2) }
    case "model": { try $0.functional($1, $2) }
    case "dense": { [try $0.dense($1, $2[0])] }
    case "activation": { [try $0.activated($2[0], $1.configuration["activation"], $1)] }
    case "conv1d", "conv2d": { [try $0.convolution($1, $2[0])] }
    case "depthwise_conv2d": { [try $0.depthwise($1, $2[0])] }
    case "separable_conv2d": { [try $0.separable($1, $2[0])] }
    case "conv2d_transpose": { [try $0.transposedConvolution($1, $2[0])] }
    case "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d": { [try $0.pooling($1, $2[0])] }
    case "global_max_pool1d", "global_max_pool2d", "global_avg_pool1d", "global_avg_pool2d":
      { [try $0.globalPooling($1, $2[0])] }
    case "flatten", "reshape_to": { [try $0.reshaped($1, $2[0])] }
    case "permute": { [try $0.permuted($1, $2[0])] }
    case "upsample2d": { [try $0.upsampled($1, $2[0])] }
    case "zero_pad2d", "crop2d": { [try $0.margins($1, $2[0])] }
    case "repeat_vector": { [try $0.repeated($1, $2[0])] }
    case "dropout", "spatial_dropout2d", "gaussian_noise": { $2 }
    case "batch_norm": { [try $0.batchNorm($1, $2[0])] }
    case "layer_norm": { [try $0.layerNorm($1, $2[0])] }
    case "group_norm": { [try $0.groupNorm($1, $2[0])] }
    case "rms_norm": { [try $0.rmsNorm($1, $2[0])] }
    case "prelu": { [try $0.prelu($1, $2[0])] }
    case "simple_rnn", "lstm", "gru": { [try $0.recurrent($1, $2[0])] }
    case "bidirectional": { [try $0.bidirectional($1, $2[0])] }
    case "time_distributed": { [try $0.timeDistributed($1, $2[0])] }
    case "embedding": { [try $0.embedding($1, $2[0])] }
    case "positional_encoding": { [try $0.positionalEncoding($1, $2[0])] }
    case "attention": { [try $0.attention($1, $2)] }
    case "transformer_block": { [try $0.transformerBlock($1, $2[0])] }
    case "residual": { [try $0.residual($1, $2[0])] }
    case "parallel": { [try $0.parallel($1, $2[0])] }
    case "add", "concatenate", "multiply", "average": { [try $0.merged($2, $1.configuration.name, $1)] }
    default: nil
    }
  }

  /// Adds a layer's operations, and gives its results.
  func emit(_ layer: Layer, _ inputs: [Value]) throws -> [Value] {
    guard let translate = OnnxExporter.translator(layer.configuration.name) else { throw unsupported(layer) }
    return try translate(self, layer, inputs)
  }

  func emit(_ layer: Layer, _ input: Value) throws -> Value {
    let results = try emit(layer, [input])
    guard results.count == 1 else { throw unsupported(layer, "it gives \(results.count) results where one is wanted") }
    return results[0]
  }

  func unsupported(_ layer: Layer, _ reason: String? = nil) -> TensorError {
    TensorError(
      .value,
      "layer \(layer.name.map { "`\($0)` " } ?? "")\(layer.sourceText) cannot be written as ONNX\(reason.map { ": \($0)" } ?? "")"
    )
  }

  // MARK: What translators ask a layer

  func weight(_ layer: Layer, _ path: String) throws -> Tensor {
    guard let entry = layer.parameters.first(where: { $0.path == path }) else {
      throw unsupported(layer, "it has no weight `\(path)`")
    }
    return entry.parameter.value
  }

  func optionalWeight(_ layer: Layer, _ path: String) -> Tensor? {
    layer.parameters.first { $0.path == path }?.parameter.value
  }

  /// Sizes, one for each axis: a single number stands for all.
  func sizes(_ layer: Layer, _ name: String, axes: Int) -> [Int]? {
    if let number = number(layer, name).flatMap({ Int(exactly: $0) }) { return [Int](repeating: number, count: axes) }
    return layer.configuration[name]?.integers
  }

  func number(_ layer: Layer, _ name: String) -> Double? {
    if case .number(let number)? = layer.configuration[name] { return number }
    return nil
  }

  func text(_ layer: Layer, _ name: String) -> String? {
    if case .text(let text)? = layer.configuration[name] { return text }
    return nil
  }

  func flag(_ layer: Layer, _ name: String) -> Bool {
    if case .flag(true)? = layer.configuration[name] { return true }
    return false
  }

  /// The shape of a sample that a layer gives.
  func outputShape(_ layer: Layer, _ input: Value) throws -> Shape {
    guard let shape = try layer.outputShapes(samples: [input.shape], dtype: input.dtype).first else {
      throw unsupported(layer)
    }
    return shape
  }

  func part(_ layer: Layer, _ prefix: String) throws -> Layer {
    guard let child = layer.children.first(where: { $0.prefix == prefix }) else {
      throw unsupported(layer, "it has no part `\(prefix)`")
    }
    return child.layer
  }

  /// The value as floats: words and bools are converted.
  func float(_ value: Value) -> Value {
    guard value.dtype != .float32 else { return value }
    return Value(name: graph.add("Cast", [value.name], [("to", .integer(1))]), shape: value.shape)
  }
}
