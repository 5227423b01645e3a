import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite(.serialized) struct SearchTests {
  static func dataset(_ rows: Int = 30) throws -> TensorDataset {
    let x = try DataTests.matrix(rows, 3, seed: 11)
    return try TensorDataset(inputs: [x], targets: [try x.sum(axes: [1], keep: true)])
  }

  @Test func rangeTestLeavesEverythingAsItWas() throws {
    let net = try Line.net()
    let optimizer = try Make.optimizer("adam", 0.01)
    _ = try net(DataTests.matrix(1, 3))
    let before = try CheckpointTests.weights(net)
    let random = Generator.shared.state
    let range = try findRate(
      net, SearchTests.dataset(), losses: [Make.loss("mse")], optimizer: optimizer, steps: 40, batchSize: 8)
    #expect(try CheckpointTests.weights(net) == before && Generator.shared.state == random && optimizer.stepCount == 0)
    #expect(try optimizer.rate(atStep: 1) == 0.01)
    let rates = range.curve.numbers("rate")
    #expect(rates.first == 1e-6 && rates == rates.sorted() && rates.contains(range.suggestion))
    #expect(throws: TensorError.self) {
      try findRate(net, SearchTests.dataset(), losses: [Make.loss("mse")], optimizer: optimizer, low: 1, high: 0.1)
    }
  }

  @Test func everyFoldHasItsRow() throws {
    var made = 0
    let table = try crossValidate(
      make: {
        made += 1
        return try Line.net()
      }, SearchTests.dataset(), losses: [Make.loss("mse")], optimizer: { try Make.optimizer("adam", 0.05) }, folds: 3,
      seed: 1,
      options: Line.options(3))
    #expect(made == 3 && table.names == ["fold", "loss", "val_loss"] && table.numbers("fold") == [1, 2, 3])
    #expect(table.numbers("val_loss").allSatisfy { $0.isFinite && $0 > 0 })
  }

  @Test func trialsCoverTheSpace() throws {
    let grid = try trials([("a", 2), ("b", 3)])
    #expect(grid.map { $0.choices.map(\.position) } == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
    let some = try trials([("a", 2), ("b", 3)], count: 4, random: RandomStream(seed: 1))
    #expect(some.count == 4 && Set(some.map { $0.choices.map(\.position) }).count == 4)
    #expect(try trials([("a", 2)], count: 50).count == 2)
    let many = try trials([("a", 2000), ("b", 2000)], count: 10, random: RandomStream(seed: 1))
    #expect(many.count == 10)
    #expect(throws: TensorError.self) { try trials([("a", 0)]) }
    #expect(throws: TensorError.self) { try trials([]) }
    #expect(throws: TensorError.self) { try trials([("a", 1000), ("b", 1000)]) }
  }
}

/// Steps by program against steps operation by operation.
@Suite(.serialized) struct ProgramStepTests {
  static func run(_ usesPrograms: Bool, _ change: (inout FitOptions, Layer) throws -> Void) throws -> (Run, [Double]) {
    Generator.shared.seed(21)
    let net = Sequential([
      try Make.dense(8, "relu"), try Make.layer("batch_norm"), try Make.layer("dropout", [.number(0.3)]),
      try Make.dense(3, "softmax"),
    ])
    let x = try DataTests.matrix(50, 4, seed: 3)
    let y = try Tensor(int32: (0..<50).map { Int32($0 % 3) }, shape: [50])
    var options = Line.options(4)
    options.usesPrograms = usesPrograms
    options.metrics = [Accuracy()]
    options.validation = .fraction(0.2)
    try change(&options, net)
    let adam = try #require(Catalogue.optimizers.first { $0.name == "adam" }).make(
      [.number(0.02)], [("global_clip_norm", .number(0.5))])
    let run = try fit(net, Make.data(x, y), losses: [Make.loss("cross_entropy")], optimizer: adam, options: options)
    return (run, try CheckpointTests.weights(net))
  }

  @Test(arguments: ["plain", "class weights", "frozen", "track", "batches"]) func programsEqualEagerSteps(what: String)
    throws
  {
    func change(_ options: inout FitOptions, _ net: Layer) throws {
      switch what {
      case "class weights": options.classWeights = [0: 1, 1: 3, 2: 0.5]
      case "frozen":
        _ = try net(Tensor.zeros([1, 4]))
        (net as? Sequential)?.parts[0].isTrainable = false
      case "track": options.callbacks = [try Track(bins: 3)]
      case "batches":
        options.callbacks = [FunctionCallback(.batch) { $0.model.parameters.count == 8 && $0.optimizer.stepCount >= 0 }]
      default: break
      }
    }
    let (planned, weights) = try ProgramStepTests.run(true, change)
    let (plain, eagerWeights) = try ProgramStepTests.run(false, change)
    #expect(planned.explanation != plain.explanation && planned.explanation.contains("operations"))
    #expect(planned.history.names == plain.history.names && planned.steps == plain.steps)
    for name in planned.history.names {
      Golden.expectClose(
        planned.history.numbers(name), plain.history.numbers(name), "\(what) \(name)", relative: 1e-4, absolute: 1e-6)
    }
    Golden.expectClose(weights, eagerWeights, what, relative: 1e-3, absolute: 1e-5)
  }

  @Test func lossesThatLookAtValuesRunEagerly() throws {
    let x = try DataTests.matrix(20, 3)
    let y = try DataTests.matrix(20, 1, seed: 2)
    let loss = Loss(
      TensorFunction(name: "picky") { inputs in
        let error = try (inputs[0] - inputs[1]).square().mean()
        return [try error.item() > 100 ? error * 2 : error]
      })
    let run = try fit(
      Make.dense(1), Make.data(x, y), losses: [loss], optimizer: Make.optimizer("sgd", 0.1), options: Line.options(3))
    #expect(run.explanation.contains("looks at the values"))
    let losses = run.history.numbers("loss")
    #expect(losses.count == 3 && losses[2] < losses[0])
  }

  /// Fine-tuning: a loaded model with frozen layers and a new head.
  @Test func frozenLayersStayAndNewHeadsLearn() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/base.safetensors"
    let base = Sequential([try Make.dense(5, "tanh"), try Make.dense(1)])
    _ = try Line.train(base, Line.options(2))
    try ModelFile.save(base, to: path)
    let loaded = try #require(try ModelFile.load(path).model as? Sequential)
    let body = loaded.parts[0]
    body.isTrainable = false
    let before = try CheckpointTests.weights(body)
    let tuned = Sequential([body, try Make.dense(1)])
    let optimizer = try Make.optimizer("adam", 0.05)
    let run = try Line.train(tuned, Line.options(10), optimizer: optimizer)
    #expect(try CheckpointTests.weights(body) == before)
    let losses = run.history.numbers("loss")
    #expect(losses[9] < losses[0] && tuned.trainableParameters.count == 2)
    #expect(try optimizer.slots(of: tuned).count == 2)
  }
}
