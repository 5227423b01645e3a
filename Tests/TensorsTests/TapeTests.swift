import CKernels
import Testing

@testable import Tensors

extension EngineTests {
  @Suite struct TapeTests {
    @Test func gradientsOfGradients() throws {
      func slope(_ f: @escaping (Tensor) throws -> Tensor) -> (Tensor) throws -> Tensor {
        { x in try Derivatives.gradient(at: x, f) }
      }
      let x = try Tensor.number(3)
      let quartic: (Tensor) throws -> Tensor = { try $0.power(4) }
      #expect(try slope(quartic)(x).item() == 108)
      #expect(try slope(slope(quartic))(x).item() == 108)
      #expect(try slope(slope(slope(quartic)))(x).item() == 72)
      #expect(try slope(quartic)(x).spec.isWeak)
    }

    @Test func jacobianAndHessian() throws {
      let x = try Tensor([2, 3], shape: [2])
      let j = try Derivatives.jacobian(at: x) { try Tensor.concat([$0, $0.prod().reshape([1])]) }
      #expect(j.shape == [3, 2])
      #expect(try j.floats() == [1, 0, 0, 1, 3, 2])
      let h = try Derivatives.hessian(at: x) { try $0.prod() * $0.sum() }
      #expect(try h.floats() == [6, 10, 10, 4])
    }

    @Test func aLongTapeIsWalkedAndReleased() throws {
      let engine = Engine.shared
      let x = try Tensor.scalar(1, .float64)
      let gradient = try Derivatives.gradient(at: x) { x in
        var y = x
        for _ in 0..<50_000 { y = try y * 1.00004 }
        return y
      }
      #expect(try abs(gradient.item() - 7.3890) < 0.001)
      #expect(engine.tape.entries.isEmpty)
      #expect(engine.tape.depth == 0)
      let before = MemoryPool.shared.bytesInUse
      for _ in 0..<3 { _ = try Derivatives.gradient(at: x) { try $0.exp().sum() } }
      #expect(MemoryPool.shared.bytesInUse == before)
    }

    @Test func anErrorLeavesTheTapeClean() throws {
      let x = try Tensor.ones([2])
      #expect(throws: TensorError.self) { try Derivatives.gradient(at: x) { try $0.reshape([3]).sum() } }
      #expect(throws: TensorError.self) { try Derivatives.gradient(at: x) { $0 } }
      #expect(Engine.shared.tape.depth == 0)
      #expect(!Engine.shared.tape.isRecording)
      #expect(try Derivatives.gradient(at: x) { try $0.sum() }.floats() == [1, 1])
    }

    @Test func aLoopStopsAskingTheSystemForMemory() throws {
      let w = try Tensor.randomNormal([64, 32])
      func step() throws {
        _ = try Derivatives.gradient(at: w) { try Tensor.ones([16, 64]).matmul($0).tanh().square().mean() }
      }
      for _ in 0..<3 { try step() }
      let before = MemoryPool.shared.systemAllocations
      for _ in 0..<20 { try step() }
      #expect(MemoryPool.shared.systemAllocations == before)
    }

    @Test func sumsDoNotDependOnThreads() throws {
      defer { ck_set_thread_count(0) }
      let x = try Tensor.random([700_001])
      let wide = try Tensor.random([300, 3000])
      func results() throws -> [Float] {
        try x.sum().floats() + wide.sum(axes: [0]).floats() + wide.sum(axes: [1]).floats() + wide.gelu().sum().floats()
      }
      ck_set_thread_count(1)
      let one = try results()
      ck_set_thread_count(2)
      #expect(try results() == one)
    }
  }
}

extension EngineTests {
  @Suite struct MemoryTests {
    @Test func bucketsHoldWhatIsAskedAndAreFoundAgain() {
      for size in [0, 1, 64, 65, 100, 128, 129, 300, 1000, 4096, 5000, 1 << 20, (1 << 20) + 1, 12_345_678] {
        let (index, capacity) = MemoryPool.bucket(for: size)
        #expect(capacity >= size && capacity % 64 == 0)
        #expect(capacity <= max(128, size * 3 / 2))
        #expect(MemoryPool.bucket(for: capacity) == (index, capacity))
        #expect(MemoryPool.capacity(of: index) == capacity)
      }
    }

    @Test func theSystemSaysHowMuchIsLeft() throws {
      #if os(Linux)
        let available = try #require(SystemMemory.available())
        #expect(available > 0)
        #expect(throws: TensorError.self) { try Tensor.zeros([available / 4 + (1 << 30)]) }
      #endif
    }
  }
}
