import FileFormats
import NeuralNetworks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Everything that a training needs to go on as if it had never stopped: weights, optimizer, rate, epoch, history, what
/// callbacks remember, and the state of the random numbers, which fixes the order of batches and every dropout to come.
///
/// It is a safetensors file with a checksum. A resumed run ends with the bytes of the uninterrupted one.
public struct Checkpoint {
  static let modelPrefix = "model."

  let file: SealedFile
  let path: String

  /// The epochs that are done.
  public var epoch: Int { file.description["epoch"]?.integer ?? 0 }

  /// Where the checkpoint before the newest one is kept.
  public static func previousPath(_ path: String) -> String { path + ".previous" }

  /// Reads a checkpoint and checks it whole.
  /// - Parameter previous: reads the one before it instead.
  /// - Throws: an io error where it is missing, damaged or something else.
  public init(_ path: String, previous: Bool = false) throws {
    let place = previous ? Checkpoint.previousPath(path) : path
    self.path = place
    let hint =
      !previous && FileReader.exists(Checkpoint.previousPath(path))
      ? "the one before it is there: resume(\"\(path)\", previous: true)" : nil
    do {
      file = try withFiles(place) {
        guard let file = try SealedFile(reading: FileReader.bytes(of: place)),
          file.description["kind"]?.string == "checkpoint", file.description["epoch"]?.integer != nil
        else { throw TensorError(.io, "\(place) is no checkpoint") }
        return file
      }
    } catch let error as TensorError {
      throw TensorError(error.kind, error.message, hint: error.hint ?? hint)
    }
  }

  /// The model and the optimizer of the checkpoint, made anew from the structure in it, and the random numbers put where
  /// they were; for a program that does not build them itself.
  /// - Throws: an io error where the model was made of the program's own functions, so that no structure could be kept.
  public func makeModel() throws -> (model: Layer, optimizer: Optimizer) {
    try withFiles(path) {
      guard let structure = file.description["model"], structure != .null, let settings = file.description["optimizer"]
      else {
        throw TensorError(
          .io, "\(path) keeps no structure, because the model holds functions of the program",
          hint: "build the model by its program and give the checkpoint to fit: resume: \"\(path)\"")
      }
      let model = try ModelFile.restored(structure)
      try ModelFile.setWeights(of: model, from: file.arrays, prefix: Checkpoint.modelPrefix)
      let optimizer = try OptimizerCoding.decode(settings, file.arrays, model)
      try restoreRandom()
      return (model, optimizer)
    }
  }

  /// The history so far.
  public var history: Columns {
    var history = Columns()
    for name in file.description["columns"]?.array?.compactMap(\.string) ?? [] {
      history.append(name, .numbers(file.arrays["history.\(name)"]?.doubles() ?? []))
    }
    return history
  }

  // MARK: Writing

  /// Writes the state of a training, whole or not at all; the checkpoint that was there before stays as the previous one.
  static func write(_ state: TrainingState, to path: String) throws {
    var fields = JSON.Fields()
    fields["kind"] = "checkpoint"
    fields["version"] = .number(Double(SealedFile.version))
    fields["epoch"] = .number(Double(state.epoch))
    fields["steps"] = .number(Double(state.run.steps))
    fields["model"] = (try? ModelFile.structure(of: state.model)) ?? .null
    fields["optimizer"] =
      (try? OptimizerCoding.encode(state.optimizer)) ?? ["steps": .number(Double(state.optimizer.stepCount))]
    fields["rate_factor"] = .string("\(state.rateFactor)")
    fields["least_rate"] = .string("\(state.leastRate)")
    if let reason = state.stopReason { fields["stopped"] = .string(reason) }
    if let best = state.run.best {
      fields["best"] = [
        "epoch": .number(Double(best.epoch)), "monitor": .string(best.monitor), "value": .string("\(best.value)"),
      ]
    }
    fields["random"] = .array(Generator.shared.state.words.map { .string(String($0)) })
    fields["columns"] = .array(state.run.history.names.map(JSON.string))
    var items = try ModelFile.weights(of: state.model, prefix: modelPrefix)
    items += try OptimizerCoding.items(state.optimizer, state.model)
    for name in state.run.history.names {
      let values = state.run.history.numbers(name)
      items.append(Safetensors.Item(name: "history.\(name)", array: try RawArray(values, shape: [values.count])))
    }
    var memories: [JSON] = []
    for (index, callback) in state.callbacks.enumerated() {
      let memory = callback.memory
      memories.append([
        "name": .string(callback.name),
        "fields": .object(JSON.Fields(memory.fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
      ])
      for (name, tensor) in memory.tensors.sorted(by: { $0.key < $1.key }) {
        items.append(Safetensors.Item(name: "callback.\(index).\(name)", array: try tensor.rawArray()))
      }
    }
    fields["callbacks"] = .array(memories)
    let bytes = try SealedFile(description: .object(fields), items: items).bytes()
    try withFiles(path) {
      try keepPrevious(path)
      try AtomicFile.write(bytes, to: path, makingFolders: true)
    }
  }

  /// Gives the checkpoint a second name before the first one passes to its successor: at no moment is there none.
  private static func keepPrevious(_ path: String) throws(FileError) {
    guard FileReader.exists(path) else { return }
    let previous = previousPath(path)
    try AtomicFile.remove(previous + ".new")
    // A file system without links (or another reason) costs the previous checkpoint, never the newest.
    guard link(path, previous + ".new") == 0 else { return }
    _ = rename(previous + ".new", previous)
  }

  // MARK: Going on

  /// Puts a training where the checkpoint was written.
  /// - Throws: an io error where it does not fit the model, optimizer or callbacks of the call.
  func restore(_ state: TrainingState) throws {
    let description = file.description
    let arrays = file.arrays
    do {
      try withFiles(path) {
        try ModelFile.setWeights(of: state.model, from: arrays, prefix: Checkpoint.modelPrefix)
        let steps = description["optimizer"]?["steps"]?.integer ?? 0
        try OptimizerCoding.restore(state.optimizer, steps: steps, arrays, state.model)
      }
    } catch let error as TensorError {
      throw TensorError(
        error.kind, error.message,
        hint: error.hint ?? "resume with the same model and optimizer as in the run that was saved")
    }
    let memories = description["callbacks"]?.array ?? []
    guard memories.compactMap({ $0["name"]?.string }) == state.callbacks.map(\.name) else {
      throw TensorError(
        .io,
        "\(path) was written with the callbacks (\(memories.compactMap { $0["name"]?.string }.joined(separator: ", ")))",
        hint: "resume with the same callbacks in the same order")
    }
    for (index, callback) in state.callbacks.enumerated() {
      var memory = CallbackMemory()
      for (name, value) in memories[index]["fields"]?.object?.pairs ?? [] { memory.fields[name] = value }
      let prefix = "callback.\(index)."
      for (name, array) in arrays where name.hasPrefix(prefix) {
        memory.tensors[String(name.dropFirst(prefix.count))] = try Tensor(array)
      }
      callback.memory = memory
    }
    state.setRate(factor: number("rate_factor") ?? 1, minimum: number("least_rate") ?? 0)
    if let reason = description["stopped"]?.string { state.stop(reason) }
    if let best = description["best"], let epoch = best["epoch"]?.integer, let monitor = best["monitor"]?.string,
      let value = best["value"]?.string.flatMap(Double.init)
    {
      state.run.best = Run.Best(epoch: epoch, monitor: monitor, value: value)
    }
    state.epoch = epoch
    state.run.history = history
    state.run.steps = description["steps"]?.integer ?? 0
    try restoreRandom()
  }

  private func number(_ field: String) -> Double? { file.description[field]?.string.flatMap(Double.init) }

  private func restoreRandom() throws {
    let words = file.description["random"]?.array?.compactMap { $0.string.flatMap(UInt64.init) } ?? []
    guard let random = Generator.State(words: words) else {
      throw TensorError(.io, "\(path) lacks the state of the random numbers")
    }
    Generator.shared.state = random
  }
}

/// Writes a checkpoint after every epoch, or after every epoch that is the best so far.
public final class CheckpointCallback: Callback {
  public let name = "checkpoint"
  public let path: String
  public let bestOnly: Bool
  private var watch: Watch

  public init(_ path: String, monitor: String = "val_loss", bestOnly: Bool = true) {
    self.path = path
    self.bestOnly = bestOnly
    watch = Watch(monitor)
  }

  public func started(_ state: TrainingState) throws {
    if bestOnly { try state.requireColumn(watch.monitor, for: name) }
    watch = watch.fresh
  }

  public func epochEnded(_ state: TrainingState) throws {
    let isBest = watch.isBest(state.value(watch.monitor) ?? .nan, epoch: state.epoch)
    // Half an epoch cannot be gone on from: its batches would come again.
    guard !state.isPartialEpoch, isBest || !bestOnly else { return }
    try Checkpoint.write(state, to: path)
  }

  public var memory: CallbackMemory {
    get {
      var memory = CallbackMemory()
      memory.fields = watch.fields
      return memory
    }
    set { watch.fields = newValue.fields }
  }
}
