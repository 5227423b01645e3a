import FileFormats
import Tensors

/// A graph in the making, and its encoding as an ONNX model.
///
/// Source: onnx/onnx `onnx.proto` (IR version 8) and the operator set 17.
struct OnnxGraph {
  static let operatorSet = 17

  /// A value that flows through the graph.
  struct Value: Hashable {
    var name: String
    /// The shape of one sample, without the batch axis.
    var shape: Shape
    var dtype: DType = .float32
  }

  enum Attribute {
    case integer(Int)
    case float(Double)
    case text(String)
    case integers([Int])
    case texts([String])
  }

  struct Node {
    var operation: String
    var inputs: [String]
    var outputs: [String]
    var attributes: [(name: String, value: Attribute)]
  }

  private(set) var nodes: [Node] = []

  mutating func append(_ node: Node) { nodes.append(node) }

  private var constants: [(name: String, array: RawArray)] = []
  private var count = 0
  /// For a value with channels last the name of the same with channels first, where the graph already has it.
  var channelsFirst: [String: String] = [:]

  /// Adds an operation with one result, and gives the result's name.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [(name: String, value: Attribute)] = []
  ) -> String {
    add(operation, inputs, attributes, outputs: 1)[0]
  }

  /// Adds an operation with several results.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [(name: String, value: Attribute)], outputs: Int
  ) -> [String] {
    let names = (0..<outputs).map { _ in name(operation.lowercased()) }
    nodes.append(Node(operation: operation, inputs: inputs, outputs: names, attributes: attributes))
    return names
  }

  private mutating func name(_ word: String) -> String {
    count += 1
    return "\(word)_\(count)"
  }

  /// A constant of floats.
  mutating func floats(_ values: [Double], _ shape: Shape) throws -> String {
    try constant(RawArray(values.map { Float($0) }, shape: shape))
  }

  /// A constant of whole numbers, as shapes and axes are given.
  mutating func integers(_ values: [Int]) throws -> String {
    let bytes = values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    return try constant(RawArray(type: .int64, shape: [values.count], bytes: bytes))
  }

  /// A constant of a tensor, in float32.
  mutating func tensor(_ tensor: Tensor) throws -> String { try constant(tensor.cast(to: .float32).rawArray()) }

  private mutating func constant(_ array: RawArray) -> String {
    if let known = constants.first(where: { $0.array == array && array.bytes.count <= 64 }) { return known.name }
    let name = name("constant")
    constants.append((name, array))
    return name
  }

  /// Removes what no output needs.
  mutating func prune(keeping outputs: [String]) {
    var needed = Set(outputs)
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      kept.append(node)
      needed.formUnion(node.inputs)
    }
    nodes = kept.reversed()
    constants.removeAll { !needed.contains($0.name) }
  }

  // MARK: Encoding

  /// ModelProto { ir_version = 1; producer_name = 2; graph = 7; opset_import = 8 { domain = 1; version = 2 } }
  func model(inputs: [Value], outputs: [Value]) -> [UInt8] {
    var model = ProtobufWriter()
    model.integer(1, 8)
    model.string(2, "glia")
    model.message(7) { graph in
      for node in nodes { graph.message(1) { encode(node, &$0) } }
      graph.string(2, "glia")
      for constant in constants { graph.message(5) { encode(constant.array, constant.name, &$0) } }
      for input in inputs { graph.message(11) { encode(input, &$0) } }
      for output in outputs { graph.message(12) { encode(output, &$0) } }
    }
    model.message(8) { set in
      set.string(1, "")
      set.integer(2, OnnxGraph.operatorSet)
    }
    return model.bytes
  }

  /// NodeProto { input = 1; output = 2; name = 3; op_type = 4; attribute = 5 }
  private func encode(_ node: Node, _ writer: inout ProtobufWriter) {
    for input in node.inputs { writer.string(1, input) }
    for output in node.outputs { writer.string(2, output) }
    writer.string(3, node.outputs[0])
    writer.string(4, node.operation)
    for attribute in node.attributes { writer.message(5) { encode(attribute.name, attribute.value, &$0) } }
  }

  /// AttributeProto { name = 1; f = 2; i = 3; s = 4; ints = 8; strings = 9; type = 20 }
  private func encode(_ name: String, _ value: Attribute, _ writer: inout ProtobufWriter) {
    writer.string(1, name)
    switch value {
    case .float(let number):
      writer.float(2, Float(number))
      writer.integer(20, 1)
    case .integer(let number):
      writer.integer(3, number)
      writer.integer(20, 2)
    case .text(let text):
      writer.string(4, text)
      writer.integer(20, 3)
    case .integers(let numbers):
      for number in numbers { writer.integer(8, number) }
      writer.integer(20, 7)
    case .texts(let texts):
      for text in texts { writer.string(9, text) }
      writer.integer(20, 8)
    }
  }

  /// TensorProto { dims = 1; data_type = 2; name = 8; raw_data = 9 }
  private func encode(_ array: RawArray, _ name: String, _ writer: inout ProtobufWriter) {
    for size in array.shape { writer.integer(1, size) }
    writer.integer(2, array.type == .int64 ? 7 : 1)
    writer.string(8, name)
    writer.data(9, array.bytes)
  }

  /// ValueInfoProto { name = 1; type = 2 { tensor_type = 1 { elem_type = 1; shape = 2 { dim = 1 { dim_value = 1; dim_param = 2 } } } } }
  private func encode(_ value: Value, _ writer: inout ProtobufWriter) {
    writer.string(1, value.name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, value.dtype == .int32 ? 6 : value.dtype == .bool ? 9 : 1)
        tensor.message(2) { shape in
          shape.message(1) { $0.string(2, "batch") }
          for size in value.shape { shape.message(1) { $0.integer(1, size) } }
        }
      }
    }
  }
}
