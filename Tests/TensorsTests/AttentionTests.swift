import Testing

@testable import Tensors

extension EngineTests {
  /// Attention block by block against the same with plain operations, values and gradients.
  @Suite struct AttentionTests {
    struct Sizes: CustomTestStringConvertible, Sendable {
      let queries: Int
      let keys: Int
      var width = 4
      var valueWidth = 4
      var isCausal = false
      var masked: (@Sendable (Int) -> Bool)?

      var testDescription: String {
        "\(queries) queries, \(keys) keys, widths \(width) and \(valueWidth)\(isCausal ? ", causal" : "")\(masked == nil ? "" : ", masked")"
      }
    }

    static let sizes = [
      Sizes(queries: 1, keys: 1), Sizes(queries: 24, keys: 24, isCausal: true),
      Sizes(queries: 61, keys: 61, width: 20, valueWidth: 40, isCausal: true),
      Sizes(queries: 70, keys: 33, isCausal: true),  // the last queries see every key
      Sizes(queries: 33, keys: 70, isCausal: true),  // no query sees the last keys
      Sizes(queries: 270, keys: 19),  // more queries than weights are kept for
      Sizes(queries: 300, keys: 280, width: 3, valueWidth: 2, isCausal: true),
      Sizes(queries: 50, keys: 50, isCausal: true) { $0 % 3 == 1 },
      Sizes(queries: 30, keys: 49) { $0 > 20 },
    ]

    @Test(arguments: sizes) func equalsItsComposition(sizes: Sizes) throws {
      var random = TestRandom(seed: 9)
      let (q, k, v) = (
        try random.tensor([2, sizes.queries, 2, sizes.width], -2...2),
        try random.tensor([2, sizes.keys, 2, sizes.width], -2...2),
        try random.tensor([2, sizes.keys, 2, sizes.valueWidth], -2...2)
      )
      let attention = Attention(scale: 0.7, isCausal: sizes.isCausal, isTimeFirst: true)
      let mask = try sizes.masked.map { isHidden in
        // The second sequence hides its first key, so that its first query is blind.
        try Tensor(
          bools: (0..<2 * sizes.keys).map { !isHidden(($0 + $0 / sizes.keys) % sizes.keys) }, shape: [2, sizes.keys])
      }
      let shown = mask.map { [$0] } ?? []
      func results(_ inputs: [Tensor], _ body: ([Tensor]) throws -> Tensor) throws -> [Tensor] {
        let found = try Derivatives.valueAndGradients(at: inputs) { try GradientTests.weighted(body($0)) }
        return [found.value] + found.gradients
      }
      let plain = try results([q, k, v]) { try attention.composition($0 + shown)[0] }
      for (dtype, most) in [(DType.float64, 1e-12), (.float32, 2e-6)] {
        let inputs = try [q, k, v].map { try $0.cast(to: dtype) }
        let found = try results(inputs) { try Engine.shared.apply(attention, $0 + shown)[0] }
        for (a, b) in zip(found, plain) {
          let error = try KernelTests.difference(a, b)
          #expect(error < most, "\(dtype): \(error)")
        }
        if mask != nil { continue }  // those of blind queries are the kernel's own affair
        let levels = try Engine.shared.apply(attention, inputs + shown)[1]
        #expect(try KernelTests.difference(levels, attention.composition([q, k, v] + shown)[1]) < most)
      }
    }
  }
}
