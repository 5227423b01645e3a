import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite(.serialized) struct CheckpointTests {
  static func weights(_ net: Layer) throws -> [Double] {
    try net.parameters.flatMap { try $0.parameter.value.doubles() }
  }

  static func callbacks(_ folder: String) throws -> [any Callback] {
    [
      CheckpointCallback("\(folder)/run.checkpoint", bestOnly: false), CSVLog("\(folder)/log.csv"),
      try EarlyStopping(monitor: "loss", patience: 50),
      try ReduceRateOnPlateau(monitor: "loss", factor: 0.5, patience: 1, margin: 0.002),
    ]
  }

  static func optimizer() throws -> Optimizer {
    let schedule = try #require(Catalogue.schedules.first { $0.name == "exponential_decay" }).make([
      .number(0.05), .number(5), .number(0.9),
    ])
    return try #require(Catalogue.optimizers.first { $0.name == "adam" }).make(
      [.schedule(schedule)], [("ema", .number(0.9))])
  }

  /// A run that ends at any epoch and goes on in a new process (new objects, other random numbers) ends with the bytes of
  /// the run that never stopped.
  @Test(arguments: [1, 3, 6]) func resumedRunsEqualUninterruptedOnes(stop: Int) throws {
    let whole = try TemporaryFolder()
    Generator.shared.seed(9)
    let straight = try Line.net(dropout: true)
    let run = try Line.train(
      straight, Line.options(8, CheckpointTests.callbacks(whole.path)), optimizer: CheckpointTests.optimizer())

    let parts = try TemporaryFolder()
    Generator.shared.seed(9)
    // Stopped within the next epoch, as a killed process is: the checkpoint is that of the epoch before.
    let killer = FunctionCallback(.batch) { state in
      if state.epoch == stop + 1, state.batch == 2 { throw TensorError(.value, "killed") }
      return true
    }
    let killed = try CheckpointTests.callbacks(parts.path) + [killer]
    #expect(throws: TensorError.self) {
      try Line.train(Line.net(dropout: true), Line.options(8, killed), optimizer: CheckpointTests.optimizer())
    }
    Generator.shared.seed(12345)
    let second = try Line.net(dropout: true)
    var options = Line.options(8, try CheckpointTests.callbacks(parts.path) + [FunctionCallback(.batch) { _ in true }])
    options.resume = try Checkpoint("\(parts.path)/run.checkpoint")
    let resumed = try Line.train(second, options, optimizer: CheckpointTests.optimizer())
    #expect(resumed.history == run.history && resumed.steps == run.steps && resumed.best == run.best)
    #expect(try CheckpointTests.weights(second) == CheckpointTests.weights(straight))
    #expect(try FileReader.bytes(of: "\(parts.path)/log.csv") == FileReader.bytes(of: "\(whole.path)/log.csv"))
  }

  @Test func checkpointsMakeTheirModel() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/run.checkpoint"
    let net = try Line.net()
    let optimizer = try CheckpointTests.optimizer()
    _ = try Line.train(net, Line.options(3, [CheckpointCallback(path, bestOnly: false)]), optimizer: optimizer)
    let random = Generator.shared.state
    Generator.shared.seed(1)
    let checkpoint = try Checkpoint(path)
    let (model, restored) = try checkpoint.makeModel()
    #expect(checkpoint.epoch == 3 && checkpoint.history.rowCount == 3)
    #expect(restored.stepCount == optimizer.stepCount && Generator.shared.state == random)
    #expect(
      try restored.slots(of: model).flatMap { $0 }.map { try $0.doubles() }
        == optimizer.slots(of: net).flatMap { $0 }.map { try $0.doubles() })
  }

  @Test func damagedCheckpointsAreRefusedAndTheOneBeforeIsKept() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/run.checkpoint"
    _ = try Line.train(Line.net(), Line.options(3, [CheckpointCallback(path, bestOnly: false)]))
    #expect(try Checkpoint(path).epoch == 3)
    #expect(try Checkpoint(path, previous: true).epoch == 2)
    let sound = try FileReader.bytes(of: path)
    var random = SeededGenerator(state: 7)
    for _ in 0..<60 {
      var bytes = sound
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      default: bytes.insert(7, at: Int.random(in: 0..<bytes.count, using: &random))
      }
      try AtomicFile.write(bytes, to: path)
      let error = #expect(throws: TensorError.self) { try Checkpoint(path) }
      #expect(error?.kind == .io && error?.hint?.contains("previous: true") == true)
    }
    let missing = #expect(throws: TensorError.self) { try Checkpoint("\(folder.path)/none.checkpoint") }
    #expect(missing?.kind == .io)
  }

  @Test func checkpointsOfAnotherModelAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/run.checkpoint"
    _ = try Line.train(Line.net(), Line.options(2, [CheckpointCallback(path, bestOnly: false)]))
    var options = Line.options(4, [CheckpointCallback(path, bestOnly: false)])
    options.resume = try Checkpoint(path)
    let error = #expect(throws: TensorError.self) { try Line.train(Make.dense(1), options) }
    #expect(error?.hint?.contains("same model") == true)
    options.callbacks = []
    #expect(throws: TensorError.self) { try Line.train(Line.net(), options) }
  }

  /// A finished run that is resumed is finished at once, and gives back the same weights.
  @Test func stoppedRunsStayStopped() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/run.checkpoint"
    func callbacks() throws -> [any Callback] {
      [try EarlyStopping(monitor: "loss", patience: 2, margin: 1000), CheckpointCallback(path, bestOnly: false)]
    }
    let net = try Line.net()
    let run = try Line.train(net, Line.options(20, callbacks()))
    var options = Line.options(20, try callbacks())
    options.resume = try Checkpoint(path)
    let again = try Line.net()
    let resumed = try Line.train(again, options)
    #expect(resumed.stopped == run.stopped && resumed.history == run.history)
    #expect(try CheckpointTests.weights(again) == CheckpointTests.weights(net))
  }
}

/// A seeded generator for tests: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
