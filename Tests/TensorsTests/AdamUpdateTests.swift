import Testing

@testable import Tensors

extension EngineTests {
  @Suite struct AdamUpdateTests {
    private func operands(_ dtype: DType) throws -> [Tensor] {
      var random = TestRandom(seed: 4)
      let x = try (0..<4).map { try random.tensor([5, 7], $0 == 3 ? 0.1...1 : -1...1).cast(to: dtype) }
      return x + [try Tensor.number(0.02)]
    }

    @Test(arguments: [DType.float32, .float64]) func onePassGivesWhatPlainOperationsGive(_ dtype: DType) throws {
      let operation = AdamUpdate(beta1: 0.9, beta2: 0.99, epsilon: 1e-7)
      let x = try operands(dtype)
      let fused = try Engine.shared.apply(operation, x)
      for (a, b) in zip(fused, try operation.composition(x)) {
        #expect(a.spec == b.spec)
        let distance = try (a - b).abs().max().item()
        #expect(distance < (dtype == .float32 ? 1e-6 : 1e-15))
      }
    }

    @Test func gradientsPassThroughIt() throws {
      let operation = AdamUpdate(beta1: 0.9, beta2: 0.99, epsilon: 1e-7)
      let x = try operands(.float64)
      func loss(_ x: [Tensor]) throws -> Tensor {
        try Engine.shared.apply(operation, Array(x) + [try Tensor.number(0.02)])[0].square().sum()
      }
      let found = try Engine.shared.tape.gradients(of: Array(x[..<4]), loss: { (r: Tensor) in r }, loss).gradients
      for position in 0..<4 {
        let gradient = try #require(found[position])
        var (up, down) = (Array(x[..<4]), Array(x[..<4]))
        up[position] = try up[position] + 1e-6
        down[position] = try down[position] - 1e-6
        let slope = try (loss(up) - loss(down)).item() / 2e-6
        #expect(abs(try gradient.sum().item() - slope) < 1e-6)
      }
    }
  }
}
