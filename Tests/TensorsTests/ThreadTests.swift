import CKernels
import Testing

@testable import Tensors

extension EngineTests {
  /// Every kernel that shares its work out gives the same bytes on one and two threads, gradients included.
  @Suite struct ThreadTests {
    private func tensor(_ shape: Shape, _ seed: UInt64) throws -> Tensor {
      var random = TestRandom(seed: seed)
      return try random.tensor(shape, -1...1).cast(to: .float32)
    }

    private func check(
      _ shapes: [Shape], sourceLocation: SourceLocation = #_sourceLocation,
      _ body: @escaping ([Tensor]) throws -> Tensor
    ) throws {
      defer { ck_set_thread_count(0) }
      let x = try shapes.enumerated().map { try tensor($1, UInt64($0 + 1)) }
      func results() throws -> [[Float]] {
        let found = try Engine.shared.tape.gradients(of: x, loss: { (r: Tensor) in r }) {
          try body($0).square().mean()
        }
        return try [found.result.floats()] + found.gradients.compactMap { try $0?.floats() }
      }
      ck_set_thread_count(1)
      let one = try results()
      #expect(one.allSatisfy { $0.contains { $0 != 0 } }, sourceLocation: sourceLocation)
      ck_set_thread_count(2)
      for _ in 0..<3 { #expect(try results() == one, sourceLocation: sourceLocation) }
    }

    @Test func products() throws {
      try check([[40, 300], [300, 600]]) { try $0[0].matmul($0[1]) }
      try check([[600, 130], [130, 70]]) { try $0[0].matmul($0[1]) }
      try check([[1, 900], [900, 700]]) { try $0[0].matmul($0[1]) }
    }

    @Test func convolutions() throws {
      try check([[9, 17, 15, 8], [3, 3, 8, 24]]) { try conv($0[0], $0[1], padding: [(1, 1), (1, 1)]).relu() }
      try check([[9, 16, 16, 8], [3, 3, 8, 24]]) { try conv($0[0], $0[1], strides: [2, 2]) }
      try check([[2, 40, 30, 8], [1, 1, 8, 40]]) { try conv($0[0], $0[1], strides: [2, 3]) }
      try check([[5, 17, 16, 32], [3, 3, 32, 40]]) { try conv($0[0], $0[1], padding: [(1, 1), (1, 1)]).relu() }
    }

    @Test func recurrentLayers() throws {
      for kind in [RecurrentKind.lstm, .gru, .simple] {
        let width = kind.gates * 48
        try check([[13, 30, 20], [20, width], [48, width]]) {
          try recurrent(kind, $0[0], kernel: $0[1], recurrent: $0[2]).states
        }
      }
    }

    @Test func attentionAndNormalisations() throws {
      try check([[4, 4, 90, 16], [4, 4, 90, 16], [4, 4, 90, 16]]) {
        try attentionCore($0[0], $0[1], $0[2], causal: true)
      }
      try check([[3000, 12], [12], [12]]) { try batchNorm($0[0], gamma: $0[1], beta: $0[2]).result.tanh() }
      try check([[3000, 130], [130], [130]]) { try batchNorm($0[0], gamma: $0[1], beta: $0[2]).result.tanh() }
      try check([[2000, 130], [130], [130]]) { try layerNorm($0[0], gamma: $0[1], beta: $0[2]).tanh() }
    }

    @Test func pools() throws {
      try check([[9, 40, 40, 16]]) { try maxPool($0[0], size: [2, 2]) }
      try check([[9, 40, 40, 16]]) { try avgPool($0[0], size: [3, 3], strides: [2, 2]) }
    }
  }
}
