import Tensors

/// A parameter with its place in a network: `0.kernel`, `forward.bias`.
public struct NamedParameter {
  public let path: String
  public let parameter: Parameter
  /// The layer that owns it.
  public let layer: Layer
}

extension Layer {
  /// Every parameter of the layer and its parts, each once (a shared layer under its first path), in the order of the
  /// parts.
  public var parameters: [NamedParameter] {
    if let known = listed, known.structure == Layer.structure { return known.parameters }
    var result: [NamedParameter] = []
    var seen: Set<ObjectIdentifier> = []
    collect(prefix: "", &result, &seen)
    // A layer that owns some would hold itself by the list.
    if ownParameters.isEmpty { listed = (Layer.structure, result) }
    return result
  }

  /// The parameters that gradients are taken of.
  public var trainableParameters: [NamedParameter] { parameters.filter(\.parameter.isTrainable) }

  /// The states that calls in training change.
  public var stateParameters: [NamedParameter] { parameters.filter { $0.parameter.role == .state } }

  private func collect(prefix: String, _ result: inout [NamedParameter], _ seen: inout Set<ObjectIdentifier>) {
    guard seen.insert(ObjectIdentifier(self)).inserted else { return }
    for parameter in ownParameters {
      result.append(NamedParameter(path: prefix + parameter.name, parameter: parameter, layer: self))
    }
    for child in children {
      child.layer.collect(
        prefix: child.prefix.isEmpty ? prefix : prefix + child.prefix + ".", &result, &seen)
    }
  }

  /// The number of single weights and states, shared ones counted once.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.count } }

  /// Sets some or all parameters by path.
  /// - Throws: a name error's worth of value error for an unknown path, a shape error for a value that does not fit;
  ///   then nothing is set.
  public func setParameters(_ values: [(path: String, value: Tensor)]) throws {
    let known = parameters
    guard !known.isEmpty || values.isEmpty else {
      throw failure(
        .value, "has no weights yet", hint: "call it once on data, or build it for a sample's shape: build(net, (4,))")
    }
    var settled: [(Parameter, Tensor, String)] = []
    for (path, value) in values {
      guard let target = known.first(where: { $0.path == path }) else {
        let names = known.prefix(8).map { "`\($0.path)`" }.joined(separator: ", ")
        throw failure(.value, "has no weight `\(path)`", hint: "it has \(names)\(known.count > 8 ? ", …" : "")")
      }
      guard value.shape == target.parameter.shape else {
        throw failure(
          .shape,
          "has `\(path)` of shape \(target.parameter.shape.shapeText), and the new value has \(value.shape.shapeText)")
      }
      settled.append((target.parameter, value, path))
    }
    for (parameter, value, path) in settled { try parameter.set(value, path: path) }
  }

  /// Makes the parameters for samples of these shapes (without the batch axis), one shape for each input.
  public func build(samples: [Shape], dtype: DType = .float32) throws {
    let inputs = try samples.map { shape -> Tensor in
      _ = try Limits.checkedCount([Layer.symbolicBatch] + shape, dtype)
      return Tensor(abstract: Spec(dtype, [Layer.symbolicBatch] + shape))
    }
    _ = try withoutValues { try self(inputs) }
  }

  /// Runs the layer on inputs that have a shape and no values.
  /// - Throws: a value error that names the layer, where it looks at values.
  func withoutValues<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try AbstractRun.watch(forbidsEffects: false, body)
    } catch is AbstractDataError {
      throw failure(
        .value, "looks at the values of its input, and there are none yet, only a shape",
        hint: "call the layer on data: its first call builds it")
    }
  }

  /// The results' shapes for samples of these shapes, both without the batch axis; builds the layer where it is not.
  public func outputShapes(samples: [Shape], dtype: DType = .float32) throws -> [Shape] {
    let inputs = samples.map { Tensor(abstract: Spec(dtype, [Layer.symbolicBatch] + $0)) }
    return try withoutValues { try self(inputs) }.map { Array($0.shape.dropFirst()) }
  }

  /// The batch size of symbolic inputs: a prime that no program writes, so that it is recognised where a shape was made
  /// from it.
  public static let symbolicBatch = 8191

  /// What weight regularizers add to the loss; nil where there are none.
  public func weightPenalty() throws -> Tensor? {
    var sum: Tensor?
    for entry in parameters where entry.parameter.role == .weight {
      guard let regularizer = entry.parameter.regularizer else { continue }
      let penalty = try regularizer(entry.parameter.value)
      sum = try sum.map { try $0 + penalty } ?? penalty
    }
    return sum
  }

  /// What regularizers of weights and activities add to the loss of a call made with `context`; nil where there are none.
  public func penalty(_ context: LayerContext) throws -> Tensor? {
    var sum = try weightPenalty()
    for penalty in context.penalties { sum = try sum.map { try $0 + penalty } ?? penalty }
    return sum
  }

  /// A loss and its gradients for the trainable parameters, in their order; zeros where the loss does not depend on one.
  public func valueAndGradients(_ loss: () throws -> Tensor) throws -> (value: Tensor, gradients: [Tensor]) {
    let targets = trainableParameters.map(\.parameter)
    let values = targets.map(\.value)
    let (value, gradients) = try Engine.shared.tape.gradients(of: values, loss: { (value: Tensor) in value }) {
      standIns in
      try Parameter.withStandIns(targets, standIns) { try loss() }.result
    }
    guard values.isEmpty || gradients.contains(where: { $0 != nil }) else {
      throw TensorError(
        .value, "the loss does not depend on the model's weights, so there is nothing to learn from",
        hint: "argmax, comparisons, rounding and numbers taken out of a tensor have no gradient")
    }
    return (value, try zip(values, gradients).map { value, gradient in try gradient ?? Tensor.zerosLike(value) })
  }
}
