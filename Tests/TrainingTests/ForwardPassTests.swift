import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite(.serialized) struct ForwardPassTests {
  @Test(arguments: Catalogue.layers.map(\.name)) func aProgramGivesTheSameBytes(_ name: String) throws {
    let descriptor = try #require(Catalogue.layers.first { $0.name == name })
    Generator.shared.seed(21)
    let layer = try descriptor.make(
      try descriptor.sample.map { setting -> Setting in
        if case .layer(let layer) = setting { return .layer(try layer.clone()) }
        return setting
      })
    let inputs = try descriptor.sampleInputs.map { shape in
      name == "embedding"
        ? try Tensor(int32: (0..<shape.reduce(1, *)).map { Int32($0 % 5) }, shape: shape)
        : try Tensor.random(shape) * 2 - 1
    }
    let plain = try layer(inputs)
    let pass = ForwardPass(layer, threshold: 0)
    for _ in 0..<2 {
      for (a, b) in zip(try pass(inputs), plain) {
        #expect(a.spec == b.spec)
        #expect(try a.cast(to: .float32).floats() == b.cast(to: .float32).floats())
        #expect(a.provenance?.logits?.link == b.provenance?.logits?.link)
        #expect((a.provenance?.mask == nil) == (b.provenance?.mask == nil))
      }
    }
  }

  @Test func itSeesNewWeightsAndKeepsTheLogits() throws {
    let net = try classifier()
    let x = try Tensor.random([4, 3])
    _ = try net(x)
    let pass = ForwardPass(net, threshold: 1)
    for round in 0..<4 {
      let weights = try #require(net.parameters.first).parameter
      try weights.set(try Tensor.random(weights.shape) * 40)
      let (a, b) = (try pass([x])[0], try net(x))
      #expect(try a.floats() == b.floats(), "round \(round)")
      let logits = try #require(a.provenance?.logits)
      #expect(try logits.tensor.floats() == b.provenance?.logits?.tensor.floats())
    }
    // Another shape, and back.
    #expect(try pass([try x.reshape([2, 6]).reshape([4, 3])])[0].shape == [4, 3])
    #expect(try pass([Tensor.ones([1, 3])])[0].shape == [1, 3])
  }

  @Test func gradientsPassThroughACallThatHadAProgram() throws {
    let net = try classifier()
    let x = try Tensor.random([4, 3])
    _ = try net(x)
    let pass = ForwardPass(net, threshold: 0)
    _ = try pass([x])
    let gradient = try Derivatives.gradient(at: x) { try pass([$0])[0].square().sum() }
    let plain = try Derivatives.gradient(at: x) { try net($0).square().sum() }
    #expect(try gradient.floats() == plain.floats())
    #expect(try gradient.floats().contains { $0 != 0 })
  }

  private func classifier() throws -> Layer {
    let dense = try #require(Catalogue.layers.first { $0.name == "dense" })
    let softmax = try #require(Catalogue.activations.first { $0.name == "softmax" }).make()
    return Sequential([
      try dense.make([.number(5)]), try dense.make([.number(3), .activation(softmax)]),
    ])
  }
}
