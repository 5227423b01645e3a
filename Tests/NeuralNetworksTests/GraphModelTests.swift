import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Functional models: branches, shared layers, several inputs and outputs.
  @Suite struct GraphModelTests {
    private func joined(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
      let concat = GraphFunction("concat", arguments: .record([.init("axis", .number(-1))])) {
        [try Tensor.concat($0, axis: -1)]
      }
      return try SymbolicTensor.apply(concat, inputs)[0]
    }

    @Test func aLayerUsedTwiceSharesItsWeights() throws {
      let golden = try #require(GoldenCase.load("layers").first { $0.glia.hasPrefix("model(") })
      for dtype in [DType.float64, .float32] {
        let dense = try layer("dense", [.number(3), .activation(activation("tanh"))])
        let (a, b) = (try SymbolicTensor.input([2], dtype: dtype), try SymbolicTensor.input([2], dtype: dtype))
        let y = try joined([SymbolicTensor.apply(dense, [a])[0], SymbolicTensor.apply(dense, [b])[0]])
        let net = try GraphModel(inputs: [a, b], outputs: [y])
        #expect(net.parameters.map(\.path) == ["dense.kernel", "dense.bias"])
        try net.setParameters([
          ("dense.kernel", golden.tensor("weights", "d.kernel", dtype)),
          ("dense.bias", golden.tensor("weights", "d.bias", dtype)),
        ])
        let inputs = [try golden.tensor("inputs", "a", dtype), try golden.tensor("inputs", "b", dtype)]
        let (value, gradients) = try net.valueAndGradients {
          let output = try net(inputs)[0]
          try golden.expect(output, "outputs", "y", dtype)
          return try (output * golden.seed("y", like: output)).sum()
        }
        #expect(value.rank == 0)
        try golden.expect(gradients[0], "gradients", "d.kernel", dtype)
        try golden.expect(gradients[1], "gradients", "d.bias", dtype)
      }
    }

    @Test func severalOutputsAndAnyBatchSize() throws {
      let (a, b) = (try SymbolicTensor.input([2]), try SymbolicTensor.input([3]))
      let both = try joined([a, b])
      let (first, second) = (try layer("dense", [.number(4)]), try layer("dense", [.number(1)]))
      let net = try GraphModel(
        inputs: [a, b],
        outputs: [SymbolicTensor.apply(first, [both])[0], SymbolicTensor.apply(second, [both])[0]])
      for rows in [1, 6] {
        let outputs = try net([Tensor.zeros([rows, 2]), Tensor.zeros([rows, 3])])
        #expect(outputs.map(\.shape) == [[rows, 4], [rows, 1]])
      }
      #expect(net.parameterCount == 30)
      #expect(net.namedParts.map(\.name) == ["dense", "dense_1"])
      #expect(net.part(named: "dense_1") === second)
      let summary = net.summary()
      #expect(summary.rows.map(\.outputShapes) == [[[4]], [[1]]])
      #expect(summary.rows[1].inputs == ["concat"])
      let graph = net.graph()
      #expect(graph.nodes.map(\.title) == ["input_0", "input_1", "concat", "dense", "dense_1"])
      #expect(graph.edges.count == 4)
      #expect(graph.nodes.map(\.depth) == [0, 0, 1, 2, 2])
    }

    @Test func structureAndSharingSurviveWritingAndCloning() throws {
      let dense = try layer("dense", [.number(2)])
      let x = try SymbolicTensor.input([2])
      let y = try SymbolicTensor.apply(dense, SymbolicTensor.apply(dense, [x]))
      let net = try GraphModel(inputs: [x], outputs: y)
      let data = try Tensor([1, 2, 3, 4], shape: [2, 2])
      let result = try net(data)
      let copy = try net.clone()
      #expect(copy.parameterCount == 6)
      #expect(try copy([data])[0].isEqual(result))
      let back = try StructureReader().layer(StructureWriter().write(net))
      #expect(back.parameterCount == 6)
      try back.setParameters(net.parameters.map { ($0.path, $0.parameter.value) })
      #expect(try back([data])[0].isEqual(result))
    }

    @Test func mistakesAreNamed() throws {
      let (a, b) = (try SymbolicTensor.input([2]), try SymbolicTensor.input([3]))
      let y = try joined([a, b])
      #expect(throws: TensorError.self) { try GraphModel(inputs: [a], outputs: [y]) }
      #expect(throws: TensorError.self) { try GraphModel(inputs: [a, b], outputs: [a]) }
      let net = try GraphModel(inputs: [a, b], outputs: [y])
      let failure = #expect(throws: TensorError.self) { try net([Tensor.zeros([5, 2]), Tensor.zeros([5, 4])]) }
      #expect(failure?.message == "layer model with 0 layers wants input 1 of shape batch×3, and got shape 5×4")
    }
  }
}
