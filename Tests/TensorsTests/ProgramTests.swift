import CKernels
import Testing

@testable import Tensors

extension EngineTests {
  /// Programs against the same functions on tensors.
  @Suite struct ProgramTests {
    /// A step of a small network: loss, gradients, and an update with momentum.
    static func step(_ inputs: [Tensor], _ state: [Tensor]) throws -> (outputs: [Tensor], state: [Tensor]) {
      let (x, y, rate) = (inputs[0], inputs[1], inputs[2])
      let found = try Engine.shared.tape.gradients(of: Array(state[..<4]), loss: { (r: [Tensor]) in r[0] }) { w in
        let hidden = try (x.matmul(w[0]) + w[1]).tanh()
        let logits = try hidden.matmul(w[2]) + w[3]
        let loss = try softmaxCrossEntropy(logits, y).mean() + w[0].abs().sum() * 0.01
        return [loss, logits]
      }
      var (weights, memory): ([Tensor], [Tensor]) = ([], [])
      for index in 0..<4 {
        let gradient = try found.gradients[index] ?? Tensor.zerosLike(state[index])
        let velocity = try state[4 + index] * 0.9 - gradient * rate
        memory.append(velocity)
        weights.append(try state[index] + velocity)
      }
      return (found.result, weights + memory)
    }

    static func material(seed: UInt64) throws -> (inputs: [Tensor], state: [Tensor]) {
      var random = TestRandom(seed: seed)
      let shapes: [Shape] = [[3, 5], [5], [5, 4], [4]]
      let weights = try shapes.map { try random.tensor($0, -1...1).cast(to: .float32) }
      let x = try random.tensor([6, 3], -1...1).cast(to: .float32)
      let y = try Tensor(int32: [0, 3, 1, 2, 2, 0], shape: [6])
      return ([x, y, try Tensor.number(0.1)], weights + (try weights.map(Tensor.zerosLike)))
    }

    @Test func twentyStepsAgreeWithEager() throws {
      let (inputs, start) = try Self.material(seed: 1)
      let program = try Program.trace(inputs: inputs.map(\.spec), state: start.map(\.spec), Self.step)
      var (compiled, eager) = (try start.map { try $0 + 0 }, start)
      for _ in 0..<20 {
        let a = try program.run(inputs, state: &compiled)
        let b = try Self.step(inputs, eager)
        eager = b.state
        for (x, y) in zip(a + compiled, b.outputs + b.state) {
          let error = try KernelTests.difference(x, y)
          #expect(error < 1e-6)
        }
      }
    }

    @Test func stateChangesInPlaceOnlyWhereNobodySees() throws {
      let (inputs, start) = try Self.material(seed: 2)
      let program = try Program.trace(inputs: inputs.map(\.spec), state: start.map(\.spec), Self.step)
      var state = try start.map { try $0 + 0 }
      let held = state[0]
      let before = try held.floats()
      _ = try program.run(inputs, state: &state)
      #expect(try held.floats() == before)
      #expect(try state[0].floats() != before)
      let address = try state[1].data()
      let other = try state[0].data()
      _ = try program.run(inputs, state: &state)
      #expect(try state[1].data() == address)
      #expect(try state[0].data() == other)
      let allocations = MemoryPool.shared.systemAllocations
      for _ in 0..<10 { _ = try program.run(inputs, state: &state) }
      #expect(MemoryPool.shared.systemAllocations == allocations)
    }

    @Test func oneAndTwoThreadsGiveTheSameBytes() throws {
      var random = TestRandom(seed: 9)
      let specs = [Spec(.float32, [96, 300]), Spec(.float32, [300, 500]), Spec(.float32, [500])]
      let tensors = try specs.map { try random.tensor($0.shape, -1...1).cast(to: .float32) }
      let program = try Program.trace(inputs: specs) { x in
        let found = try Engine.shared.tape.gradients(of: x, loss: { (r: Tensor) in r }) { v in
          try (v[0].matmul(v[1]) + v[2]).gelu().softmax().square().mean()
        }
        return [found.result] + found.gradients.compactMap { $0 }
      }
      let threads = ck_thread_count()
      defer { ck_set_thread_count(threads) }
      ck_set_thread_count(1)
      let one = try program.run(tensors).map { try $0.floats() }
      ck_set_thread_count(2)
      #expect(try program.run(tensors).map { try $0.floats() } == one)
    }

    @Test func randomOperationsDrawWhatEagerDraws() throws {
      func noisy(_ x: [Tensor]) throws -> [Tensor] {
        let mask = try Tensor.random([4, 3]).greaterEqual(0.5).cast(to: .float32)
        let noise = try Tensor.randomNormal([4, 3])
        return [try x[0] * mask + noise, try noise * 2]
      }
      let x = try Tensor.ones([4, 3])
      let program = try Program.trace(inputs: [x.spec], noisy)
      Generator.shared.seed(5)
      let eager = try (0..<3).flatMap { _ in try noisy([x]).map { try $0.floats() } }
      Generator.shared.seed(5)
      #expect(try (0..<3).flatMap { _ in try program.run([x]).map { try $0.floats() } } == eager)
    }

    @Test func aFunctionThatLooksAtValuesIsNotTraced() throws {
      #expect(throws: AbstractDataError.self) {
        try Program.trace(inputs: [Spec(.float32, [2])]) { x in
          try x[0].sum().item() > 0 ? [x[0]] : [try -x[0]]
        }
      }
      // The tape is as before.
      #expect(Engine.shared.tape.depth == 0 && !Engine.shared.tape.isTracing)
    }

    @Test func elementwiseOperationsShareOnePass() throws {
      let specs = [Spec(.float32, [8, 16]), Spec(.float32, [8, 16]), Spec(.float32, [16]), Spec(.float32, [8, 1])]
      let program = try Program.trace(inputs: specs) { x in
        [try ((x[0] * x[1] + x[2]).tanh() * x[0].sigmoid() - x[3]).square()]
      }
      #expect(program.steps.count == 1)
      #expect(program.layout.plan.byteCount == 0)
      #expect(program.explanation.contains("fused into 1 passes"))
      var random = TestRandom(seed: 4)
      let x = try specs.map { try random.tensor($0.shape, -1...1).cast(to: .float32) }
      let eager = try ((x[0] * x[1] + x[2]).tanh() * x[0].sigmoid() - x[3]).square()
      #expect(try KernelTests.difference(program.run(x)[0], eager) < 1e-6)
    }

    @Test func cheapResultsAreComputedAgainInsteadOfKept() throws {
      func step(_ x: [Tensor]) throws -> [Tensor] {
        let found = try Engine.shared.tape.gradients(of: x, loss: { (r: Tensor) in r }) { x in
          let y = try x[0].matmul(x[1]).reshape([2, 64, 256])
          let z = try 0.5 * y * (1 + (0.8 * (y + 0.04 * y * y * y)).tanh())
          return try z.reshape([128, 256]).matmul(x[1]).square().mean()
        }
        return [found.result] + found.gradients.compactMap { $0 }
      }
      let specs = [Spec(.float32, [128, 256]), Spec(.float32, [256, 256])]
      let program = try Program.trace(inputs: specs, step)
      #expect(program.recomputedCount > 0)
      #expect(program.explanation.contains("computed again"))
      var random = TestRandom(seed: 4)
      let x = try specs.map { try random.tensor($0.shape, -0.1...0.1).cast(to: .float32) }
      for (mine, eager) in zip(try program.run(x), try step(x)) {
        #expect(try KernelTests.difference(mine, eager) < 1e-6)
      }
    }

    @Test func resultsMayBeInputsConstantsAndEachOther() throws {
      let program = try Program.trace(inputs: [Spec(.float32, [2])], state: [Spec(.float32, [2]), Spec(.float32, [2])])
      { x, s in
        let y = try x[0] + s[0]
        return (outputs: [x[0], y, try y.reshape([1, 2]), s[0], try Tensor.ones([1])], state: [s[1], s[0]])
      }
      var state = [try Tensor([1, 2], shape: [2]), try Tensor([5, 6], shape: [2])]
      let found = try program.run([try Tensor([10, 20], shape: [2])], state: &state)
      #expect(try found.map { try $0.floats() } == [[10, 20], [11, 22], [11, 22], [1, 2], [1]])
      #expect(try state.map { try $0.floats() } == [[5, 6], [1, 2]])
      #expect(found[2].shape == [1, 2])
    }

    @Test func gradientsDoNotPassThroughSilently() throws {
      let program = try Program.trace(inputs: [Spec(.float32, [2])]) { [try $0[0] * 2] }
      #expect(throws: AbstractDataError.self) {
        try Derivatives.gradient(at: .ones([2])) { try program.run([$0])[0].sum() }
      }
    }

    @Test func otherShapesAreRefused() throws {
      let program = try Program.trace(inputs: [Spec(.float32, [2])]) { [try $0[0] * 2] }
      #expect(throws: TensorError.self) { try program.run([try Tensor.ones([3])]) }
      #expect(throws: TensorError.self) { try program.run([]) }
    }

    /// Values and gradients of every kernel through a program.
    @Test func everyOperationAgreesWithEager() throws {
      var eagerOnly: [String] = []
      for (number, sample) in Samples.all.enumerated() {
        var random = TestRandom(seed: UInt64(number + 5))
        let x = try sample.inputs.map { try random.tensor($0.0, $0.1) }
        func both(_ x: [Tensor]) throws -> [Tensor] {
          let found = try Derivatives.valueAndGradients(at: x) { try GradientTests.weighted(sample.function($0)) }
          return [found.value] + found.gradients
        }
        do {
          let program = try Program.trace(inputs: x.map(\.spec), both)
          for (a, b) in zip(try program.run(x), try both(x)) {
            let error = try KernelTests.difference(a, b)
            #expect(error < 1e-12, "\(sample): \(error)")
          }
        } catch is AbstractDataError {
          eagerOnly.append("\(sample)")
        } catch { Issue.record("\(sample): \(error)") }
      }
      // The shape of what a mask picks depends on values.
      #expect(eagerOnly == ["mask"])
    }
  }
}

extension EngineTests.ProgramTests {
  @Test func biasAndReluJoinProductsAndConvolutions() throws {
    let specs = [
      Spec(.float32, [2, 6, 6, 3]), Spec(.float32, [3, 3, 3, 5]), Spec(.float32, [5]), Spec(.float32, [80, 7]),
      Spec(.float32, [7]),
    ]
    func forward(_ x: [Tensor]) throws -> [Tensor] {
      let features = try conv(x[0], x[1], bias: x[2]).relu()
      let added = try (conv(x[0], x[1], padding: [(1, 1), (0, 1)]) + x[2]).relu()
      return [
        try (features.reshape([2, 80]).matmul(x[3]) + x[4]).relu(), try features.reshape([2, 80]).matmul(x[3]) + x[4],
        added,
      ]
    }
    let program = try Program.trace(inputs: specs, forward)
    #expect(program.steps.filter { $0.name.contains("convolution, add") }.count == 2)
    var random = TestRandom(seed: 8)
    let x = try specs.map { try random.tensor($0.shape, -1...1).cast(to: .float32) }
    for (a, b) in zip(try program.run(x), try forward(x)) {
      let error = try EngineTests.KernelTests.difference(a, b)
      #expect(error < 1e-6)
    }
  }
}
