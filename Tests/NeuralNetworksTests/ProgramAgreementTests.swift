import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Twenty training steps as a program and operation by operation: the same within rounding.
  @Suite struct ProgramAgreementTests {
    @Test(arguments: Catalogue.layers.map(\.name)) func layers(_ name: String) throws {
      let descriptor = try #require(Catalogue.layers.first { $0.name == name })
      Generator.shared.seed(11)
      let sample = try descriptor.sample.map { setting -> Setting in
        if case .layer(let layer) = setting { return .layer(try layer.clone()) }
        return setting
      }
      let layer = try descriptor.make(sample)
      let inputs = try descriptor.sampleInputs.map { shape in
        name == "embedding"
          ? try Tensor(int32: (0..<shape.reduce(1, *)).map { Int32($0 % 5) }, shape: shape)
          : try Tensor.random(shape) * 2 - 1
      }
      _ = try layer(inputs)
      try compare(layer, inputs, optimizer: "adam") { try $0.square().mean() + $0.mean() }
    }

    @Test(arguments: Catalogue.losses.map(\.name)) func losses(_ name: String) throws {
      Generator.shared.seed(12)
      let net = Sequential([
        try layer("dense", [.number(4), .activation(activation("tanh"))]),
        try layer(
          "dense", [.number(3), .activation(activation(name == "binary_cross_entropy" ? "sigmoid" : "softmax"))]),
      ])
      let x = try Tensor.random([6, 5]) * 2 - 1
      _ = try net(x)
      let loss = try #require(Catalogue.losses.first { $0.name == name }).make()
      let rows = try Tensor([0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [6, 3])
      try compare(net, [x], optimizer: "sgd") { try loss($0, rows) }
      if loss.takesClasses {
        let classes = try Tensor(int32: [0, 1, 2, 0, 1, 2], shape: [6])
        try compare(net, [x], optimizer: "sgd") { try loss($0, classes) }
      }
    }

    @Test(arguments: Catalogue.optimizers.map(\.name)) func optimizers(_ name: String) throws {
      Generator.shared.seed(13)
      let net = Sequential([
        try layer("dense", [.number(4)]), try layer("batch_norm"), try layer("dense", [.number(1)]),
      ])
      let x = try Tensor.random([6, 5]) * 2 - 1
      _ = try net(x)
      try compare(net, [x], optimizer: name, [("global_clip_norm", .number(0.5)), ("ema", .number(0.9))]) {
        try $0.square().mean()
      }
    }

    private func compare(
      _ layer: Layer, _ inputs: [Tensor], optimizer name: String, _ settings: [(name: String, value: Setting)] = [],
      _ loss: (Tensor) throws -> Tensor
    ) throws {
      let optimizer = try #require(Catalogue.optimizers.first { $0.name == name }).make([.number(0.01)], settings)
      let weights = layer.trainableParameters.map(\.parameter)
      let states = layer.stateParameters.map(\.parameter)
      let perWeight = optimizer.slotNames.count
      let start =
        try weights.map(\.value) + states.map(\.value) + optimizer.initialSlots(weights.map(\.value)).flatMap { $0 }
      let numbers = try optimizer.coefficients(atStep: 1)

      func step(_ given: [Tensor], _ state: [Tensor]) throws -> (outputs: [Tensor], state: [Tensor]) {
        let data = Array(given.prefix(inputs.count))
        let memory = Array(state.dropFirst(weights.count + states.count))
        let slots = weights.indices.map { Array(memory[$0 * perWeight..<($0 + 1) * perWeight]) }
        let values = Array(state.prefix(weights.count))
        let (found, after) = try Parameter.withStandIns(
          weights + states, Array(state.prefix(weights.count + states.count))
        ) {
          try layer.valueAndGradients {
            let context = LayerContext(isTraining: true)
            return try loss(layer(data, context)[0])
          }
        }
        let new = try optimizer.update(
          values: values, gradients: found.gradients, slots: slots, coefficients: Array(given.dropFirst(inputs.count)))
        return ([found.value], new.values + after.suffix(states.count) + new.slots.flatMap { $0 })
      }

      let scalars = try numbers.map { try Tensor.number($0) }
      let program = try Program.trace(
        inputs: inputs.map(\.spec) + scalars.map(\.spec), state: start.map(\.spec)
      ) { try step($0, $1) }
      var compiled = try start.map { try $0 + 0 }
      var eager = start
      for number in 1...20 {
        let scalars = try optimizer.coefficients(atStep: number).map { try Tensor.number($0) }
        Generator.shared.seed(UInt64(number))
        let a = try program.run(inputs + scalars, state: &compiled)
        Generator.shared.seed(UInt64(number))
        let b = try step(inputs + scalars, eager)
        eager = b.state
        #expect(try a[0].isClose(to: b.outputs[0], rtol: 1e-4, atol: 1e-5), "step \(number)")
      }
      for (a, b) in zip(compiled, eager) {
        #expect(a.spec == b.spec)
        #expect(try a.isClose(to: b, rtol: 1e-3, atol: 1e-4))
      }
    }
  }
}
