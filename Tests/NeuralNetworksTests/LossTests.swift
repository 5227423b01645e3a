import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// What losses refuse, and what saturation must not do.
  @Suite struct LossTests {
    @Test func rowsAgainstAColumnOfferBothRepairs() throws {
      let failure = #expect(throws: TensorError.self) { try loss("mse")(Tensor.ones([32, 1]), Tensor.ones([32])) }
      #expect(failure?.kind == .shape)
      #expect(failure?.message == "mse needs equal shapes: the prediction has shape 32×1, the target shape 32")
      #expect(
        failure?.hint?.contains("target[:, none]") == true && failure?.hint?.contains("prediction.squeeze(-1)") == true)
    }

    @Test func aLabelOutOfRangeIsNamed() throws {
      let p = try Tensor.full([2, 3], 1 / 3)
      let failure = #expect(throws: TensorError.self) {
        try loss("cross_entropy")(p, Tensor(int32: [0, 3], shape: [2]))
      }
      #expect(failure?.message == "label 3 at row 1 is not a class number: the prediction has 3 classes, 0 to 2")
      #expect(throws: TensorError.self) { try loss("cross_entropy")(p, Tensor(int32: [0, -1], shape: [2])) }
      #expect(throws: TensorError.self) { try loss("cross_entropy")(p, Tensor([0, 0.5], shape: [2])) }
      #expect(throws: TensorError.self) { try loss("cross_entropy")(p, Tensor(int32: [0, 1, 2], shape: [3])) }
    }

    @Test(arguments: ["softmax", "sigmoid"]) func aSaturatedLastLayerKeepsItsGradient(_ name: String) throws {
      let isSoftmax = name == "softmax"
      let net = Sequential([try layer("dense", [.number(isSoftmax ? 2 : 1)]), ActivationLayer(try activation(name))])
      try net.build(samples: [[1]])
      try net.setParameters([
        ("0.kernel", isSoftmax ? Tensor([1000, -1000], shape: [1, 2]) : Tensor([-1000], shape: [1, 1]))
      ])
      let x = try Tensor([1], shape: [1, 1])
      let target = isSoftmax ? try Tensor(int32: [1], shape: [1]) : try Tensor([1], shape: [1, 1])
      let (value, gradients) = try net.valueAndGradients {
        try loss(isSoftmax ? "cross_entropy" : "binary_cross_entropy")(net(x), target)
      }
      #expect(try value.item() == (isSoftmax ? 2000 : 1000))
      #expect(try abs(gradients[0].doubles()[0]) == 1)
    }

    @Test func paddedStepsDoNotCount() throws {
      let net = Sequential([
        try layer("embedding", [.number(5), .number(2)], [("mask_zero", .flag(true))]),
        try layer("dense", [.number(1)]),
      ])
      let words = try Tensor(int32: [1, 2, 0, 3, 0, 0], shape: [2, 3])
      let y = try net(words)
      #expect(try y.provenance?.mask?.bools() == [true, true, false, true, false, false])
      let zeros = try Tensor.zeros([2, 3, 1])
      let squares = try y.square().doubles()
      let want = (squares[0] + squares[1] + squares[3]) / 3
      #expect(try Swift.abs(loss("mse")(y, zeros).item() - want) < 1e-7)
    }

    @Test func functionsOfTheProgramAreLosses() throws {
      let own = Loss(TensorFunction(name: "own") { [try ($0[0] - $0[1]).abs().max()] })
      #expect(try own(Tensor([1, 5], shape: [2]), Tensor([0, 0], shape: [2])).item() == 5)
      let wrong = Loss(TensorFunction(name: "wrong") { [$0[0]] })
      #expect(throws: TensorError.self) { try wrong(Tensor.ones([2]), Tensor.ones([2])) }
    }

    private func loss(_ name: String) throws -> Loss {
      try #require(Catalogue.losses.first { $0.name == name }).make()
    }
  }
}
