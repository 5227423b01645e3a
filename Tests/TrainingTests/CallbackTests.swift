import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder for a test's files, gone when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/glia-training-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    for name in (try? FileReader.names(inFolder: path)) ?? [] {
      let inner = "\(path)/\(name)"
      if FileReader.isFolder(inner) { remove(inner) } else { unlink(inner) }
    }
    rmdir(path)
  }
}

/// A small regression that every test here trains on.
enum Line {
  static func data(_ rows: Int = 24) throws -> FitSource {
    let x = try DataTests.matrix(rows, 3, seed: 11)
    let values = try x.doubles()
    let targets = (0..<rows).map { (row: Int) -> Double in values[3 * row] - 2 * values[3 * row + 1] + 0.5 }
    let y = try Make.tensor(targets, [rows, 1])
    return try Make.data(x, y)
  }

  static func net(dropout: Bool = false) throws -> Layer {
    var parts = [try Make.dense(6, "tanh")]
    if dropout { parts.append(try Make.layer("dropout", [.number(0.2)])) }
    return Sequential(parts + [try Make.dense(1)])
  }

  static func options(_ epochs: Int, _ callbacks: [any Callback] = []) -> FitOptions {
    var options = FitOptions()
    options.epochs = epochs
    options.batchSize = 8
    options.callbacks = callbacks
    return options
  }

  static func train(
    _ net: Layer, _ options: FitOptions, optimizer: Optimizer? = nil
  ) throws -> Run {
    try fit(
      net, data(), losses: [Make.loss("mse")], optimizer: optimizer ?? Make.optimizer("adam", 0.02), options: options)
  }
}

@Suite(.serialized) struct CallbackTests {
  @Test func earlyStoppingWaitsAndRestores() throws {
    let x = try Make.tensor([0, 1, 2, 3], [4, 1])
    let y = try Make.tensor([1, 2, 3, 4], [4, 1])
    let net = try Make.dense(1, "linear", [("kernel_init", Make.initializer("ones_init"))])
    // Nothing improves by 1000: the first epoch is the best, then patience runs out.
    var options = Line.options(50, [try EarlyStopping(monitor: "loss", patience: 3, margin: 1000)])
    var first: [Double] = []
    options.callbacks.append(
      FunctionCallback(.epoch) { state in
        if state.epoch == 1 { first = try state.model.parameters.flatMap { try $0.parameter.value.doubles() } }
        return true
      })
    let run = try fit(
      net, Make.data(x, y), losses: [Make.loss("mse")], optimizer: Make.optimizer("sgd", 0.001), options: options)
    #expect(run.history.rowCount == 4)
    #expect(run.stopped == "loss did not improve for 3 epochs")
    #expect(try net.parameters.flatMap { try $0.parameter.value.doubles() } == first)
    #expect(run.best?.epoch == 4 && run.best?.monitor == "loss")
  }

  @Test func watchedColumnsMustExist() throws {
    for callback in [
      try EarlyStopping(), try ReduceRateOnPlateau(), CheckpointCallback("never.safetensors"),
    ] as [any Callback] {
      let error = #expect(throws: TensorError.self) { try Line.train(Line.net(), Line.options(2, [callback])) }
      #expect(error?.message.contains("val_loss") == true && error?.hint?.contains("validation") == true)
    }
    #expect(!FileReader.exists("never.safetensors"))
  }

  @Test func directionsFollowFromNames() {
    #expect(Direction.of(column: "val_loss") == .smaller && Direction.of(column: "mae") == .smaller)
    #expect(Direction.of(column: "val_accuracy") == .larger && Direction.of(column: "accuracy_2") == .larger)
    #expect(Direction.of(column: "top_k_accuracy") == .larger && Direction.of(column: "r2") == .larger)
    #expect(Direction.smaller.isBetter(1, than: .nan) && !Direction.smaller.isBetter(.nan, than: 1))
  }

  @Test func plateauLowersTheRate() throws {
    let plateau = try ReduceRateOnPlateau(monitor: "loss", factor: 0.5, patience: 2, margin: 1000, minimum: 0.003)
    let run = try Line.train(Line.net(), Line.options(8, [plateau]), optimizer: Make.optimizer("sgd", 0.01))
    // The first epoch counts as the best; after two without a better one the rate falls, never below its least value.
    #expect(run.history.numbers("rate") == [0.01, 0.01, 0.01, 0.005, 0.005, 0.003, 0.003, 0.003])
  }

  @Test func functionsMayEndTheTraining() throws {
    var batches = 0
    let callbacks: [any Callback] = [
      FunctionCallback(.batch) { _ in
        batches += 1
        return true
      }, FunctionCallback(.epoch) { $0.epoch < 3 },
    ]
    let run = try Line.train(Line.net(), Line.options(10, callbacks))
    #expect(run.history.rowCount == 3 && batches == 9 && run.stopped?.contains("on_epoch") == true)
  }

  @Test func logHoldsTheHistory() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/logs/run.csv"
    let run = try Line.train(Line.net(), Line.options(4, [CSVLog(path)]))
    let lines = try FileReader.text(of: path).split(separator: "\n").map(String.init)
    #expect(lines[0] == "epoch,loss,rate" && lines.count == 5)
    for (row, line) in lines.dropFirst().enumerated() {
      let numbers = line.split(separator: ",").compactMap { Double($0) }
      #expect(numbers == run.history.row(row).map(\.value))
    }
  }

  @Test func trackChangesNothing() throws {
    Generator.shared.seed(4)
    let plain = try Line.net(dropout: true)
    let first = try Line.train(plain, Line.options(3))
    Generator.shared.seed(4)
    let watched = try Line.net(dropout: true)
    let second = try Line.train(watched, Line.options(3, [try Track(bins: 4)]))
    #expect(first.history == second.history)
    let table = try #require(second.tracked)
    #expect(table.names == ["epoch", "what", "layer", "bin_start", "bin_end", "count"])
    // Four weights, four gradients and three activations, in four bins, three times.
    #expect(table.rowCount == 3 * 4 * (4 + 4 + 3))
    #expect(table.numbers("count").reduce(0, +) > 0)
  }

  @Test func histogramsCountEveryValue() {
    let histogram = Histogram([0, 1, 2, 3, 4, .nan, .infinity], bins: 4)
    #expect(histogram.counts == [1, 1, 1, 2] && histogram.edges == [0, 1, 2, 3, 4])
    #expect(histogram.count == 5 && histogram.nonFinite == 2 && histogram.sum == 10)
    #expect(Histogram([2, 2], bins: 2).counts == [0, 2])
    #expect(Histogram([], bins: 2).counts.isEmpty)
  }

  @Test func eventFilesAreFramedRecords() throws {
    let folder = try TemporaryFolder()
    var options = Line.options(3, [TensorBoardCallback(folder.path, histograms: true)])
    options.validation = .fraction(0.25)
    _ = try Line.train(Line.net(), options)
    #expect(try FileReader.names(inFolder: folder.path) == ["train", "validation"])
    for part in ["train", "validation"] {
      let name = try #require(try FileReader.names(inFolder: "\(folder.path)/\(part)").first)
      #expect(name.hasPrefix("events.out.tfevents."))
      var bytes = try FileReader.bytes(of: "\(folder.path)/\(part)/\(name)")[...]
      var records = 0
      while !bytes.isEmpty {
        let length = Int(bytes[bytes.startIndex]) + Int(bytes[bytes.startIndex + 1]) << 8
        let record = Array(bytes.dropFirst(12).prefix(length))
        #expect(Array(bytes.prefix(16 + length)) == TFRecord.framed(record))
        bytes = bytes.dropFirst(16 + length)
        records += 1
      }
      // The version, then loss (and rate and four histograms) of three epochs.
      #expect(records == (part == "train" ? 1 + 3 * 6 : 1 + 3))
    }
  }
}
