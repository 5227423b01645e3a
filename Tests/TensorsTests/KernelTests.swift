import Testing

@testable import Tensors

extension EngineTests {
  /// The kernels of layers: float32 against float64, fused forms against their compositions, edges.
  @Suite struct KernelTests {
    /// Largest difference relative to 1 + the largest size.
    static func difference(_ a: Tensor, _ b: Tensor) throws -> Double {
      let (x, y) = (try a.doubles(), try b.doubles())
      guard a.shape == b.shape else { return .infinity }
      let scale = 1 + (y.map { abs($0) }.max() ?? 0)
      return (zip(x, y).map { abs($0 - $1) }.max() ?? 0) / scale
    }

    @Test func float32AgreesWithFloat64() throws {
      for (number, sample) in Samples.kernels.enumerated() {
        var random = TestRandom(seed: UInt64(number + 77))
        let wide = try sample.inputs.map { try random.tensor($0.0, $0.1) }
        let narrow = try wide.map { try $0.cast(to: .float32) }
        func results(_ x: [Tensor]) throws -> [Tensor] {
          let found = try Derivatives.valueAndGradients(at: x) { try GradientTests.weighted(sample.function($0)) }
          return [found.value] + found.gradients
        }
        for (a, b) in zip(try results(narrow), try results(wide)) {
          let error = try Self.difference(a, b)
          #expect(error < 2e-5, "\(sample): \(error)")
        }
      }
    }

    @Test func fusedFormsEqualTheirCompositions() throws {
      var random = TestRandom(seed: 3)
      func check(
        _ operation: some Operation, _ inputs: [Tensor], _ composition: ([Tensor]) throws -> [Tensor], _ name: String
      ) throws {
        let fused = try Engine.shared.apply(operation, inputs)
        for (a, b) in zip(fused, try composition(inputs)) {
          let error = try Self.difference(a, b)
          #expect(error < 1e-12, "\(name): \(error)")
        }
      }
      let x = try random.tensor([3, 4, 5], -2...2)
      let (gamma, beta) = (try random.tensor([5], -1...1), try random.tensor([5], -1...1))
      for centred in [true, false] {
        let norm = LayerNormalization(epsilon: 1e-3, isCentred: centred, hasScale: true, hasOffset: true)
        try check(norm, [x, gamma, beta], norm.composition, "layer norm")
      }
      let batch = BatchNormalization(epsilon: 1e-3, hasScale: true, hasOffset: true)
      try check(batch, [x, gamma, beta], batch.composition, "batch norm")
      let (q, k, v) = (
        try random.tensor([2, 2, 70, 3], -2...2), try random.tensor([2, 2, 70, 3], -2...2),
        try random.tensor([2, 2, 70, 4], -2...2)
      )
      let attention = Attention(scale: 0.5, isCausal: true, isTimeFirst: false)
      try check(attention, [q, k, v], attention.composition, "attention")
      for kind in [RecurrentKind.simple, .lstm, .gru] {
        let layer = Recurrent(kind: kind, hasBias: true, hasMask: true)
        let mask = try Tensor(bools: (0..<12).map { $0 % 4 != 2 }, shape: [3, 4])
        let weights = [
          try random.tensor([5, kind.gates * 3], -1...1), try random.tensor([3, kind.gates * 3], -1...1),
          try random.tensor(kind == .gru ? [2, 9] : [kind.gates * 3], -1...1),
        ]
        try check(layer, [x] + weights + [mask], { try layer.composition($0) }, "\(kind)")
      }
    }

    @Test func otherActivationsReplaceTanhAndSigmoid() throws {
      let x = try Tensor([1.0, 2], shape: [1, 2, 1], dtype: .float64)
      let one = try Tensor([1.0], shape: [1, 1], dtype: .float64)
      let found = try recurrent(.simple, x, kernel: one, recurrent: one, activation: { $0 }).states
      #expect(try found.doubles() == [1, 3])
    }

    @Test func softmaxOfLargeValuesIsFinite() throws {
      for dtype in [DType.float32, .float64] {
        let x = try Tensor([-1e4, 0, 1e4, 1e4], shape: [4], dtype: dtype)
        #expect(try x.softmax().doubles() == [0, 0, 0.5, 0.5])
        let logs = try x.logSoftmax().doubles()
        #expect(abs(logs[0] + 20000.693) < 0.01)
        #expect(!logs.contains { !$0.isFinite })
      }
    }

    @Test func crossEntropyOfSaturatedLogitsIsFinite() throws {
      let z = try Tensor([1e4, -1e4], shape: [1, 2], dtype: .float32)
      #expect(try softmaxCrossEntropy(z, Tensor(int32: [1], shape: [1])).doubles() == [20000])
      #expect(try softmaxCrossEntropy(z, Tensor(int32: [0], shape: [1])).doubles() == [0])
      let loss = try sigmoidCrossEntropy(z, try Tensor([0.0, 1], shape: [1, 2], dtype: .float32))
      #expect(try loss.doubles() == [10000, 10000])
      let small = try sigmoidCrossEntropy(
        try Tensor([20.0], shape: [1], dtype: .float32), try Tensor([1.0], shape: [1], dtype: .float32)
      ).doubles()
      #expect(abs(small[0] - 2.0611536e-9) < 1e-14)
    }

    @Test func theFirstMaximumTakesTheGradient() throws {
      let x = try Tensor([3.0, 3, 1, 3], shape: [1, 2, 2, 1], dtype: .float32)
      let slope = try Derivatives.gradient(at: x) { try maxPool($0, size: [2, 2]).sum() }
      #expect(try slope.doubles() == [1, 0, 0, 0])
      let negative = try Tensor([-5.0], shape: [1, 1, 1], dtype: .float32)
      #expect(try maxPool(negative, size: [2], padding: [(0, 1)]).doubles() == [-5])
    }

    @Test func whatDoesNotFitIsRefusedWithTheSizes() throws {
      let image = try Tensor.zeros([1, 3, 3, 2])
      func message(_ body: () throws -> Tensor) -> String {
        do {
          _ = try body()
          return "no error"
        } catch let error as TensorError { return error.message } catch { return "\(error)" }
      }
      #expect(
        message { try conv(image, .zeros([5, 5, 2, 4])) } == "a convolution window of 5×5 does not fit an input of 3×3")
      #expect(
        message { try conv(image, .zeros([2, 2, 3, 4])) }
          == "a convolution's kernel of 3 input channels meets an input with 2")
      #expect(message { try maxPool(image, size: [4, 4]) } == "a pooling window of 4×4 does not fit an input of 3×3")
      #expect(
        message { try embeddingLookup(.zeros([4, 2]), Tensor(int32: [4], shape: [1])) }
          == "id 4 does not exist in an embedding of 4 rows")
      #expect(
        message { try softmaxCrossEntropy(.zeros([2, 3]), Tensor(int32: [0, 3], shape: [2])) }
          == "class 3 (row 1) does not exist among 3 classes")
      #expect(
        message { try recurrent(.lstm, .zeros([1, 2, 3]), kernel: .zeros([3, 8]), recurrent: .zeros([3, 8])).states }
          == "a recurrent kernel has shape (units, 4·units), and got 3×8")
    }

    @Test func emptyBatchesGiveEmptyResults() throws {
      #expect(try conv(.zeros([0, 4, 4, 1]), .ones([3, 3, 1, 2])).shape == [0, 2, 2, 2])
      #expect(try maxPool(.zeros([0, 4, 4, 1]), size: [2, 2]).shape == [0, 2, 2, 1])
      #expect(try layerNorm(.zeros([0, 4])).shape == [0, 4])
      #expect(try Tensor.zeros([0, 4]).softmax().shape == [0, 4])
      #expect(
        try lstm(.zeros([0, 2, 3]), kernel: .zeros([3, 8]), recurrent: .zeros([2, 8])).states.shape == [0, 2, 2])
      let slope = try Derivatives.gradient(at: .ones([3, 3, 1, 2])) { try conv(.zeros([0, 4, 4, 1]), $0).sum() }
      let values = try slope.doubles()
      #expect(values == Array(repeating: 0, count: 18))
    }
  }
}
