import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Makes parts of models by their names in the language.
enum Make {
  static func layer(_ name: String, _ positional: [Setting] = [], _ named: [(name: String, value: Setting)] = []) throws
    -> Layer
  {
    try #require(Catalogue.layers.first { $0.name == name }).make(positional, named)
  }

  static func activation(_ name: String) throws -> Setting {
    .activation(try #require(Catalogue.activations.first { $0.name == name }).make())
  }

  static func dense(_ units: Int, _ activation: String = "linear", _ named: [(name: String, value: Setting)] = [])
    throws -> Layer
  {
    try layer("dense", [.number(Double(units)), Make.activation(activation)], named)
  }

  static func loss(_ name: String) throws -> Loss { try #require(Catalogue.losses.first { $0.name == name }).make() }

  static func optimizer(_ name: String, _ rate: Double, _ named: [(name: String, value: Setting)] = []) throws
    -> Optimizer
  {
    try #require(Catalogue.optimizers.first { $0.name == name }).make([.number(rate)], named)
  }

  static func initializer(_ name: String, _ positional: [Setting] = []) throws -> Setting {
    .initializer(try #require(Catalogue.initializers.first { $0.name == name }).make(positional))
  }

  static func tensor(_ values: [Double], _ shape: Shape) throws -> Tensor {
    try Tensor(values, shape: shape, dtype: .float32)
  }

  static func data(_ x: Tensor, _ y: Tensor, weights: Tensor? = nil) throws -> FitSource {
    .data(try TensorDataset(inputs: [x], targets: [y], weights: weights))
  }
}

@Suite(.serialized) struct FitTests {
  /// Full-batch gradient descent from zero: every number is known.
  @Test func fullBatchNumbers() throws {
    let x = try Make.tensor([0, 1, 2, 3, 4], [5, 1])
    let y = try Make.tensor([1, 3, 5, 7, 9], [5, 1])
    let net = try Make.dense(1, "linear", [("kernel_init", Make.initializer("zeros_init"))])
    var options = FitOptions()
    options.epochs = 4
    options.batchSize = 5
    options.shuffle = false
    let run = try fit(
      net, Make.data(x, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.05), options: options)
    Golden.expectClose(run.history.numbers("loss"), [33, 3.61, 0.4113, 0.0622], "loss", relative: 1e-3, absolute: 1e-4)
    #expect(run.history.names == ["epoch", "loss", "rate"])
    #expect(run.history.numbers("epoch") == [1, 2, 3, 4])
    #expect(run.stopped == nil && run.steps == 4)
    let result = try evaluate(net, Make.data(x, y), losses: [Make.loss("mse")])
    #expect(abs(result[0].value - 0.0232) < 1e-3)
  }

  @Test func historyHasItsColumns() throws {
    let x = try DataTests.matrix(30, 2)
    let y = try Make.tensor(
      x.doubles().enumerated().compactMap { $0.offset % 2 == 0 ? ($0.element > 0.5 ? 1 : 0) : nil }, [30, 1])
    let net = Sequential([try Make.dense(4, "tanh"), try Make.dense(1, "sigmoid")])
    var options = FitOptions()
    options.epochs = 3
    options.batchSize = 10
    options.metrics = [Accuracy()]
    options.validation = .fraction(0.2)
    let run = try fit(
      net, Make.data(x, y), losses: [Make.loss("binary_cross_entropy")], optimizer: Make.optimizer("sgd", 0.25),
      options: options)
    #expect(run.history.names == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "rate"])
    #expect(run.history.rowCount == 3 && run.history.numbers("rate") == [0.25, 0.25, 0.25])
    #expect(run.steps == 9)  // 24 rows in batches of 10
    #expect(run.timing.names == ["epoch", "seconds", "samples_per_second"])
    #expect(run.best?.monitor == "val_loss")
    let whole = try Accuracy().value(prediction: predict(net, Make.data(x, y))[0], target: y)
    let judged = try evaluate(
      net, Make.data(x, y), losses: [Make.loss("binary_cross_entropy")], metrics: [Accuracy()], batchSize: 7)
    #expect(judged.map(\.name) == ["loss", "accuracy"] && judged[1].value == whole)
  }

  @Test func predictionsInBatchesEqualThoseAtOnce() throws {
    let x = try DataTests.matrix(45, 3)
    let net = Sequential([
      try Make.dense(4, "tanh"), try Make.layer("dropout", [.number(0.5)]), try Make.dense(2, "softmax"),
    ])
    let whole: Tensor = try net(x)
    for size in [4, 45, 100] {
      let parts = try predict(net, .data(TensorDataset(inputs: [x])), batchSize: size)
      #expect(parts.count == 1 && parts[0].shape == [45, 2])
      Golden.expectClose(
        try parts[0].doubles(), try whole.doubles(), "batches of \(size)", relative: 1e-5, absolute: 1e-6)
    }
    #expect(try predict(net, .data(TensorDataset(inputs: [Rows.slice(x, 0..<0)])))[0].shape == [0, 2])
  }

  @Test func targetsAreComparedBeforeTheFirstBatch() throws {
    let x = try DataTests.matrix(40, 4)
    let column = try DataTests.matrix(40, 1)
    let net = try Make.dense(1)
    let error = #expect(throws: TensorError.self) {
      try fit(
        net, Make.data(x, column.reshape([40])), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.1))
    }
    #expect(error?.kind == .shape && error?.message.contains("40") == true)
    #expect(error?.hint?.contains("none]") == true)
    let labels = try Tensor(int32: [Int32](repeating: 0, count: 39) + [3], shape: [40])
    let label = #expect(throws: TensorError.self) {
      try fit(
        Make.dense(3, "softmax"), Make.data(x, labels), losses: [Make.loss("cross_entropy")],
        optimizer: Make.optimizer("sgd", 0.1))
    }
    #expect(label?.kind == .value && label?.message.contains("row 39") == true)
    #expect(throws: TensorError.self) {
      try fit(
        net, Make.data(x, Rows.slice(column, 0..<39)), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.1)
      )
    }
  }

  @Test func lossThatIsNotFiniteNamesItsPlace() throws {
    let x = try Make.tensor([1e10, 2e10, 3e10, 4e10], [4, 1])
    let y = try Make.tensor([1, 2, 3, 4], [4, 1])
    let net = try Make.dense(1, "linear", [("kernel_init", Make.initializer("ones_init"))])
    var options = FitOptions()
    options.epochs = 50
    options.batchSize = 2
    let error = #expect(throws: TensorError.self) {
      try fit(
        net, Make.data(x, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 1000), options: options)
    }
    #expect(error?.message.contains("epoch 1, batch") == true)
    #expect(error?.message.contains("dense(1") == true)
    let bad = try Make.tensor([1, .nan, 3, 4], [4, 1])
    let inputs = #expect(throws: TensorError.self) {
      try fit(
        Make.dense(1), Make.data(bad, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.1),
        options: options)
    }
    #expect(inputs?.message.contains("inputs") == true)
  }

  @Test func progressComesForEpochsAndSeldomForBatches() throws {
    let x = try DataTests.matrix(64, 2)
    let y = try DataTests.matrix(64, 1)
    var options = FitOptions()
    options.epochs = 5
    options.batchSize = 1
    var epochs = 0
    var batches = 0
    var ended = 0
    options.progress = { event in
      switch event {
      case .started(let total, let first, let count): #expect(total == 5 && first == 1 && count == 64)
      case .batch: batches += 1
      case .epoch(let epoch):
        epochs += 1
        #expect(epoch.epoch == epochs && epoch.values.first?.name == "loss")
      case .ended: ended += 1
      }
    }
    _ = try fit(
      Make.dense(1), Make.data(x, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.01),
      options: options)
    #expect(epochs == 5 && ended == 1 && batches >= 1 && batches < 320)
  }

  @Test func classAndSampleWeightsMultiply() throws {
    let x = try DataTests.matrix(6, 2)
    let y = try Tensor(int32: [0, 1, 2, 0, 1, 2], shape: [6])
    let objective = try Objective(losses: [Make.loss("cross_entropy")], classWeights: [0: 1, 1: 2, 2: 0.5])
    let weights = try Make.tensor([1, 1, 1, 2, 2, 2], [6])
    let batch = try objective.weighted(Batch(inputs: [x], targets: [y], weights: weights))
    #expect(try batch.weights?.doubles() == [1, 2, 0.5, 2, 4, 1])
    let oneHot = try Make.tensor([1, 0, 0, 0, 1, 0], [2, 3])
    let rows = try objective.weighted(Batch(inputs: [Rows.slice(x, 0..<2)], targets: [oneHot]))
    #expect(try rows.weights?.doubles() == [1, 2])
  }

  @Test func streamsOfBatchesTrainToo() throws {
    let x = try DataTests.matrix(20, 3)
    let y = try DataTests.matrix(20, 1, seed: 2)
    var passes = 0
    let stream = StreamedBatches {
      passes += 1
      var next = 0
      return {
        guard next < 20 else { return nil }
        defer { next += 5 }
        return Batch(inputs: [try Rows.slice(x, next..<next + 5)], targets: [try Rows.slice(y, next..<next + 5)])
      }
    }
    var options = FitOptions()
    options.epochs = 3
    let run = try fit(
      Make.dense(1), .batches(stream), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.01),
      options: options)
    #expect(run.steps == 12 && passes == 4)  // one pass looks at the shapes
  }

  @Test func interruptionEndsAfterTheBatch() throws {
    let x = try DataTests.matrix(40, 3)
    let y = try DataTests.matrix(40, 1, seed: 2)
    var asked = 0
    var served = 0
    Interruption.requests = { asked }
    Interruption.serve = { served += 1 }
    defer {
      Interruption.requests = { 0 }
      Interruption.serve = {}
    }
    var options = FitOptions()
    options.epochs = 10
    options.batchSize = 10
    options.callbacks = [
      FunctionCallback(.batch) { state in
        if state.epoch == 2, state.batch == 2 { asked = 1 }; return true
      }
    ]
    let run = try fit(
      Make.dense(1), Make.data(x, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.01),
      options: options)
    #expect(run.stopped == "interrupted in epoch 2, after batch 2" && run.steps == 6 && served == 1)
    #expect(run.history.rowCount == 2)
  }
}
