import Testing

@testable import Tensors

extension EngineTests {
  /// Windows that Winograd's algorithm serves: float32 against the plain loops of float64.
  @Suite struct WinogradTests {
    struct Window: CustomTestStringConvertible {
      let image: Shape
      let channels: Int
      var padding = [(0, 0), (0, 0)]

      var testDescription: String { "\(image) to \(channels), padding \(padding)" }
    }

    static let windows = [
      Window(image: [1, 10, 10, 32], channels: 32),
      Window(image: [3, 9, 12, 40], channels: 56, padding: [(1, 1), (1, 1)]),  // an odd number of rows
      Window(image: [2, 8, 7, 32], channels: 32, padding: [(2, 2), (2, 2)]),
      Window(image: [2, 10, 9, 72], channels: 32, padding: [(0, 1), (2, 0)]),  // more channels than a patch holds
      Window(image: [1, 10, 10, 32], channels: 200),  // more than are summed at once
    ]

    @Test(arguments: windows) func agreesWithPlainLoops(window: Window) throws {
      var random = TestRandom(seed: 5)
      let channels = window.image[3]
      let wide = [
        try random.tensor(window.image, -1...1), try random.tensor([3, 3, channels, window.channels], -1...1),
        try random.tensor([window.channels], -1...1),
      ]
      let narrow = try wide.map { try $0.cast(to: .float32) }
      func results(_ x: [Tensor]) throws -> [Tensor] {
        let found = try Derivatives.valueAndGradients(at: x) {
          try GradientTests.weighted(conv($0[0], $0[1], bias: $0[2], padding: window.padding))
        }
        return [try conv(x[0], x[1], bias: x[2], padding: window.padding), found.value] + found.gradients
      }
      for (a, b) in zip(try results(narrow), try results(wide)) {
        let error = try KernelTests.difference(a, b)
        #expect(error < 3e-6, "\(error)")
      }
    }

    /// An image's results are the same bytes alone and in a batch.
    @Test func batchesAreTheirImages() throws {
      var random = TestRandom(seed: 6)
      let x = try random.tensor([5, 9, 9, 32], -1...1).cast(to: .float32)
      let kernel = try random.tensor([3, 3, 32, 32], -1...1).cast(to: .float32)
      let all = try conv(x, kernel, padding: [(1, 1), (1, 1)]).relu().doubles()
      let size = all.count / 5
      for n in 0..<5 {
        let image = try Tensor(
          Array(x.doubles()[n * 9 * 9 * 32..<(n + 1) * 9 * 9 * 32]), shape: [1, 9, 9, 32], dtype: .float32)
        let alone = try conv(image, kernel, padding: [(1, 1), (1, 1)]).relu().doubles()
        #expect(alone == Array(all[n * size..<(n + 1) * size]))
      }
    }

    /// What is not a number stays in the outputs that see it, and only there, also after a relu in the same pass.
    @Test func notANumberStays() throws {
      var values = [Double](repeating: 1, count: 10 * 10 * 32)
      values[0] = .nan
      let x = try Tensor(values, shape: [1, 10, 10, 32], dtype: .float32)
      let kernel = try Tensor([Double](repeating: -1, count: 9 * 32 * 32), shape: [3, 3, 32, 32], dtype: .float32)
      let program = try Program.trace(inputs: [x.spec, kernel.spec], state: []) { inputs, _ in
        ([try conv(inputs[0], inputs[1]).relu()], [])
      }
      var nothing: [Tensor] = []
      let y = try program.run([x, kernel], state: &nothing)[0].doubles()
      #expect(y[0..<32].allSatisfy { $0.isNaN })
      #expect(y[32...].allSatisfy { $0 == 0 })
    }
  }
}
