import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// The shortest way through the library: a net, a loss, gradients, a step.
  @Suite struct FirstStepsTests {
    @Test func aChainLearns() throws {
      let hidden = try layer("dense", [.number(4), .activation(activation("tanh"))])
      let net = Sequential(hidden, try layer("dense", [.number(1)]))
      let x = try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2], dtype: .float32)
      let y = try Tensor([0, 1, 1, 0], shape: [4, 1], dtype: .float32)
      let mse = try #require(Catalogue.losses.first { $0.name == "mse" }).make()
      let adam = try #require(Catalogue.optimizers.first { $0.name == "adam" }).make([.number(0.1)])
      try net.build(samples: [[2]])
      #expect(net.parameters.map(\.path) == ["0.kernel", "0.bias", "1.kernel", "1.bias"])
      #expect(net.parameterCount == 17)
      var losses: [Double] = []
      for _ in 0..<200 {
        let (value, gradients) = try net.valueAndGradients { try mse(net(x), y) }
        losses.append(try value.item())
        try adam.step(net, gradients: gradients)
      }
      #expect(losses[199] < losses[0] / 10)
    }

    @Test func layersGoWhenNobodyHoldsThem() throws {
      weak var chain: Layer?
      weak var part: Layer?
      do {
        let net = Sequential(try layer("lstm", [.number(2)]), try layer("dense", [.number(2)]))
        try net.build(samples: [[3, 2]])
        (chain, part) = (net, net.parts[0])
        #expect(net.parameters.count == 5 && net.parts[0].parameters.count == 3)
        _ = net.summary()
        _ = try net.clone()
        _ = try net.valueAndGradients { try net(Tensor.ones([1, 3, 2])).sum() }
      }
      #expect(chain == nil && part == nil)
    }

    @Test func aWrongFirstInputDoesNotFixTheSizes() throws {
      let net = Sequential(try layer("dense", [.number(2)]), try layer("repeat_vector", [.number(2)]))
      let first = try #require(net.parts.first)
      #expect(throws: TensorError.self) { try net(Tensor.zeros([2, 3, 4])) }
      #expect(!first.isBuilt)
      #expect(try net(Tensor.zeros([2, 5])).shape == [2, 2, 2])
    }
  }
}

func layer(_ name: String, _ positional: [Setting] = [], _ named: [(name: String, value: Setting)] = []) throws -> Layer
{
  try #require(Catalogue.layers.first { $0.name == name }, "no layer \(name)").make(positional, named)
}

func activation(_ name: String) throws -> Activation {
  try #require(Catalogue.activations.first { $0.name == name }, "no activation \(name)").make()
}
