import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite(.serialized) struct ModelFileTests {
  /// Every layer that the catalogue can make comes back from a file as it was.
  @Test func everyLayerRoundTrips() throws {
    let folder = try TemporaryFolder()
    var count = 0
    for descriptor in Catalogue.layers where !descriptor.sampleInputs.isEmpty {
      let layer = try descriptor.make(descriptor.sample)
      let inputs = try descriptor.sampleInputs.map { shape in
        // Whole numbers, so that layers of words can look them up.
        try Tensor(
          RandomStream(seed: 5).uniforms(shape.reduce(1, *)).map { (3 * $0).rounded(.down) }, shape: shape,
          dtype: .float32)
      }
      let path = "\(folder.path)/\(descriptor.name).safetensors"
      let want = try layer(inputs)
      do {
        try ModelFile.save(layer, to: path)
      } catch let error as TensorError where error.message.contains("cannot be written") {
        #expect(["lambda", "layer"].contains(descriptor.name), "\(error.message)")
        continue
      }
      let (back, optimizer) = try ModelFile.load(path)
      #expect(optimizer == nil && back.sourceText == layer.sourceText, "\(back.sourceText)")
      for (got, want) in zip(try back(inputs), want) {
        let same = try got.doubles() == want.doubles()
        #expect(same, "\(descriptor.name)")
      }
      count += 1
    }
    print("model files: \(count) layers round trip")
    #expect(count >= 2)
  }

  @Test func modelsKeepNamesSharingAndFreezing() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/net.safetensors"
    let shared = try Make.dense(3, "tanh", [("name", .text("twice"))])
    let frozen = try Make.dense(3, "relu")
    frozen.isTrainable = false
    let net = Sequential([shared, shared, frozen, try Make.dense(1)])
    let x = try DataTests.matrix(4, 3)
    let want = try net(x).doubles()
    try ModelFile.save(net, to: path)
    let (back, _) = try ModelFile.load(path)
    let parts = try #require(back as? Sequential).parts
    #expect(parts[0] === parts[1] && parts[0].name == "twice" && !parts[2].isTrainable && parts[3].isTrainable)
    #expect(try back(x).doubles() == want)
    #expect(back.parameterCount == net.parameterCount)
  }

  /// Training that goes on with a loaded model and optimizer equals training that never stopped.
  @Test func optimizersComeBackWithTheirMemory() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/net.safetensors"
    let net = try Line.net()
    let optimizer = try CheckpointTests.optimizer()
    var options = Line.options(2)
    options.shuffle = false
    _ = try Line.train(net, options, optimizer: optimizer)
    try ModelFile.save(net, to: path, optimizer: optimizer)
    let (back, loaded) = try ModelFile.load(path)
    #expect(loaded?.stepCount == optimizer.stepCount)
    let first = try Line.train(net, options, optimizer: optimizer)
    let second = try Line.train(back, options, optimizer: loaded)
    #expect(first.history == second.history)
  }

  @Test func loadingLeavesTheRandomNumbersAlone() throws {
    let folder = try TemporaryFolder()
    let net = try Line.net()
    _ = try net(DataTests.matrix(2, 3))
    try ModelFile.save(net, to: "\(folder.path)/n.safetensors")
    let before = Generator.shared.state
    _ = try ModelFile.load("\(folder.path)/n.safetensors")
    #expect(Generator.shared.state == before)
  }

  @Test func weightsByNameReportEveryMismatch() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/other.safetensors"
    let items = [
      Safetensors.Item(name: "fc1.weight", array: try RawArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])),
      Safetensors.Item(name: "fc1.bias", array: try RawArray([7, 8] as [Float], shape: [2])),
      Safetensors.Item(name: "extra", array: try RawArray([0] as [Float], shape: [1])),
    ]
    try AtomicFile.write(Safetensors(items: items).serialized(), to: path)
    let net = Sequential([try Make.dense(2)])
    _ = try net(DataTests.matrix(1, 3))
    let report = try loadWeights(net, from: path, map: ["0.kernel": "fc1.weight.T", "0.bias": "fc1.bias"])
    #expect(report.loaded == ["0.kernel", "0.bias"] && report.unused == ["extra"] && report.isClean)
    #expect(try net.parameters[0].parameter.value.doubles() == [1, 4, 2, 5, 3, 6])
    let before = try CheckpointTests.weights(net)
    let error = #expect(throws: TensorError.self) { try loadWeights(net, from: path, map: ["0.kernel": "fc1.weight"]) }
    for part in ["0.kernel", "3×2", "2×3", "fc1.weight.T", "0.bias", "extra"] {
      #expect(error?.message.contains(part) == true, "\(part)")
    }
    #expect(try CheckpointTests.weights(net) == before)
    let partial = try loadWeights(net, from: path, map: ["0.bias": "fc1.bias"], partial: true)
    #expect(partial.loaded == ["0.bias"] && partial.missing == ["0.kernel"])
    let structure = #expect(throws: TensorError.self) { try ModelFile.load(path) }
    #expect(structure?.hint?.contains("load_weights") == true)
    #expect(throws: TensorError.self) { try loadWeights(net, from: path, map: ["7.kernel": "fc1.weight"]) }
  }

  @Test func functionsOfTheProgramCannotBeSaved() throws {
    let folder = try TemporaryFolder()
    let net = Sequential([try Make.dense(2), Lambda(TensorFunction(name: "twice") { $0 })])
    let error = #expect(throws: TensorError.self) { try ModelFile.save(net, to: "\(folder.path)/n.safetensors") }
    #expect(error?.message.contains("lambda") == true)
    #expect(!FileReader.exists("\(folder.path)/n.safetensors"))
  }

  /// Files with random damage are refused, or (where the damage is in a place that does not matter) read: no crash.
  @Test func damagedFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/net.safetensors"
    let net = Sequential([try Make.dense(3, "tanh"), try Make.dense(2, "softmax")])
    _ = try net(DataTests.matrix(1, 2))
    try ModelFile.save(net, to: path, optimizer: Make.optimizer("adam", 0.1))
    let sound = try FileReader.bytes(of: path)
    var random = SeededGenerator(state: 3)
    for round in 0..<300 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<40, using: &random)))
        case 2: bytes.insert(contentsOf: "999999999999999999999".utf8, at: place)
        default: bytes[Int.random(in: 0..<8, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      try AtomicFile.write(bytes, to: path)
      do {
        _ = try ModelFile.load(path)
        #expect(bytes == sound, "round \(round)")
      } catch let error as TensorError {
        #expect([.io, .value, .shape, .type].contains(error.kind))
      }
    }
  }
}
