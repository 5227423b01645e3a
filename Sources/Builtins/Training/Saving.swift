import Interpreter
import NeuralNetworks
import Tensors
import Training

/// A checkpoint that a training goes on from.
final class CheckpointObject: ObjectValue {
  let checkpoint: Checkpoint
  /// Made where a program asks for the model or optimizer of the checkpoint.
  private var made: (model: Layer, optimizer: Optimizer)?

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  override var typeName: String { "checkpoint" }
  override func text(_ style: DisplayStyle) -> String {
    "<checkpoint after \(Wording.counted(checkpoint.epoch, "epoch"))>"
  }
  override var memberNames: [String] { ["epoch", "history", "net", "optimizer"] }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "epoch": return .number(Double(checkpoint.epoch))
    case "history": return try .table(checkpoint.history)
    case "net": return .object(LayerObject(try parts().model))
    case "optimizer": return .object(OptimizerObject(try parts().optimizer))
    default: return nil
    }
  }

  private func parts() throws -> (model: Layer, optimizer: Optimizer) {
    if let made { return made }
    let parts = try checkpoint.makeModel()
    made = parts
    return parts
  }
}

/// Models in files.
func registerSaving(_ catalogue: inout Catalogue) {
  catalogue.add(
    "save", "(net, path, optimizer = none)", .models,
    """
    Writes a model to a safetensors file: its structure and weights, and an optimizer with its memory where one is given.

    `load(path)` makes it again. A layer made of the program's own functions cannot be kept; save its weights instead:
    `export(weights(net), path)`.
    """,
    example: """
      let net = dense(2)
      build(net, 3)
      save(net, "net.safetensors")
      count_params(load("net.safetensors"))  # 8
      """
  ) { a, c in
    let optimizer = a.isNone(2) ? nil : try a.object(2, OptimizerObject.self, wanted: "an optimizer").optimizer
    try ModelFile.save(a.layer(0), to: c.host.pathForWriting(a.string(1)), optimizer: optimizer)
    return .none
  }

  catalogue.add(
    "load", "(path, optimizer = false)", .models,
    "The model in a file that `save` wrote; with `optimizer: true` the pair (model, optimizer).",
    example: "type(load)  # function"
  ) { a, c in
    let (model, optimizer) = try ModelFile.load(c.host.pathForReading(a.string(0)))
    guard try a.boolean(1) else { return .object(LayerObject(model)) }
    guard let optimizer else {
      throw RuntimeError(
        .value, "`\(try a.string(0))` holds no optimizer",
        hint: "save it with the model: save(net, path, optimizer: opt)")
    }
    return .items([.object(LayerObject(model)), .object(OptimizerObject(optimizer))])
  }

  catalogue.add(
    "load_weights", "(net, path, map = none, partial = false)", .models,
    """
    Sets a model's weights from a safetensors file, by name; also from files of other frameworks.

    `map` says where weights stand: a record from path in the model to name in the file, or a function of the path that
    gives the name (with `.T` at its end for a transposed kernel, as PyTorch has them). Every name or shape that does not fit is
    reported, and then nothing is set, unless `partial` asks for what fits. Gives a record: `loaded missing unused misfits`.
    """, example: "type(load_weights)  # function"
  ) { a, c in try loadWeights(&a, c) }

  catalogue.add(
    "resume", "(path, previous = false)", .training,
    """
    Reads a checkpoint for `fit(…, resume: resume(path))`: weights, optimizer, rate, epoch, random numbers.

    The continued run equals the uninterrupted one to the bit. `.net` and `.optimizer` make the model and the optimizer of
    the checkpoint where the program does not. A damaged file is refused; `previous: true` reads the one before it.
    """, example: "type(resume)  # function"
  ) { a, c in
    let previous = try a.boolean(1)
    let path = try a.string(0)
    let found = try c.host.pathForReading(previous ? Checkpoint.previousPath(path) : path)
    let plain = previous && found.hasSuffix(".previous") ? String(found.dropLast(".previous".count)) : found
    return .object(CheckpointObject(try Checkpoint(plain, previous: previous)))
  }
}

private func loadWeights(_ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  let net = try a.layer(0)
  var map: [String: String] = [:]
  switch a[2] {
  case .none: break
  case .record(let record):
    for (path, name) in zip(record.names, record.values) {
      guard case .string(let text) = name else {
        throw a.mismatch(2, wanted: "a record from weight to the file's name")
      }
      map[path] = text.text
    }
  default:
    let function = try a.callable(2)
    for entry in net.parameters {
      guard case .string(let name) = try context.call(function, .text(entry.path)) else {
        throw RuntimeError(
          .type, "`map` of `load_weights` gives the name in the file for a path, and gave no string for `\(entry.path)`"
        )
      }
      map[entry.path] = name.text
    }
  }
  let report = try loadWeights(net, from: context.host.pathForReading(a.string(1)), map: map, partial: a.boolean(3))
  func names(_ names: [String]) -> Value { .items(names.map { .text($0) }) }
  return .fields([
    ("loaded", names(report.loaded)), ("missing", names(report.missing)), ("unused", names(report.unused)),
    ("misfits", names(report.misfits)),
  ])
}

/// `export_onnx`.
func registerOnnx(_ catalogue: inout Catalogue) {
  catalogue.add(
    "export_onnx", "(net, path, input_shape = none)", .models,
    """
    Writes a model as ONNX for other programs to run, in float32, for any number of rows.

    `input_shape` is the shape of a sample, without the batch axis (a list of shapes for several inputs); a model that has
    seen data knows it. A layer that ONNX cannot express is an error that names it.
    """,
    example: """
      export_onnx(dense(2), "net.onnx", 3)
      """
  ) { a, c in
    let net = try a.layer(0)
    let path = try a.string(1)
    try exportOnnx(net, to: c.host.pathForWriting(path), inputShapes: onnxShapes(a, net))
    return .none
  }
}

private func onnxShapes(_ a: BoundArguments, _ net: Layer) throws -> [Shape] {
  if a.isNone(2) { return try knownShapes(net) }
  if case .list(let list) = a[2], list.items.contains(where: { if case .list = $0 { true } else { false } }) {
    return try list.items.map { try sampleShape($0, of: "export_onnx") }
  }
  return [try a.shape(2)]
}

/// The shapes of the samples that a model has seen, or was made for.
func knownShapes(_ net: Layer) throws -> [Shape] {
  if let model = net as? GraphModel { return model.inputs.map(\.sampleShape) }
  guard let specs = net.builtSpecs else {
    throw RuntimeError(
      .value, "ONNX wants the shape of a sample, and this model has not seen one yet",
      hint: "export_onnx(net, path, input_shape: (28, 28, 1))")
  }
  return specs.map { Array($0.shape.dropFirst()) }
}
