import CKernels
import Testing

@testable import Tensors

extension EngineTests {
  @Suite struct RandomTests {
    /// Known answers of Philox4x32-10 (the authors' Random123 test vectors).
    @Test func philoxGivesItsPublishedWords() {
      var words: [UInt32] = [0, 0, 0, 0]
      ck_philox(0, 0, &words)
      #expect(words == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    }

    @Test func equalSeedsGiveEqualDrawsAndTheStateContinues() throws {
      let kept = Generator.shared.state
      defer { Generator.shared.state = kept }
      Generator.shared.seed(3)
      let first = try Tensor.random([5]).floats()
      let saved = try #require(Generator.State(words: Generator.shared.state.words))
      let second = try Tensor.random([5]).floats()
      #expect(first != second)
      Generator.shared.state = saved
      #expect(try Tensor.random([5]).floats() == second)
      Generator.shared.seed(3)
      #expect(try Tensor.random([5]).floats() == first)
    }

    @Test func drawsDoNotDependOnThreads() throws {
      let kept = Generator.shared.state
      defer {
        Generator.shared.state = kept
        ck_set_thread_count(0)
      }
      ck_set_thread_count(1)
      Generator.shared.seed(9)
      let one = try Tensor.randomNormal([200_000]).floats()
      ck_set_thread_count(2)
      Generator.shared.seed(9)
      #expect(try Tensor.randomNormal([200_000]).floats() == one)
    }

    @Test func momentsAndRanges() throws {
      let kept = Generator.shared.state
      defer { Generator.shared.state = kept }
      Generator.shared.seed(1)
      for dtype in [DType.float32, .float64] {
        let uniform = try Tensor.random([50_000], dtype)
        #expect(try uniform.min().item() >= 0)
        #expect(try uniform.max().item() < 1)
        #expect(try abs(uniform.mean().item() - 0.5) < 0.01)
        let normal = try Tensor.randomNormal([50_001], dtype)
        #expect(try abs(normal.mean().item()) < 0.02)
        #expect(try abs(normal.std().item() - 1) < 0.02)
        let cut = try Tensor.randomTruncatedNormal([20_000], dtype)
        #expect(try cut.abs().max().item() <= 2)
        #expect(try abs(cut.std().item() - 0.87962566) < 0.02)
      }
      let whole = try Tensor.randomIntegers(-2, 3, [1000]).int32s()
      #expect(Set(whole) == [-2, -1, 0, 1, 2])
      #expect(try Tensor.permutation(101).int32s().sorted() == (0..<101).map(Int32.init))
      #expect(try abs(Tensor.bernoulli(0.25, [10_000]).mean().item() - 0.25) < 0.02)
      #expect(throws: TensorError.self) { try Tensor.randomIntegers(5, 5, [2]) }
    }
  }
}
