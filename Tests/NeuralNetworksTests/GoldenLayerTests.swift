import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Layers against Keras: results and gradients for inputs and weights, in both precisions.
  @Suite struct GoldenLayerTests {
    static let cases = ["layers", "recurrent", "attention_norm", "activations"].flatMap(GoldenCase.load)
      .filter {
        $0.kind == "layer" && !$0.glia.hasPrefix("lambda") && !$0.glia.hasPrefix("layer(")
          && !$0.glia.hasPrefix("model(")
      }

    @Test func casesAreThere() { #expect(Self.cases.count > 170) }

    @Test(arguments: cases) func layer(_ golden: GoldenCase) throws {
      for dtype in [DType.float64, .float32] { try run(golden, dtype) }
    }

    private func run(_ golden: GoldenCase, _ dtype: DType) throws {
      let layer = try ConstructorText.layer(golden.glia)
      let order = golden.text("apply") == "layer((q, k, v))" ? ["q", "k", "v"] : golden.names("inputs")
      let inputs = try order.map { try golden.tensor("inputs", $0, dtype) }
      _ = try layer(inputs.map { Tensor(abstract: $0.spec) })
      let weights = try golden.names("weights").map { ($0, try golden.tensor("weights", $0, dtype)) }
      #expect(Set(layer.parameters.map(\.path)) == Set(weights.map(\.0)), "\(golden.glia)")
      for (path, value) in weights {
        let target = try #require(layer.parameters.first { $0.path == path }, "\(path)")
        #expect(target.parameter.shape == value.shape, "\(path)")
        try target.parameter.set(value)
      }
      let floating = order.indices.filter { inputs[$0].dtype.isFloat }
      let targets = layer.trainableParameters
      let variables = floating.map { inputs[$0] } + targets.map(\.parameter.value)
      let context = LayerContext(isTraining: golden.isTraining)
      let (outputs, gradients) = try Engine.shared.tape.gradients(
        of: variables,
        loss: { (outputs: [Tensor]) in try (outputs[0] * golden.seed("y", like: outputs[0])).sum() }
      ) { standIns in
        var given = inputs
        for (place, position) in floating.enumerated() { given[position] = standIns[place] }
        return try Parameter.withStandIns(targets.map(\.parameter), Array(standIns.dropFirst(floating.count))) {
          try layer(given, context)
        }.result
      }
      #expect(outputs[0].dtype == dtype)
      try golden.expect(outputs[0], "outputs", "y", dtype)
      for name in golden.names("outputs") where name != "y" {
        let state = try #require(layer.parameters.first { $0.path == name }, "\(name)")
        try golden.expect(state.parameter.value, "outputs", name, dtype)
      }
      let names = floating.map { order[$0] } + targets.map(\.path)
      for (position, name) in names.enumerated() where golden.names("gradients").contains(name) {
        let gradient = try gradients[position] ?? Tensor.zerosLike(variables[position])
        try golden.expect(gradient, "gradients", name, dtype)
      }
    }
  }
}
