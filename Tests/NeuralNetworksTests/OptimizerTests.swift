import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  @Suite struct OptimizerTests {
    /// Rates at which each method finds the bottom of a narrow valley in 400 steps.
    static let rates: [String: Double] = [
      "sgd": 0.1, "adam": 0.1, "adamw": 0.1, "rmsprop": 0.01, "adamax": 0.1, "nadam": 0.1, "adagrad": 0.5,
      "adadelta": 20,
      "lion": 0.01, "ftrl": 1,
    ]

    @Test(arguments: Catalogue.optimizers.map(\.name)) func convergesInANarrowValley(_ name: String) throws {
      let descriptor = try #require(Catalogue.optimizers.first { $0.name == name })
      let rate = try #require(Self.rates[name], "give \(name) a rate here")
      let settings: [(name: String, value: Setting)] = name == "adamw" ? [("weight_decay", .number(0))] : []
      let optimizer = try descriptor.make([.number(rate)], settings)
      let scale = try Tensor([1, 10], shape: [2], dtype: .float64)
      let bottom = try Tensor([0.3, -0.5], shape: [2], dtype: .float64)
      var w = try Tensor([1, 1], shape: [2], dtype: .float64)
      for _ in 0..<400 {
        let gradient = try (w - bottom) * scale
        w = try optimizer.step([(name: "w", value: w)], gradients: [gradient])[0]
      }
      let distance = try (w - bottom).abs().max().item()
      #expect(distance < 0.03, "\(name)")
    }

    @Test func aTracedUpdateIsTheSame() throws {
      for descriptor in Catalogue.optimizers {
        let optimizer = try descriptor.make([.number(0.1)], [("ema", .number(0.9)), ("clip_norm", .number(1))])
        let value = try Tensor([1, -2, 3], shape: [3])
        let gradient = try Tensor([0.5, 1, -2], shape: [3])
        let slots = try optimizer.initialSlots([value])
        #expect(slots[0].count == optimizer.slotNames.count)
        let numbers = try optimizer.coefficients(atStep: 1)
        let eager = try optimizer.update(
          values: [value], gradients: [gradient], slots: slots, coefficients: numbers.map { try Tensor.number($0) })
        let abstract = try optimizer.update(
          values: [Tensor(abstract: value.spec)], gradients: [Tensor(abstract: gradient.spec)],
          slots: slots.map { $0.map { Tensor(abstract: $0.spec) } },
          coefficients: numbers.map { _ in Tensor(abstract: Spec(.float64, [], isWeak: true)) })
        #expect(abstract.values[0].spec == eager.values[0].spec)
        #expect(abstract.slots[0].map(\.spec) == eager.slots[0].map(\.spec), "\(descriptor.name)")
      }
    }

    @Test func memoryCanBeTakenUpAgain() throws {
      let net = try layer("dense", [.number(2)])
      try net.build(samples: [[3]])
      let adam = try #require(Catalogue.optimizers.first { $0.name == "adam" })
      let (first, second) = (try adam.make([.number(0.1)]), try adam.make([.number(0.1)]))
      let gradients = try net.trainableParameters.map { try Tensor.onesLike($0.parameter.value) }
      try first.step(net, gradients: gradients)
      let copy = try net.clone()
      second.restore(try first.slots(of: net), of: copy, stepCount: first.stepCount)
      try first.step(net, gradients: gradients)
      try second.step(copy, gradients: gradients)
      for (a, b) in zip(net.parameters, copy.parameters) { #expect(try a.parameter.value.isEqual(b.parameter.value)) }
    }

    @Test func frozenLayersStay() throws {
      let net = Sequential(try layer("dense", [.number(2)]), try layer("dense", [.number(1)]))
      try net.build(samples: [[3]])
      net.parts[0].isTrainable = false
      #expect(net.trainableParameters.map(\.path) == ["1.kernel", "1.bias"])
      let before = try #require(net.parameters.first).parameter.value
      let sgd = try #require(Catalogue.optimizers.first { $0.name == "sgd" }).make([.number(0.1)])
      try sgd.step(net, gradients: net.trainableParameters.map { try Tensor.onesLike($0.parameter.value) })
      #expect(net.parameters.first?.parameter.value === before)
    }

    @Test func aNewRateIsWritten() throws {
      let sgd = try #require(Catalogue.optimizers.first { $0.name == "sgd" }).make([.number(0.1)])
      sgd.rate = .constant(0.05)
      #expect(sgd.configuration.sourceText == "sgd(0.05)")
      let back = try StructureReader().optimizer(StructureWriter().write(sgd.configuration))
      #expect(try back.rate(atStep: 1) == 0.05)
    }

    @Test func frozenPartsAreWritten() throws {
      let net = Sequential(try layer("attention", [.number(1)]), try layer("dense", [.number(1)]))
      try net.build(samples: [[3, 2]])
      net.parts[0].isTrainable = false
      let back = try StructureReader().layer(StructureWriter().write(net))
      #expect(back.trainableParameters.map(\.path) == ["1.kernel", "1.bias"])
      #expect(try net.clone().trainableParameters.count == 2)
    }

    @Test func oneClipAtATime() throws {
      let sgd = try #require(Catalogue.optimizers.first { $0.name == "sgd" })
      #expect(throws: TensorError.self) { try sgd.make([], [("clip_norm", .number(1)), ("clip_value", .number(1))]) }
      #expect(throws: TensorError.self) { try sgd.make([.number(-1)]) }
      #expect(throws: TensorError.self) { try sgd.make([], [("momentum", .number(1.5))]) }
      let mixed = try sgd.make([.number(0.1)], [("momentum", .number(0.9))])
      _ = try mixed.step([(name: "", value: Tensor.ones([2]))], gradients: [Tensor.ones([2])])
      #expect(throws: TensorError.self) {
        try mixed.step([(name: "", value: Tensor.ones([3]))], gradients: [Tensor.ones([3])])
      }
    }
  }
}
