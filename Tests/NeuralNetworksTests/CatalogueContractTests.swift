import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// What every layer of the catalogue must do.
  @Suite struct CatalogueContractTests {
    static let names = Catalogue.layers.map(\.name)

    private func specimen(_ name: String) throws -> (layer: Layer, inputs: [Tensor]) {
      let descriptor = try #require(Catalogue.layers.first { $0.name == name })
      let isWords = name == "embedding"
      let inputs = try descriptor.sampleInputs.enumerated().map { position, shape in
        isWords
          ? try Tensor(int32: (0..<shape.reduce(1, *)).map { Int32($0 % 4) }, shape: shape)
          : try (Tensor.random(shape, .float64) * 2 - 1 + 0.01 * Double(position))
      }
      // A layer given as a setting is made anew, so that tests do not share it.
      let sample = try descriptor.sample.map { setting -> Setting in
        if case .layer(let layer) = setting { return .layer(try layer.clone()) }
        return setting
      }
      return (try descriptor.make(sample), inputs)
    }

    @Test(arguments: names) func shapesAreTheSameWithoutData(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      let abstract = try layer(inputs.map { Tensor(abstract: $0.spec) }).map(\.spec)
      let concrete = try layer(inputs).map(\.spec)
      #expect(abstract == concrete)
      #expect(try layer(inputs)[0].isFinite().all().item() == 1)
    }

    @Test(arguments: names) func samplesDoNotSeeEachOther(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      let whole = try layer(inputs)[0]
      let first = try inputs.map { try $0.split(sizes: [1, $0.shape[0] - 1], axis: 0)[0] }
      let alone = try layer(first)[0]
      let row = try whole.split(sizes: [1, whole.shape[0] - 1], axis: 0)[0]
      #expect(try alone.isClose(to: row, rtol: 1e-9, atol: 1e-9))
    }

    @Test(arguments: names) func gradientsMeetFiniteDifferences(_ name: String) throws {
      for isTraining in [false, true] {
        let (layer, inputs) = try specimen(name)
        _ = try layer(inputs)
        let floating = inputs.filter(\.dtype.isFloat)
        let targets = layer.trainableParameters.map(\.parameter)
        // Weights away from their often special first values.
        for target in targets { try target.set(Tensor.random(target.shape, .float64) * 0.8 - 0.3) }
        let checks = try Derivatives.check(at: floating + targets.map(\.value)) { variables in
          Generator.shared.seed(7)
          let given = floating.isEmpty ? inputs : Array(variables.prefix(floating.count))
          return try Parameter.withStandIns(targets, Array(variables.dropFirst(floating.count))) {
            let y = try layer(given, LayerContext(isTraining: isTraining))[0]
            return try (y * y * 0.5 + y).sum()
          }.result
        }
        for check in checks { #expect(check.largestError < 1e-5, "\(name) training \(isTraining): \(check)") }
      }
    }

    @Test(arguments: names) func gradientsHaveGradients(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      _ = try layer(inputs)
      let floating = inputs.filter(\.dtype.isFloat)
      let targets = layer.trainableParameters.map(\.parameter)
      for target in targets { try target.set(Tensor.random(target.shape, .float64) * 0.8 - 0.3) }
      let checks = try Derivatives.check(at: floating + targets.map(\.value)) { variables in
        let (_, gradients) = try Engine.shared.tape.gradients(of: variables, loss: { (y: Tensor) in y }) { inner in
          let given = floating.isEmpty ? inputs : Array(inner.prefix(floating.count))
          return try Parameter.withStandIns(targets, Array(inner.dropFirst(floating.count))) {
            try layer(given)[0].square().sum()
          }.result
        }
        var sum = try Tensor.zeros([], .float64)
        for (position, gradient) in gradients.enumerated() {
          guard let gradient else { continue }
          sum = try sum + (gradient * gradient).sum() * (0.1 + 0.05 * Double(position))
        }
        return sum
      }
      for check in checks { #expect(check.largestError < 1e-4, "\(name): \(check.largestError)") }
    }

    @Test(arguments: names) func anEmptyBatchGivesAnEmptyResult(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      let whole = try layer(inputs)[0]
      let none = try inputs.map { try $0.split(sizes: [0, $0.shape[0]], axis: 0)[0] }
      #expect(try layer(none)[0].shape == [0] + whole.shape.dropFirst())
    }

    @Test(arguments: names) func parametersAreListedAndCounted(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      _ = try layer(inputs)
      let parameters = layer.parameters
      #expect(Set(parameters.map(\.path)).count == parameters.count)
      #expect(layer.parameterCount == parameters.reduce(0) { $0 + $1.parameter.shape.reduce(1, *) })
      layer.isTrainable = false
      #expect(layer.trainableParameters.isEmpty)
      layer.isTrainable = true
      #expect(layer.trainableParameters.count == parameters.filter { $0.parameter.role == .weight }.count)
    }

    @Test(arguments: names) func clonesHaveTheirOwnEqualWeights(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      let y = try layer(inputs)[0]
      let copy = try layer.clone()
      #expect(try copy(inputs)[0].isEqual(y))
      for target in copy.parameters { try target.parameter.set(Tensor.onesLike(target.parameter.value) * 3) }
      #expect(try layer(inputs)[0].isEqual(y))
    }

    @Test(arguments: names) func structureSurvivesWriting(_ name: String) throws {
      let (layer, inputs) = try specimen(name)
      let y = try layer(inputs)[0]
      if name == "lambda" {
        #expect(throws: TensorError.self) { try StructureWriter().write(layer) }
        return
      }
      let back = try StructureReader().layer(StructureWriter().write(layer))
      #expect(back.parameters.map(\.path) == layer.parameters.map(\.path))
      #expect(back.sourceText == layer.sourceText)
      try back.setParameters(layer.parameters.map { ($0.path, $0.parameter.value) })
      #expect(try back(inputs)[0].isClose(to: y, rtol: 1e-9, atol: 1e-9))
    }

    @Test(arguments: names) func aWrongShapeNamesTheLayer(_ name: String) throws {
      let anyShape = [
        "activation", "dropout", "gaussian_noise", "lambda", "flatten", "embedding", "add", "concatenate",
      ]
      guard !anyShape.contains(name) else { return }
      let (layer, _) = try specimen(name)
      layer.name = "mine"
      let failure = #expect(throws: TensorError.self) { try layer([Tensor.ones([3])]) }
      #expect(failure?.kind == .shape)
      // A layer around others lets the inner one speak, with its path.
      let isAround = ["residual", "parallel", "bidirectional"].contains(name)
      #expect(failure?.message.contains(isAround ? "(part " : "`mine`") == true, "\(failure?.message ?? "")")
    }

    @Test func documentationIsComplete() {
      func check<Product>(_ family: [Descriptor<Product>]) {
        for item in family {
          #expect(!item.documentation.summary.isEmpty && item.documentation.summary.hasSuffix("."), "\(item.name)")
          #expect(!item.documentation.example.isEmpty, "\(item.name)")
          #expect(Set(item.parameters.map(\.name)).count == item.parameters.count, "\(item.name)")
        }
      }
      check(Catalogue.layers)
      check(Catalogue.activations)
      check(Catalogue.losses)
      check(Catalogue.optimizers)
      check(Catalogue.schedules)
      check(Catalogue.initializers)
      check(Catalogue.regularizers)
    }

    @Test func everySpecimenCanBeMade() throws {
      for item in Catalogue.schedules { #expect(try item.make(item.sample)(3) >= 0, "\(item.name)") }
      for item in Catalogue.losses { _ = try item.make() }
      for item in Catalogue.regularizers { _ = try item.make() }
    }
  }
}
