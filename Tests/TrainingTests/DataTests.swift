import FileFormats
import Tensors
import Testing

@testable import Training

@Suite struct DataTests {
  static func matrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) throws -> Tensor {
    try Tensor(RandomStream(seed: seed).uniforms(rows * columns), shape: [rows, columns], dtype: .float32)
  }

  static func counted(_ shape: Shape) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map(Double.init), shape: shape, dtype: .float32)
  }

  @Test func goldenPreparation() throws {
    var count = 0
    for golden in try Golden.cases("data") {
      let text = try #require(golden["glia"]?.string)
      let inputs = golden["inputs"]
      func input(_ name: String) throws -> Tensor { try Golden.tensor(#require(inputs?[name])) }
      let result: Tensor
      switch text {
      case "standardize(x)(x)": result = try ColumnScaling.standardize(input("x"))(input("x"))
      case "standardize(x)(t)": result = try ColumnScaling.standardize(input("x"))(input("t"))
      case "standardize(x).inverse(t)": result = try ColumnScaling.standardize(input("x")).inverse(input("t"))
      case "min_max_scale(x)(x)": result = try ColumnScaling.minMax(input("x"))(input("x"))
      case "min_max_scale(x, lo: 0, hi: 10)(t)":
        result = try ColumnScaling.minMax(input("x"), low: 0, high: 10)(input("t"))
      case "normalize(x)": result = try normalize(input("x"))
      case "windows(x, 3, 3)": result = try windows(input("x"), size: 3, step: 3)
      case "class_weights(t)":
        let weights = try classWeights(input("t"))
        #expect(weights.map(\.label) == [0, 1, 2])
        result = try Tensor(weights.map(\.weight), shape: [3], dtype: .float32)
      case "pad_sequences(((1, 2), (3, 4, 5), (6,)))": result = try padSequences([[1, 2], [3, 4, 5], [6]])
      default: continue
      }
      let want = try #require(golden["outputs"]?["y"])
      let shape = try Golden.shape(want)
      #expect(result.shape == shape, "\(text)")
      Golden.expectClose(try result.doubles(), try Golden.numbers(want), text, relative: 1e-5, absolute: 2e-6)
      count += 1
    }
    print("data: \(count) golden cases")
    #expect(count == 11)
  }

  @Test func scalingUndoesItself() throws {
    let x = try DataTests.matrix(7, 3)
    for scaling in [try ColumnScaling.standardize(x), try ColumnScaling.minMax(x, low: -2, high: 3)] {
      Golden.expectClose(
        try scaling.inverse(scaling(x)).doubles(), try x.doubles(), "inverse", relative: 1e-5, absolute: 1e-6)
    }
    let error = #expect(throws: TensorError.self) { try ColumnScaling.standardize(x)(DataTests.matrix(7, 2)) }
    #expect(error?.kind == .shape)
  }

  @Test func splitKeepsRowsTogetherAndLosesNone() throws {
    let x = try DataTests.counted([100, 2])
    let y = try DataTests.counted([100])
    let (a, b, c, d) = try trainTestSplit(x, y, test: 0.25, seed: 3)
    #expect(a.shape == [75, 2] && b.shape == [25, 2] && c.shape == [75] && d.shape == [25])
    let (train, test) = (try c.doubles(), try d.doubles())
    #expect((train + test).sorted() == (0..<100).map(Double.init))
    #expect(try a.doubles() == train.flatMap { [2 * $0, 2 * $0 + 1] })
    let again = try trainTestSplit(x, y, test: 0.25, seed: 3)
    #expect(try again.yTrain.doubles() == train)
    let other = try trainTestSplit(x, y, test: 0.25, seed: 4)
    #expect(try other.yTrain.doubles() != train)
    #expect(throws: TensorError.self) { try trainTestSplit(x, DataTests.matrix(99, 1)) }
    for share in [0, 1.5, -0.1, 100, .nan] {
      #expect(throws: TensorError.self, "\(share)") { try trainTestSplit(x, y, test: share) }
    }
  }

  @Test func stratifiedSplitKeepsShares() throws {
    let labels = [Double](repeating: 0, count: 80) + [Double](repeating: 1, count: 20)
    let y = try Tensor(labels, shape: [100], dtype: .float32)
    let (_, _, train, test) = try trainTestSplit(y, y, test: 0.25, stratify: true)
    #expect(try train.doubles().reduce(0, +) == 15)
    #expect(try test.doubles().reduce(0, +) == 5)
  }

  @Test func foldsCoverEachRowOnce() throws {
    let folds = try kFolds(10, 3)
    #expect(folds.map(\.test) == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]])
    #expect(folds.allSatisfy { ($0.train + $0.test).sorted() == Array(0..<10) })
    #expect(try kFolds(10, 5, shuffle: true, seed: 1).flatMap(\.test).sorted() == Array(0..<10))
    #expect(throws: TensorError.self) { try kFolds(3, 4) }
  }

  @Test func batchesGiveEveryRowOnce() throws {
    let x = try DataTests.counted([10, 2])
    let y = try Tensor(int32: (0..<10).map(Int32.init), shape: [10])
    let dataset = try TensorDataset(inputs: [x], targets: [y])
    for shuffle in [false, true] {
      let pass = try Batches(dataset, size: 4, shuffle: shuffle, random: RandomStream(seed: 5)).startPass()
      var sizes: [Int] = []
      var seen: [Double] = []
      while let batch = try pass.next() {
        sizes.append(batch.rowCount)
        let labels = try batch.targets[0].doubles()
        seen += labels
        #expect(try batch.inputs[0].doubles() == labels.flatMap { [2 * $0, 2 * $0 + 1] })
      }
      #expect(sizes == [4, 4, 2])
      #expect(seen.sorted() == (0..<10).map(Double.init))
      #expect((seen == seen.sorted()) == !shuffle)
    }
    #expect(throws: TensorError.self) { try TensorDataset(inputs: [x], targets: [Rows.slice(y, 0..<9)]) }
    #expect(throws: TensorError.self) { try Batches(dataset, size: 0) }
  }

  @Test func windowsAndPadding() throws {
    let x = try DataTests.counted([6, 2])
    let result = try windows(x, size: 4, step: 2)
    #expect(result.shape == [2, 4, 2])
    #expect(try result.doubles() == (0..<8).map(Double.init) + (4..<12).map(Double.init))
    #expect(throws: TensorError.self) { try windows(x, size: 7) }
    #expect(try padSequences([[1, 2, 3], []], length: 2).doubles() == [2, 3, 0, 0])
    #expect(try padSequences([[0.5]], length: 2).dtype == .float32)
  }

  @Test func bundledSetsAreWhole() throws {
    let digits = try BundledSets.digits()
    #expect(digits.x.shape == [1797, 64] && digits.y.shape == [1797] && digits.y.dtype == .int32)
    let pixels = try digits.x.doubles()
    #expect(pixels.max() == 16 && pixels.min() == 0 && pixels.reduce(0, +) == 561_718)
    #expect(pixels[2...5] == [5, 13, 9, 1])
    #expect(Set(try digits.y.doubles()) == Set((0..<10).map(Double.init)))
    let iris = try BundledSets.iris()
    #expect(iris.x.shape == [150, 4] && iris.names.count == 4 && iris.classes.count == 3)
    #expect(try abs(iris.x.doubles()[0] - 5.1) < 1e-6)
    let wine = try BundledSets.wine()
    #expect(wine.x.shape == [178, 13] && wine.names.count == 13)
    let tumours = try BundledSets.breastCancer()
    #expect(tumours.x.shape == [569, 30] && tumours.names.count == 30)
    #expect(try tumours.y.doubles().reduce(0, +) == 357)
    let diabetes = try BundledSets.diabetes()
    #expect(diabetes.x.shape == [442, 10] && diabetes.y.shape == [442])
    #expect(try diabetes.y.doubles()[0] == 151)
    let text = try BundledSets.shakespeare()
    #expect(text.text?.hasPrefix("First Citizen:") == true)
    #expect(text.x.count == text.y.count && text.names.count > 50)
    #expect(try text.x.doubles()[1] == text.y.doubles()[0])
  }

  @Test func madeSetsHaveTheirShapes() throws {
    let random = RandomStream(seed: 2)
    for set in [
      try MadeSets.moons(51, noise: 0, random: random), try MadeSets.circles(51, random: random),
      try MadeSets.blobs(51, random: random), try MadeSets.spirals(51, random: random),
    ] {
      #expect(set.x.shape == [51, 2] && set.y.shape == [51] && set.y.dtype == .int32)
      #expect(try set.y.doubles().max() == Double(set.classes.count - 1))
    }
    let line = try MadeSets.regression(40, features: 3, random: random)
    #expect(line.x.shape == [40, 3] && line.y.shape == [40, 1])
    let wave = try MadeSets.sineWave(5)
    Golden.expectClose(try wave.y.doubles(), [0, 1, 0, -1, 0], "sine", relative: 1e-6, absolute: 1e-6)
    #expect(try MadeSets.table(.xor).y.doubles() == [0, 1, 1, 0])
    #expect(throws: TensorError.self) { try MadeSets.moons(0) }
    #expect(throws: TensorError.self) { try MadeSets.moons(10, noise: -1) }
    for size in [1 << 38, Int.max] {
      #expect(throws: TensorError.self) { try MadeSets.moons(size) }
      #expect(throws: TensorError.self) { try MadeSets.regression(size, features: size) }
      #expect(throws: TensorError.self) { try padSequences([[1]], length: size) }
    }
  }

  /// Without noise, moons are the two half circles.
  @Test func moonsLieOnTheirCircles() throws {
    let moons = try MadeSets.moons(40, noise: 0)
    let points = try moons.x.doubles()
    for (row, label) in try moons.y.doubles().enumerated() {
      let (x, y) = (points[2 * row], points[2 * row + 1])
      let radius = label == 0 ? x * x + y * y : (x - 1) * (x - 1) + (y - 0.5) * (y - 0.5)
      #expect(abs(radius - 1) < 1e-5)
    }
  }
}
