import FileFormats
import Foundation
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// A Python with packages for checks by other programs: the one that GLIA_PYTHON names, else python3. Where a package is
/// not installed the tests that need it are skipped.
enum Python {
  static let path = ProcessInfo.processInfo.environment["GLIA_PYTHON"] ?? "/usr/bin/python3"

  static func has(_ modules: String...) -> Bool {
    (try? run("import " + modules.joined(separator: ", ")))?.status == 0
  }

  static func run(_ program: String, _ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-c", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

@Suite(.serialized) struct OnnxTests {
  static let isChecked = Python.has("onnx", "onnxruntime", "numpy")
  /// Layers that ONNX cannot express; each is refused by name.
  static let refused: Set<String> = ["lambda", "layer"]

  /// Inputs on which a layer of the catalogue runs: small whole numbers for words, anything else for the others.
  static func inputs(_ descriptor: Descriptor<Layer>) throws -> [Tensor] {
    try descriptor.sampleInputs.enumerated().map { index, shape in
      let values = try RandomStream(seed: UInt64(5 + index)).uniforms(shape.reduce(1, *))
      let isWords = descriptor.name == "embedding"
      return try Tensor(values.map { isWords ? (3 * $0).rounded(.down) : 2 * $0 - 1 }, shape: shape, dtype: .float32)
    }
  }

  struct Example {
    var name: String
    var model: Layer
    var inputs: [Tensor]
  }

  /// Every layer that ONNX can express, with its sample setting and with others, and whole models.
  static func examples() throws -> [Example] {
    var examples: [Example] = []
    for descriptor in Catalogue.layers where !descriptor.sampleInputs.isEmpty && !refused.contains(descriptor.name) {
      examples.append(
        Example(name: descriptor.name, model: try descriptor.make(descriptor.sample), inputs: try inputs(descriptor)))
    }
    func add(_ name: String, _ layer: Layer, _ shape: Shape) throws {
      let values = try RandomStream(seed: 8).uniforms(shape.reduce(1, *)).map { 4 * $0 - 2 }
      examples.append(Example(name: name, model: layer, inputs: [try Tensor(values, shape: shape, dtype: .float32)]))
    }
    for activation in Catalogue.activations where activation.parameters.allSatisfy({ $0.defaultValue != nil }) {
      try add("activation_\(activation.name)", ActivationLayer(activation.make()), [3, 5])
    }
    let same = (name: "padding", value: Setting.text("same"))
    let strides = (name: "strides", value: Setting.number(2))
    try add(
      "conv2d_same",
      Make.layer("conv2d", [.number(3), .number(3)], [same, strides, ("activation", Make.activation("relu"))]),
      [2, 7, 6, 2])
    try add(
      "conv2d_dilated", Make.layer("conv2d", [.number(2), .number(2)], [("dilation", .number(2)), same]), [1, 5, 6, 2])
    try add(
      "conv1d_causal", Make.layer("conv1d", [.number(3), .number(3)], [("padding", .text("causal"))]), [2, 6, 2])
    try add(
      "conv2d_transpose_same", Make.layer("conv2d_transpose", [.number(3), .number(3)], [same, strides]), [1, 4, 3, 2])
    try add(
      "conv2d_transpose_wide", Make.layer("conv2d_transpose", [.number(2), .number(2)], [("strides", .number(3))]),
      [1, 3, 3, 2])
    try add(
      "depthwise_same", Make.layer("depthwise_conv2d", [.number(3)], [same, ("multiplier", .number(2))]), [1, 5, 5, 3])
    try add("avg_pool_same", Make.layer("avg_pool2d", [.number(3)], [same, strides]), [1, 5, 6, 2])
    try add("max_pool_same", Make.layer("max_pool2d", [.number(2)], [same]), [1, 5, 5, 2])
    try add("lstm_sequences", Make.layer("lstm", [.number(3)], [("return_sequences", .flag(true))]), [2, 4, 2])
    try add("gru_sequences", Make.layer("gru", [.number(3)], [("return_sequences", .flag(true))]), [2, 4, 2])
    try add(
      "attention_causal", Make.layer("attention", [.number(2)], [("causal", .flag(true)), ("dim", .number(3))]),
      [2, 4, 6])
    try add(
      "block_norm_last",
      Make.layer(
        "transformer_block", [.number(2), .number(5)], [("norm_first", .flag(false)), ("causal", .flag(true))]),
      [2, 4, 6])
    let image = Sequential([
      try Make.layer("conv2d", [.number(4), .number(3)], [("activation", Make.activation("relu"))]),
      try Make.layer("max_pool2d", [.number(2)]), try Make.layer("batch_norm"), try Make.layer("flatten"),
      try Make.layer("dropout", [.number(0.5)]), try Make.dense(3, "softmax"),
    ])
    try add("image_network", image, [2, 8, 8, 1])
    return examples
  }

  /// Weights that are not what layers start with, so that a wrong order shows.
  static func scramble(_ model: Layer) throws {
    for (index, entry) in model.parameters.enumerated() {
      let values = try RandomStream(seed: UInt64(40 + index)).uniforms(entry.parameter.count)
      let isSpread = entry.path.hasSuffix("variance")
      let tensor = try Tensor(
        values.map { isSpread ? $0 + 0.5 : $0 - 0.5 }, shape: entry.parameter.shape, dtype: .float32)
      try entry.parameter.set(tensor)
    }
  }

  @Test func layersBeyondOnnxAreRefusedByName() throws {
    let net = Sequential([try Make.dense(2), Lambda(TensorFunction(name: "twice") { $0 })])
    let error = #expect(throws: TensorError.self) { try onnxModel(net, inputShapes: [[3]]) }
    #expect(error?.message.contains("lambda") == true)
    let words = try Make.layer("embedding", [.number(4), .number(2)], [("mask_zero", .flag(true))])
    #expect(throws: TensorError.self) { try onnxModel(words, inputShapes: [[3]]) }
  }

  /// Every constructor of the catalogue is either written or refused on purpose.
  @Test func everyLayerIsWritten() throws {
    for example in try OnnxTests.examples() {
      _ = try example.model(example.inputs)
      let bytes = try onnxModel(example.model, inputShapes: example.inputs.map { Array($0.shape.dropFirst()) })
      #expect(bytes.count > 20, "\(example.name)")
    }
  }

  @Test(.enabled(if: isChecked, "needs onnx, onnxruntime and numpy: set GLIA_PYTHON to a Python that has them"))
  func onnxruntimeAgrees() throws {
    let folder = try TemporaryFolder()
    var count = 0
    for example in try OnnxTests.examples() {
      _ = try example.model(example.inputs)
      try OnnxTests.scramble(example.model)
      let outputs = try example.model(example.inputs)
      let stem = "\(folder.path)/\(example.name)"
      try exportOnnx(example.model, to: "\(stem).onnx", inputShapes: example.inputs.map { Array($0.shape.dropFirst()) })
      for (index, tensor) in example.inputs.enumerated() {
        try AtomicFile.write(NPY.write(tensor.rawArray()), to: "\(stem).in\(index).npy")
      }
      for (index, tensor) in outputs.enumerated() {
        try AtomicFile.write(NPY.write(tensor.cast(to: .float32).rawArray()), to: "\(stem).out\(index).npy")
      }
      count += 1
    }
    let result = try Python.run(OnnxTests.checker, folder.path)
    print("onnx: \(result.output.split(separator: "\n").last ?? "")")
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("\(count) models agree"))
  }

  static let checker = """
    import glob, sys, numpy, onnx, onnxruntime
    onnxruntime.set_default_logger_severity(3)
    bad, good = [], 0
    for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):
        stem = path[:-5]
        try:
            onnx.checker.check_model(onnx.load(path), full_check=True)
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            feeds = {x.name: numpy.load(f"{stem}.in{i}.npy").astype("int32" if "int32" in x.type else "float32") for i, x in enumerate(session.get_inputs())}
            for i, got in enumerate(session.run(None, feeds)):
                want = numpy.load(f"{stem}.out{i}.npy")
                if got.shape != want.shape or not numpy.allclose(got, want, rtol=1e-5, atol=1e-5):
                    bad.append(f"{stem.split('/')[-1]}: {got.shape} {want.shape} {abs(got - want).max() if got.shape == want.shape else ''}")
                    break
            else:
                good += 1
        except Exception as error:
            bad.append(f"{stem.split('/')[-1]}: {str(error)[:300]}")
    print("\\n".join(bad))
    print(good, "models agree,", len(bad), "do not")
    sys.exit(1 if bad else 0)
    """
}
