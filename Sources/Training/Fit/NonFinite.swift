import NeuralNetworks
import Tensors

/// Finds out where numbers stopped being numbers.
enum NonFinite {
  /// The error for a loss that is not finite: epoch, batch, and the first layer whose output or gradient is not finite.
  static func error(
    loss: Double, epoch: Int, batch number: Int, model: Layer, objective: Objective, batch: Batch
  ) -> TensorError {
    let word = loss.isNaN ? "nan" : loss < 0 ? "-inf" : "inf"
    let data = batch.inputs + batch.targets
    let isInData = (try? data.contains { try !isFinite($0) }) ?? false
    let place =
      (try? Undisturbed.run(model) { try firstPlace(model: model, objective: objective, batch: batch) }) ?? nil
    return TensorError(
      .value, "the loss became \(word) in epoch \(epoch), batch \(number)\(place.map { ": \($0)" } ?? "")",
      hint: isInData
        ? "clean the data first: any(isnan(x)) finds what is missing, x[isfinite(x)] keeps the rest"
        : "lower the rate, standardize the inputs, or clip gradients: optimizer: adam(…, global_clip_norm: 1)")
  }

  /// Where the first value that is not finite stands, in words; nil where the pass is finite when repeated.
  private static func firstPlace(model: Layer, objective: Objective, batch: Batch) throws -> String? {
    for (index, input) in batch.inputs.enumerated() where try !isFinite(input) {
      return batch.inputs.count == 1
        ? "the inputs hold a value that is not finite" : "input \(index) holds a value that is not finite"
    }
    for target in batch.targets where try !isFinite(target) { return "the targets hold a value that is not finite" }
    for entry in model.parameters where try !isFinite(entry.parameter.value) {
      return "the weight `\(entry.path)` of layer \(named(entry.layer)) is no longer finite after the update before"
    }
    var found: String?
    let (_, _, gradients) = try EagerStep.differentiate(model: model, objective: objective, batch: batch) {
      path, layer, outputs in
      guard found == nil, layer.children.isEmpty else { return }
      if try outputs.contains(where: { try !isFinite($0) }) {
        found =
          "the output of layer \(named(layer))\(path.isEmpty ? "" : " (part \(path))") is the first that is not finite"
      }
    }
    if let found { return found }
    // The gradient travels from the last layer to the first: the last one that is not finite comes first.
    for (entry, gradient) in zip(model.trainableParameters, gradients).reversed() where try !isFinite(gradient) {
      return "the gradient of `\(entry.path)` of layer \(named(entry.layer)) is the first that is not finite"
    }
    return "every layer's output is finite, so the loss itself overflows"
  }

  private static func named(_ layer: Layer) -> String { (layer.name.map { "`\($0)` " } ?? "") + layer.sourceText }

  static func isFinite(_ tensor: Tensor) throws -> Bool {
    switch tensor.dtype {
    case .float32: try tensor.elements(Float.self).allSatisfy(\.isFinite)
    case .float64: try tensor.elements(Double.self).allSatisfy(\.isFinite)
    case .int32, .bool: true
    }
  }
}

/// Runs a training pass whose traces are wiped afterwards: random state and running means are put back.
enum Undisturbed {
  static func run<Result>(_ model: Layer, _ body: () throws -> Result) throws -> Result {
    let random = Generator.shared.state
    let states = model.stateParameters.map { ($0.parameter, $0.parameter.value) }
    defer {
      Generator.shared.state = random
      for (parameter, value) in states { try? parameter.set(value) }
    }
    return try body()
  }
}
