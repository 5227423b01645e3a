import Testing

@testable import Tensors

/// All suites of the engine: it belongs to one thread, so they run one after another.
@Suite(.serialized) struct EngineTests {}

extension EngineTests {
  /// Gradients of every operation against central differences in float64.
  @Suite struct GradientTests {
    /// The sum of the result's elements, each with its own weight.
    static func weighted(_ y: Tensor) throws -> Tensor {
      var random = TestRandom(seed: 5)
      return try (y * random.tensor(y.shape, 0.5...1.5)).sum()
    }

    @Test func firstAndSecondDerivativesAgreeWithDifferences() throws {
      for (number, sample) in Samples.all.enumerated() {
        var random = TestRandom(seed: UInt64(number + 1))
        let x = try sample.inputs.map { try random.tensor($0.0, $0.1) }
        do {
          let first = try Derivatives.check(at: x) { try Self.weighted(sample.function($0)) }
          for check in first { #expect(check.largestError < 1e-7, "\(sample): first derivative") }
          guard sample.twice else { continue }
          let second = try Derivatives.check(at: x) { inputs in
            let gradients = try Derivatives.valueAndGradients(at: inputs) { try Self.weighted(sample.function($0)) }
              .gradients
            return try gradients.map { try Self.weighted($0.sin()) }.reduce(Tensor.scalar(0, .float64)) { try $0 + $1 }
          }
          for check in second { #expect(check.largestError < 2e-6, "\(sample): second derivative") }
        } catch { Issue.record("\(sample): \(error)") }
      }
    }

    /// The helper must notice a wrong gradient.
    @Test func theCheckFailsOnAWrongGradient() throws {
      let x = try Tensor([1.5], shape: [1], dtype: .float64)
      let wrong = try Derivatives.check(at: [x]) { try ($0[0].square() + $0[0].stopGradient()).sum() }
      #expect(wrong[0].largestError > 0.1)
    }
  }
}
