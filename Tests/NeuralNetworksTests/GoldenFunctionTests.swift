import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Activations, losses, regularizers, schedules and initializers against their reference numbers.
  @Suite struct GoldenFunctionTests {
    static let activations = GoldenCase.load("activations").filter { $0.kind == "expression" }
    static let losses = GoldenCase.load("losses")
    static let regularizers = GoldenCase.load("regularizers")
    static let schedules = GoldenCase.load("schedules").filter { !$0.glia.contains("->") }
    static let initializers = GoldenCase.load("initializers")

    /// Evaluates `body` on the named inputs and compares results and gradients.
    private func compare(
      _ golden: GoldenCase, _ dtype: DType, _ variables: [String], _ body: ([Tensor]) throws -> Tensor
    ) throws {
      let values = try variables.map { try golden.tensor("inputs", $0, dtype) }
      let (output, gradients) = try Engine.shared.tape.gradients(
        of: values, loss: { (y: Tensor) in try (y * golden.seed("y", like: y)).sum() }, body)
      try golden.expect(output, "outputs", "y", dtype)
      for (position, name) in variables.enumerated() where golden.names("gradients").contains(name) {
        try golden.expect(gradients[position] ?? Tensor.zerosLike(values[position]), "gradients", name, dtype)
      }
    }

    @Test(arguments: activations) func activation(_ golden: GoldenCase) throws {
      guard case .call(let name, _, let named) = try ConstructorText.parse(golden.glia) else { return }
      let made = try ConstructorText.make(name, [], named.map { ($0.0, try ConstructorText.value($0.1)) })
      guard case .activation(let activation) = made else { throw ConstructorText.Unreadable(text: golden.glia) }
      for dtype in [DType.float64, .float32] { try compare(golden, dtype, ["x"]) { try activation($0[0]) } }
    }

    @Test(arguments: losses) func loss(_ golden: GoldenCase) throws {
      guard case .call(let name, let positional, let named) = try ConstructorText.parse(golden.glia) else { return }
      let settings = try named.filter { $0.0 != "weights" }.map { ($0.0, try ConstructorText.value($0.1)) }
      let loss = try #require(Catalogue.losses.first { $0.name == name }, "\(name)").make([], settings)
      for dtype in [DType.float64, .float32] {
        let target = try golden.tensor("inputs", "t", dtype)
        let weights = named.contains { $0.0 == "weights" } ? try golden.tensor("inputs", "w", dtype) : nil
        try compare(golden, dtype, ["p"]) { variables in
          var prediction = variables[0]
          if case .call(let link, _, _) = positional[0] {
            prediction = try #require(Catalogue.activations.first { $0.name == link }).make()(prediction)
          }
          return try loss(prediction, target, weights: weights)
        }
      }
    }

    @Test(arguments: regularizers) func regularizer(_ golden: GoldenCase) throws {
      for dtype in [DType.float64, .float32] {
        if golden.kind == "penalty" {
          try penalty(golden, dtype)
        } else if case .apply(let call, _) = try ConstructorText.parse(golden.glia),
          case .regularizer(let regularizer) = try ConstructorText.value(call)
        {
          try compare(golden, dtype, ["w"]) { try regularizer($0[0]) }
        }
      }
    }

    private func penalty(_ golden: GoldenCase, _ dtype: DType) throws {
      let layer = try ConstructorText.layer(golden.glia)
      let x = try golden.tensor("inputs", "x", dtype)
      _ = try layer(Tensor(abstract: x.spec))
      try layer.setParameters(golden.names("weights").map { ($0, try golden.tensor("weights", $0, dtype)) })
      let targets = layer.trainableParameters
      let (value, gradients) = try Engine.shared.tape.gradients(
        of: [x] + targets.map(\.parameter.value), loss: { (y: Tensor) in y }
      ) { standIns in
        try Parameter.withStandIns(targets.map(\.parameter), Array(standIns.dropFirst())) {
          let context = LayerContext(isTraining: true)
          _ = try layer(standIns[0], context)
          return try #require(try layer.penalty(context))
        }.result
      }
      try golden.expect(value, "outputs", "penalty", dtype)
      for (position, name) in (["x"] + targets.map(\.path)).enumerated() where golden.names("gradients").contains(name)
      {
        let like = position == 0 ? x : targets[position - 1].parameter.value
        try golden.expect(gradients[position] ?? Tensor.zerosLike(like), "gradients", name, dtype)
      }
    }

    @Test(arguments: schedules) func schedule(_ golden: GoldenCase) throws {
      guard case .schedule(let schedule) = try ConstructorText.value(ConstructorText.parse(golden.glia)) else {
        throw ConstructorText.Unreadable(text: golden.glia)
      }
      let steps = try golden.tensor("inputs", "steps").doubles()
      let rates = try Tensor(steps.map { try schedule($0) }, shape: [steps.count], dtype: .float64)
      try golden.expect(rates, "outputs", "rate", .float64)
    }

    @Test(arguments: initializers) func initializer(_ golden: GoldenCase) throws {
      let expression = try ConstructorText.parse(golden.glia)
      var value: Tensor
      if case .apply(let call, let arguments) = expression, case .call(let name, _, _) = call,
        Catalogue.initializers.contains(where: { $0.name == name }),
        case .initializer(let initializer) = try ConstructorText.value(call)
      {
        let sizes = try #require(ConstructorText.value(arguments[0]).integers)
        value = try initializer(sizes, .float64)
      } else if let weight = golden.text("weight"), let sample = golden.sizes("build") {
        let layer = try ConstructorText.layer(golden.glia)
        try layer.build(samples: [sample], dtype: golden.glia.hasPrefix("embedding") ? .int32 : .float64)
        value = try #require(layer.parameters.first { $0.path == weight }, "\(weight)").parameter.value
      } else if golden.kind == "fresh" {
        let layer = try ConstructorText.layer(golden.glia)
        let isSequence = golden.glia.hasPrefix("lstm") || golden.glia.hasPrefix("gru")
        try layer.build(samples: [isSequence ? [4, 3] : [3]], dtype: .float64)
        for name in golden.names("outputs") {
          let parameter = try #require(layer.parameters.first { $0.path == name }, "\(name)").parameter
          try golden.expect(parameter.value, "outputs", name, .float64)
        }
        return
      } else {
        return  // random functions of the language, not initializers
      }
      if golden.names("outputs").contains("y") { return try golden.expect(value, "outputs", "y", .float64) }
      if let shape = golden.sizes("shape") { #expect(value.shape == shape) }
      if golden.kind == "orthogonal" {
        let matrix = try value.reshape([-1, value.shape[value.rank - 1]])
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let product = try rows >= columns ? matrix.transpose().matmul(matrix) : matrix.matmul(matrix.transpose())
        #expect(try product.isClose(to: .eye(min(rows, columns), .float64), atol: 1e-9))
        return
      }
      let mean = try value.mean().item()
      let deviation = try value.std().item()
      if let want = golden.number("mean"), let width = golden.number("mean_atol") {
        #expect(abs(mean - want) <= width, "\(golden.glia)")
      }
      if let want = golden.number("std"), let width = golden.number("std_atol") {
        #expect(abs(deviation - want) <= width, "\(golden.glia): \(deviation), want \(want)")
      }
      if let low = golden.number("low") { #expect(try value.min().item() >= low - 1e-6) }
      if let high = golden.number("high") { #expect(try value.max().item() <= high + 1e-6) }
    }
  }
}
