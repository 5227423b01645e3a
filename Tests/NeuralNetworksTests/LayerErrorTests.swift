import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// The wording of what layers refuse.
  @Suite struct LayerErrorTests {
    private func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "no error"
      } catch let error as TensorError {
        return "\(error.kind.rawValue): \(error.message)\(error.hint.map { " | " + $0 } ?? "")"
      } catch { return "\(error)" }
    }

    @Test func denseSaysWhatItWasBuiltFor() throws {
      let net = Sequential(
        try layer("dense", [.number(2)], [("name", .text("head"))]), try layer("dense", [.number(1)]))
      net.parts[0].origin = "digits.glia:14"
      _ = try net(Tensor.zeros([3, 4]))
      #expect(
        message { _ = try net(Tensor.zeros([3, 5])) }
          == "shape: layer `head` dense(2) (part 0), made at digits.glia:14, was built for 4 features on the last axis, and got shape 3×5 | give it inputs with 4 features, or make a new layer: sizes are fixed by the first input"
      )
    }

    @Test func oneRowIsNotABatch() throws {
      #expect(
        message { _ = try layer("dense", [.number(2)])(Tensor.zeros([4])) }
          == "shape: layer dense(2) wants rows (batch × features), and got shape 4 | one row of 4 features is [x] or x[none], 4 rows of one are x[:, none]"
      )
    }

    @Test func greyImagesNeedTheirChannel() throws {
      #expect(
        message { _ = try layer("conv2d", [.number(2), .number(3)])(Tensor.zeros([5, 8, 8])) }.contains("x[..., none]"))
      #expect(
        message { _ = try layer("conv2d", [.number(2), .number(9)])(Tensor.zeros([5, 8, 8, 1])) }.hasPrefix(
          "shape: layer conv2d(2, 9) failed: "))
    }

    @Test func argumentsAreCheckedWhenMade() {
      #expect(
        message { _ = try layer("dense", [.number(0)]) }
          == "value: dense wants a whole number of at least 1 for `units`, and got 0")
      #expect(
        message { _ = try layer("dense", [.number(2.5)]) }
          == "value: dense wants a whole number of at least 1 for `units`, and got 2.5")
      #expect(
        message { _ = try layer("dense", [.text("a")]) }
          == "type: dense wants a whole number of at least 1 for `units`, and got \"a\"")
      #expect(message { _ = try layer("dense") } == "type: dense needs `units`: a whole number of at least 1")
      #expect(
        message { _ = try layer("dropout", [.number(1)]) }
          == "value: dropout wants a number from 0, below 1 for `rate`, and got 1")
      #expect(
        message { _ = try layer("dense", [.number(2)], [("unitz", .number(2))]) }.hasPrefix(
          "type: dense has no parameter `unitz`"))
      #expect(
        message { _ = try layer("dense", [.number(.nan)]) }
          == "value: dense wants a whole number of at least 1 for `units`, and got nan")
    }

    @Test func layersShowThemselvesAsWritten() throws {
      for text in [
        "dense(3)", "dense(3, activation: relu)", "max_pool2d(3)", "max_pool2d()", "reshape_to(3, -1)",
        "parallel(dense(2), dense(3), merge: \"add\")", "residual(dense(3), shortcut: dense(3))",
        "dense(3, kernel_regularizer: l2(0.1))",
        "dense(2) >> flatten() >> dense(1, activation: leaky_relu(alpha: 0.2))",
        "conv2d(3, (2, 3), strides: 2)",
      ] {
        #expect(try ConstructorText.layer(text).sourceText == text)
      }
      let own = TensorFunction(name: nil) { $0 }
      #expect(
        try layer("dense", [.number(2)], [("activation", .function(own))]).sourceText
          == "dense(2, activation: a function)")
      let sgd = try #require(Catalogue.optimizers.first { $0.name == "sgd" })
      #expect(try sgd.make([.number(0.1)]).configuration.sourceText == "sgd(0.1)")
    }

    @Test func wordsOutsideTheVocabularyAreNamed() throws {
      #expect(
        message {
          _ = try layer("embedding", [.number(10), .number(4)])(Tensor(int32: [10], shape: [1, 1]))
        }
          == "index: layer embedding(10, 4) has 10 words, 0 to 9, and got 10")
    }

    @Test func weightsAreSetAllOrNone() throws {
      let dense = try layer("dense", [.number(2)])
      #expect(
        message { try dense.setParameters([("kernel", Tensor.ones([2, 2]))]) }.hasPrefix(
          "value: layer dense(2) has no weights yet"))
      _ = try dense(Tensor.ones([1, 2]))
      let before = dense.parameters.map(\.parameter.value)
      #expect(
        message { try dense.setParameters([("kernel", Tensor.ones([2, 2])), ("bias", Tensor.ones([3]))]) }.hasPrefix(
          "shape: "))
      #expect(message { try dense.setParameters([("kernell", Tensor.ones([2, 2]))]) }.contains("`kernel`"))
      #expect(zip(before, dense.parameters).allSatisfy { $0 === $1.parameter.value })
    }

    @Test func aCustomLayerChecksWhatItsFunctionsGive() throws {
      let scale = CustomLayer(
        initialize: { sample in [(name: "factor", value: try Tensor.full([sample[0]], 3))] },
        compute: { weights, inputs, _ in [try inputs[0] * weights[0].value] })
      #expect(try scale([Tensor([1, 2], shape: [1, 2])])[0].doubles() == [3, 6])
      #expect(scale.parameterCount == 2)
      let copy = try scale.clone()
      #expect(copy.parameterCount == 2)
      #expect(message { _ = try StructureWriter().write(scale) }.contains("cannot be written"))
      let lying = CustomLayer(initialize: nil, compute: { _, inputs, _ in inputs }, outputShape: { _ in [7] })
      #expect(
        message { _ = try lying([Tensor.ones([1, 2])]) }
          == "shape: layer layer() states the output shape 7, and gave 2 for each sample")
    }

    @Test func damagedStructureIsRefused() {
      let samples: [ConfigValue] = [
        .none, .record([.init("layer", .text("dense"))]), .record([.init("layer", .text("nothing"))]),
        .record([.init("same", .number(3))]), .record([.init("layer", .text("chain")), .init("parts", .list([]))]),
        .record([.init("layer", .text("model")), .init("nodes", .list([.record([.init("from", .list([]))])]))]),
        .record([
          .init("layer", .text("dense")), .init("settings", .record([.init("units", .number(1e12))])),
        ]),
      ]
      for sample in samples { #expect(throws: TensorError.self) { try StructureReader().layer(sample) } }
    }
  }
}
