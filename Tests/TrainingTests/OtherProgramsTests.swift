import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Files that other programs read.
@Suite(.serialized) struct OtherProgramsTests {
  @Test(
    .enabled(
      if: Python.has("safetensors.numpy"), "needs safetensors and numpy: set GLIA_PYTHON to a Python that has them"))
  func safetensorsPackageReadsModels() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/net.safetensors"
    let net = Sequential([try Make.dense(3, "tanh"), try Make.dense(2)])
    _ = try net(DataTests.matrix(1, 4))
    try ModelFile.save(net, to: path, optimizer: Make.optimizer("adam", 0.1))
    let result = try Python.run(
      """
      import json, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], "numpy") as f:
          assert json.loads(f.metadata()["glia"])["model"]["layer"] == "chain"
          for name in ("0.kernel", "0.bias", "1.kernel", "1.bias"):
              print(name, *f.get_tensor(name).shape, f.get_tensor(name).sum())
      """, path)
    #expect(result.status == 0, "\(result.output)")
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 4 && lines[0].prefix(3) == ["0.kernel", "4", "3"])
    let kernel = try net.parameters[0].parameter.value.doubles().reduce(0, +)
    let read = try #require(lines[0].last.flatMap { Double($0) })
    #expect(abs(read - kernel) < 1e-5)
  }

  @Test(.enabled(if: Python.has("tensorboard"), "needs tensorboard: set GLIA_PYTHON to a Python that has it"))
  func tensorBoardReadsEvents() throws {
    let folder = try TemporaryFolder()
    var options = Line.options(3, [TensorBoardCallback(folder.path, histograms: true)])
    options.validation = .fraction(0.25)
    let run = try Line.train(Line.net(), options)
    let result = try Python.run(
      """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      for part in ("train", "validation"):
          events = EventAccumulator(sys.argv[1] + "/" + part)
          events.Reload()
          print(part, *(f"{e.step}:{e.value!r}" for e in events.Scalars("loss")))
          print(part, *sorted(events.Tags()["scalars"]), *sorted(events.Tags()["histograms"]))
          if part == "train":
              print(int(sum(events.Histograms("0.kernel")[-1].histogram_value.bucket)))
      """, folder.path)
    #expect(result.status == 0, "\(result.output)")
    let lines = result.output.split(separator: "\n").map(String.init)
    for (line, column) in [(0, "loss"), (3, "val_loss")] {
      let read = lines[line].split(separator: " ").dropFirst().compactMap {
        $0.split(separator: ":").last.flatMap { Double($0) }
      }
      Golden.expectClose(read, run.history.numbers(column), column, relative: 1e-6, absolute: 1e-9)
    }
    #expect(lines[1] == "train loss rate 0.bias 0.kernel 1.bias 1.kernel" && lines[2] == "18")
  }
}
