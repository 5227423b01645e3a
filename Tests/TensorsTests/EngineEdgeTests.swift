import Testing

@testable import Tensors

extension EngineTests {
  /// Empty tensors, single values, dtypes, and the wording of mistakes.
  @Suite struct EdgeTests {
    func tensor(_ values: [Float], _ shape: Shape) throws -> Tensor { try Tensor(values, shape: shape) }

    func message(_ body: () throws -> Tensor) -> (kind: TensorError.Kind?, text: String) {
      do {
        _ = try body()
        return (nil, "no error")
      } catch let error as TensorError {
        return (error.kind, error.message + " | " + (error.hint ?? ""))
      } catch { return (nil, "\(error)") }
    }

    @Test func broadcastingFollowsTheRule() throws {
      let allowed: [(Shape, Shape, Shape)] = [
        ([2, 3], [3], [2, 3]), ([3], [2, 3], [2, 3]), ([4, 3, 2], [3, 2], [4, 3, 2]), ([3, 1], [1, 4], [3, 4]),
        ([1], [5], [5]), ([2, 1, 4], [1, 3, 1], [2, 3, 4]), ([2, 3, 1], [3, 1], [2, 3, 1]), ([], [2], [2]),
        ([0, 3], [3], [0, 3]), ([1, 3], [0, 3], [0, 3]),
      ]
      for (a, b, result) in allowed { #expect(try (Tensor.ones(a) + Tensor.ones(b)).shape == result, "\(a) \(b)") }
      let refused: [(Shape, Shape)] = [
        ([32], [32, 1]), ([3], [3, 4]), ([2, 3], [1]), ([2, 3, 4], [1, 4]), ([2, 3, 4], [3, 1]), ([2, 3], [3, 2]),
        ([4], [3]),
      ]
      for (a, b) in refused {
        let (kind, text) = message { try Tensor.ones(a) - Tensor.ones(b) }
        #expect(kind == .shape, "\(a) \(b): \(text)")
      }
      #expect(message { try Tensor.ones([32]) - Tensor.ones([32, 1]) }.text.contains("x[:, none]"))
    }

    @Test func broadcastValuesAgreeWithCopies() throws {
      let shapes: [(Shape, Shape)] = [
        ([3, 1500], [1500]), ([1500, 3], [1500, 1]), ([2, 1, 700], [2, 5, 1]), ([4, 1, 3, 1, 5], [1, 2, 1, 6, 1]),
        ([40, 1, 3], [40, 7, 1]), ([5, 2100], [5, 1]), ([2100, 5], [5]), ([1, 1, 3], [4, 2, 1]),
      ]
      for (a, b) in shapes {
        var random = TestRandom(seed: 7)
        let (x, y) = (try random.tensor(a, -1...1), try random.tensor(b, -1...1))
        let result = try x - y
        let plain = try x.broadcast(to: result.shape) - y.broadcast(to: result.shape)
        #expect(try result.doubles() == plain.doubles(), "\(a) \(b)")
      }
    }

    @Test func dtypesMeet() throws {
      let f = try tensor([1, 2, 3], [3])
      let i = try Tensor(int32: [1, 2, 3], shape: [3])
      let d = try f.cast(to: .float64)
      let b = try Tensor(bools: [true, false, true], shape: [3])
      #expect(try (f + 1).dtype == .float32)
      #expect(try (i + 1).dtype == .int32)
      #expect(try (i * 0.5).dtype == .float32)
      #expect(try (f + d).dtype == .float64)
      #expect(try (i + f).dtype == .float32)
      #expect(try (i / i).dtype == .float32)
      #expect(try (d / 2).dtype == .float64)
      #expect(try (b + b).dtype == .int32)
      #expect(try (f * b).dtype == .float32)
      #expect(try b.sum().dtype == .int32)
      #expect(try i.mean().dtype == .float32)
      #expect(try i.exp().dtype == .float32)
      #expect(try (Tensor.number(2) * Tensor.number(3)).spec.isWeak)
      #expect(try f.less(2).bools() == [true, false, false])
      #expect(try i.greater(1.5).bools() == [false, true, true])
      #expect(try Tensor.where(b, i, i).dtype == .int32)
    }

    @Test func wholeNumbersThatDoNotFitAreErrors() throws {
      let large = try Tensor(int32: [2_000_000_000, 3], shape: [2])
      #expect(message { try large + large }.kind == .value)
      #expect(message { try large * large }.kind == .value)
      #expect(message { try large.sum() + large.sum() }.kind == .value)
      #expect(message { try large.cumprod() }.kind == .value)
      #expect(message { try large.matmul(large) }.kind == .value)
      #expect(message { try large.floorDivide(0) }.kind == .value)
      #expect(message { try large.power(-1) }.kind == .value)
      #expect(message { try Tensor(int32: [.min], shape: [1]).abs() }.kind == .value)
      #expect(message { try Tensor(int32: [.min], shape: [1]).floorDivide(-1) }.kind == .value)
      for value in [Double.nan, 0.5, 3e9, -.infinity] {
        #expect(message { try Tensor([value], shape: [1], dtype: .float64).cast(to: .int32) }.kind == .value)
        #expect(message { try self.tensor([Float(value)], [1]).cast(to: .int32) }.kind == .value)
      }
      #expect(try Tensor(int32: [-7, 7], shape: [2]).floorDivide(2).int32s() == [-4, 3])
      #expect(try Tensor(int32: [-7, 7], shape: [2]).modulo(3).int32s() == [2, 1])
    }

    @Test func emptyAndSingle() throws {
      let empty = try Tensor.zeros([0, 3])
      #expect(try empty.sum().item() == 0)
      #expect(try empty.prod().item() == 1)
      #expect(try empty.mean().item().isNaN)
      #expect(try empty.sum(axes: [0]).floats() == [0, 0, 0])
      #expect(try empty.all().item() == 1)
      #expect(message { try empty.max() }.kind == .value)
      #expect(message { try empty.argmin(axis: 0) }.text.contains("argmin"))
      #expect(try empty.exp().shape == [0, 3])
      #expect(try empty.matmul(Tensor.ones([3, 2])).shape == [0, 2])
      #expect(try Tensor.ones([2, 0]).matmul(Tensor.ones([0, 3])).floats() == [0, 0, 0, 0, 0, 0])
      #expect(try empty.transpose().shape == [3, 0])
      #expect(try empty.sort().shape == [0, 3])
      #expect(try Tensor.concat([empty, empty], axis: 1).shape == [0, 6])
      #expect(try Tensor.zeros([0]).unique().count == 0)
      #expect(try Tensor.zeros([0]).cumsum().count == 0)
      let single = try Tensor.scalar(4, .float32)
      #expect(try single.sum().item() == 4)
      #expect(try single.sqrt().item() == 2)
      #expect(try single.transpose().shape == [])
      #expect(try single.argmax().item() == 0)
      #expect(try single.reshape([1, 1]).squeeze().item() == 4)
      #expect(try Tensor.ones([5]).variance().item() == 0)
      #expect(try Derivatives.gradient(at: Tensor.ones([5])) { try $0.std() }.floats() == [0, 0, 0, 0, 0])
      #expect(try Derivatives.gradient(at: Tensor.zeros([3])) { try $0.norm() }.floats() == [0, 0, 0])
      #expect(try tensor([1e4, -1e4], [2]).logSumExp().item() == 1e4)
      #expect(try tensor([-.infinity, -.infinity], [2]).logSumExp().item() == -.infinity)
      #expect(try tensor([1, .nan, 3], [3]).max().item().isNaN)
      #expect(try tensor([1, .nan, 3], [3]).median().item().isNaN)
      #expect(try tensor([2, .nan, 1], [3]).sort().floats()[0...1] == [1, 2])
      #expect(try Tensor.eye(0).det().item() == 1)
      #expect(try Tensor.number(2).reshape([1]).dtype == .float32)
      #expect(try Tensor.stack([.number(1), .number(2)]).dtype == .float32)
      #expect(try Tensor.number(2).broadcast(to: [2, 2]).floats() == [2, 2, 2, 2])
      #expect(try Tensor.number(0.1).median().item() == 0.1)
    }

    @Test func tiesShareEvenly() throws {
      func slopes(_ values: [Float], _ f: (Tensor) throws -> Tensor) throws -> [Float] {
        try Derivatives.gradient(at: tensor(values, [values.count]), f).floats()
      }
      #expect(try slopes([3, 3]) { try $0.max() } == [0.5, 0.5])
      #expect(try slopes([1, 1, 5]) { try $0.min() } == [0.5, 0.5, 0])
      #expect(try slopes([1, 2, 3, 4]) { try $0.median() } == [0, 0.5, 0.5, 0])
      #expect(try slopes([2, 2, 2]) { try $0.median() * 3 } == [1, 1, 1])
      #expect(try slopes([2]) { try Tensor.maximum($0, Tensor.number(2)).sum() } == [0.5])
      #expect(try slopes([0, 1, 0.5, 1.5, -1]) { try $0.clip(0, 1).sum() } == [1, 1, 1, 0, 0])
      #expect(try slopes([0, 2, 0]) { try $0.prod() } == [0, 0, 0])
      #expect(try slopes([3, 2, 0]) { try $0.prod() } == [0, 0, 6])
      #expect(try slopes([0]) { try ($0.abs() + $0.relu() + $0.sign()).sum() } == [0])
      #expect(try slopes([0, 0]) { try $0.power(2).sum() } == [0, 0])
    }

    @Test func mistakesAreNamedAndRepaired() throws {
      let product = message { try Tensor.ones([64, 784]).matmul(Tensor.ones([128, 10])) }
      #expect(product.text.hasPrefix("@ needs the inner sizes to agree: 64×784 times 128×10 has 784 and 128"))
      #expect(message { try Tensor.ones([4, 3]).matmul(Tensor.ones([5, 3])) }.text.contains(".T"))
      #expect(message { try Tensor.ones([3]).sum(axes: [5]) }.kind == .index)
      #expect(message { try Tensor.ones([3]).sum(axes: [.min]) }.kind == .index)
      #expect(message { try Tensor.ones([3, 2]).sum(axes: [0, -2]) }.kind == .value)
      #expect(message { try Tensor.ones([6]).reshape([4, -1]) }.kind == .shape)
      #expect(message { try Tensor.ones([6]).reshape([-1, -1]) }.kind == .shape)
      #expect(message { try Tensor.zeros([1_000_000, 1_000_000]) }.text.contains("4 TB"))
      #expect(message { try Tensor.zeros([.max, .max]) }.kind == .value)
      #expect(message { try Tensor.zeros([-1]) }.kind == .value)
      #expect(message { try Tensor.ones([3]).slice([.position(3)]) }.text.contains("the size is 3"))
      #expect(message { try Tensor.ones([3]).slice([.position(.min)]) }.kind == .index)
      #expect(message { try Tensor.ones([3]).slice([.position(0), .position(0)]) }.kind == .index)
      #expect(message { try Tensor.ones([3]).slice([.range(start: nil, end: nil, step: 0)]) }.kind == .index)
      #expect(message { try Tensor.ones([3]).slice([.positions(Tensor.ones([2]))]) }.text.contains("x[(0, 2)]"))
      #expect(message { try Tensor.ones([3]).slice([.mask(Tensor(bools: [true], shape: [1]))]) }.kind == .index)
      #expect(message { try Tensor.ones([3]).gather(Tensor(int32: [3], shape: [1])) }.kind == .index)
      #expect(message { try Tensor.ones([3]).logicalNot() }.kind == .type)
      #expect(message { try Tensor.ones([3]).oneHot(1) }.kind == .value)
      #expect(message { try Tensor.ones([3]).tile([.max]) }.kind == .value)
      #expect(message { try Tensor.ones([2, 2]).inverse() }.kind == .value)
      #expect(message { try Tensor.ones([2, 3]).det() }.kind == .shape)
      #expect(message { try (Tensor.eye(2) * -1).cholesky() }.kind == .value)
      #expect(message { try Tensor.einsum("ij,jk", [Tensor.ones([2, 3])]) }.kind == .value)
      #expect(message { try Tensor.einsum("ij,jk->ik", [Tensor.ones([2, 3]), Tensor.ones([2, 3])]) }.kind == .shape)
    }

    @Test func ellipsesOfEinsumMeetAtTheirLastAxes() throws {
      func shape(_ text: String, _ shapes: Shape...) throws -> Shape {
        try Tensor.einsum(text, shapes.map { try Tensor.ones($0) }).shape
      }
      #expect(try shape("...ij,...jk->...ik", [5, 1, 2, 3], [4, 3, 2]) == [5, 4, 2, 2])
      #expect(try shape("...i->...", [2, 3, 4]) == [2, 3])
      #expect(try shape("b...,b...->b...", [2, 3], [2, 3]) == [2, 3])
      #expect(try shape("...,...", [2, 3], [3]) == [2, 3])
      #expect(try shape("ij...", [2, 3, 4]) == [4, 2, 3])
      #expect(message { try Tensor.einsum("...i->...i...", [Tensor.ones([2])]) }.kind == .value)
      #expect(message { try Tensor.einsum("..i->i", [Tensor.ones([2])]) }.text.contains("three points"))
      #expect(message { try Tensor.einsum("ij->...ij", [Tensor.ones([2, 2])]) }.text.contains("on no operand"))
      #expect(message { try Tensor.einsum("ijk...", [Tensor.ones([2, 2])]) }.kind == .shape)
      let sizes = message { try Tensor.einsum("...i,...i->...", [Tensor.ones([2, 3]), Tensor.ones([4, 3])]) }
      #expect(sizes.kind == .shape && sizes.text.contains("`...`"))
    }

    @Test func normsOfEveryOrder() throws {
      let x = try tensor([3, 0, -4, 1], [4])
      #expect(try x.norm(ord: 0).item() == 3)
      #expect(try x.norm(ord: .infinity).item() == 4)
      #expect(try x.norm(ord: -.infinity).item() == 0)
      #expect(try tensor([2, -2], [2]).norm(ord: -1).item() == 1)
      #expect(try x.norm(ord: 3).item() - 4.514357 < 1e-5)
      #expect(try Tensor.zeros([3]).norm(ord: 3).item() == 0)
      #expect(message { try x.norm(ord: .nan) }.kind == .value)
    }

    @Test func longKernelsStopWhenAsked() throws {
      struct Stop: Error {}
      let engine = Engine.shared
      let outer = engine.interruptionCheck
      defer { engine.interruptionCheck = outer }
      let numbers = try Tensor.random([1 << 23])
      let matrix = try Tensor.random([256, 256], .float64)
      func stops(_ body: () throws -> Tensor) {
        var asked = 0
        engine.interruptionCheck = {
          asked += 1
          if asked > 1 { throw Stop() }
        }
        #expect(throws: Stop.self) { try body() }
        engine.interruptionCheck = nil
      }
      stops { try numbers.argsort() }
      stops { try Tensor.permutation(1 << 23) }
      stops { try matrix.matmul(matrix) }
      #expect(try (matrix + 1).count == 1 << 16)
    }

    @Test func sizesBeyondMemoryAreRefusedBeforeTheWork() throws {
      #expect(message { try Derivatives.jacobian(at: Tensor.ones([2_000_000])) { try $0 * 2 } }.text.contains("memory"))
      let zeros = try Tensor.zeros([3 << 20])
      #expect(try zeros.doubles().allSatisfy { $0 == 0 })
    }

    @Test func aFractionMakesWholeNumbersFloat32() throws {
      let i = try Tensor(int32: [1, 2, 3], shape: [3])
      #expect(try Tensor.maximum(i, .number(2.5)).dtype == .float32)
      #expect(try Tensor.maximum(i, .number(2)).dtype == .int32)
      #expect(try Tensor.where(i.greater(1.5), i, .number(0.5)).dtype == .float32)
      #expect(try i.greater(2.5).bools() == [false, false, true])
    }

    @Test func slicesAreThoseOfPython() throws {
      let x = try tensor([0, 1, 2, 3, 4], [5])
      func part(_ start: Int?, _ end: Int?, _ step: Int = 1) throws -> [Float] {
        try x.slice([.range(start: start, end: end, step: step)]).floats()
      }
      #expect(try part(1, 3) == [1, 2])
      #expect(try part(1, 100) == [1, 2, 3, 4])
      #expect(try part(3, 1) == [])
      #expect(try part(nil, nil, 2) == [0, 2, 4])
      #expect(try part(nil, nil, -1) == [4, 3, 2, 1, 0])
      #expect(try part(-2, nil) == [3, 4])
      #expect(try part(4, 0, -2) == [4, 2])
      #expect(try part(.min, .max) == [0, 1, 2, 3, 4])
      #expect(try part(.max, .min, .min) == [4])
      #expect(try part(nil, nil, .max) == [0])
      let m = try tensor([1, 2, 3, 4, 5, 6], [3, 2])
      #expect(try m.slice([.positions(Tensor(int32: [0, 2], shape: [2])), .position(1)]).floats() == [2, 6])
      #expect(try m.slice([.all, .positions(Tensor(int32: [1, 0], shape: [2]))]).floats() == [2, 1, 4, 3, 6, 5])
      #expect(try m.slice([.mask(m.greater(2))]).floats() == [3, 4, 5, 6])
      #expect(try m.slice([.mask(Tensor(bools: [true, false, true], shape: [3]))]).shape == [2, 2])
      #expect(try m.slice([.ellipsis, .newAxis]).shape == [3, 2, 1])
    }

    @Test func assignmentChangesInPlaceOnlyWhereNobodyElseSees() throws {
      var x = try tensor([0, 0, 0], [3])
      let before = try x.data()
      try Tensor.assign(&x, [.position(1)], .number(5))
      #expect(try x.data() == before)
      #expect(try x.floats() == [0, 5, 0])
      let other = x
      try Tensor.assign(&x, [.range(start: 1, end: nil, step: 1)], .number(7))
      #expect(try other.floats() == [0, 5, 0])
      #expect(try x.floats() == [0, 7, 7])
      let view = try x.reshape([3, 1])
      try Tensor.assign(&x, [.mask(x.greater(1))], .number(1))
      #expect(try view.floats() == [0, 7, 7])
      #expect(try x.floats() == [0, 1, 1])
      try Tensor.assign(&x, [.positions(Tensor(int32: [0, 2], shape: [2]))], self.tensor([8, 9], [2]))
      #expect(try x.floats() == [8, 1, 9])
      #expect(throws: TensorError.self) { try Tensor.assign(&x, [.all], self.tensor([1, 2], [2])) }
      var counted = try Tensor(int32: [1, 2], shape: [2])
      #expect(throws: TensorError.self) { try Tensor.assign(&counted, [.position(0)], .number(0.5)) }
    }
  }
}
