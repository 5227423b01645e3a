import Tensors

/// How several results become one.
public enum Merge: String, Sendable, CaseIterable {
  case concat, add, multiply, average

  static var parameter: ParameterDescription {
    ParameterDescription(
      "merge", .choice(allCases.map(\.rawValue)), default: .text("concat"),
      "how the results become one; concat is along the last axis")
  }

  /// Joins results.
  /// - Throws: a failure that names the shapes that differ.
  func apply(_ values: [Tensor], axis: Int = -1) throws -> Tensor {
    guard let first = values.first else { throw LayerFailure(.value, "has nothing to join") }
    if self == .concat { return try Tensor.concat(values, axis: axis) }
    for value in values where value.shape != first.shape {
      let verb = self == .add ? "adds" : self == .multiply ? "multiplies" : "averages"
      throw LayerFailure(
        .shape,
        "\(verb) results of equal shape, and got \(ShapeWords.batched(first.shape)) and \(ShapeWords.batched(value.shape))"
      )
    }
    var result = first
    for value in values.dropFirst() { result = self == .multiply ? try result * value : try result + value }
    return self == .average ? try result / Double(values.count) : result
  }
}

/// Adds a layer's result to its input, so that gradients have a way around it.
public final class Residual: Layer {
  let layer: Layer
  let shortcut: Layer?

  init(_ layer: Layer, shortcut: Layer?) {
    self.layer = layer
    self.shortcut = shortcut
  }

  public override var children: [(prefix: String, layer: Layer)] {
    [("layer", layer)] + (shortcut.map { [("shortcut", $0)] } ?? [])
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let y = try context.enter("layer") { try layer(inputs[0], context) }
    let x =
      try shortcut.map { shortcut in try context.enter("shortcut") { try shortcut(inputs[0], context) } } ?? inputs[0]
    guard x.shape == y.shape else {
      throw LayerFailure(
        .shape,
        "adds its layer's result to \(shortcut == nil ? "its input" : "the shortcut's"), and they have shapes \(ShapeWords.batched(y.shape)) and \(ShapeWords.batched(x.shape))",
        hint: "give a layer that brings the input to that shape, such as shortcut: dense(\(y.shape.last ?? 1))")
    }
    return [try y + x]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

/// Gives the same input to several layers and joins their results.
public final class Parallel: Layer {
  let branches: [Layer]
  let merge: Merge

  init(_ branches: [Layer], merge: Merge) {
    self.branches = branches
    self.merge = merge
  }

  public override var children: [(prefix: String, layer: Layer)] {
    branches.enumerated().map { (String($0.offset), $0.element) }
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let results = try branches.enumerated().map { position, branch in
      try context.enter(String(position)) { try branch(inputs[0], context) }
    }
    return [try merge.apply(results)]
  }
}

/// Joins several inputs.
public final class Joining: Layer {
  let merge: Merge
  let axis: Int

  init(_ merge: Merge, axis: Int = -1) {
    self.merge = merge
    self.axis = axis
  }

  public override var inputCount: ClosedRange<Int> { 1...64 }
  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    [try merge.apply(inputs, axis: axis)]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? {
    let masks = inputs.compactMap { $0.provenance?.mask }
    guard masks.count == inputs.count, var mask = masks.first else { return nil }
    for other in masks.dropFirst() {
      guard other.shape == mask.shape, let both = try? mask.logicalAnd(other) else { return nil }
      mask = both
    }
    return mask
  }
}

extension Catalogue {
  static var combiningLayers: [Descriptor<Layer>] {
    let sample = { (units: Int) in Setting.layer((try? dense.make([.integer(units)])) ?? Layer()) }
    return [
      Descriptor(
        "residual", .layers,
        [
          ParameterDescription("layer", .layer),
          ParameterDescription(
            "shortcut", .optional(.layer), default: Setting.none, "brings the input to the result's shape"),
        ] + Layer.commonParameters,
        Documentation(
          "Adds a layer's result to its input.", formula: "layer(x) + x, or layer(x) + shortcut(x)",
          source: "He, Zhang, Ren and Sun, CVPR 2016", example: "residual(dense(3, relu))(ones(2, 3)).shape  # (2, 3)"),
        sample: [sample(3)], sampleInputs: [[2, 3]]
      ) { try Residual($0.layer("layer"), shortcut: $0.optionalLayer("shortcut")).named($0) },
      Descriptor(
        "parallel", .layers,
        [ParameterDescription("layers", .layer, isRest: true), Merge.parameter] + Layer.commonParameters,
        Documentation(
          "Gives its input to several layers and joins their results.", source: "Szegedy and others, CVPR 2015",
          example: "parallel(dense(2), dense(3))(ones(1, 4)).shape  # (1, 5)"),
        sample: [sample(2), sample(3)], sampleInputs: [[2, 3]]
      ) { arguments in
        let branches = try arguments.layers("layers")
        guard !branches.isEmpty else { throw TensorError(.type, "parallel wants at least one layer") }
        return try Parallel(branches, merge: Merge(rawValue: arguments.text("merge")) ?? .concat).named(arguments)
      },
      Descriptor(
        "lambda", .layers, [ParameterDescription("f", .function, "from tensor to tensor")] + Layer.commonParameters,
        Documentation(
          "A function as a layer without weights.", example: "lambda(x -> x * 2)([[1, 2]])  # [[2, 4]]"),
        sample: [.function(TensorFunction(name: "double") { [try $0[0] * 2] })], sampleInputs: [[2, 3]]
      ) { try Lambda($0.function("f")).named($0) },
      Descriptor(
        "add", .layers, Layer.commonParameters,
        Documentation(
          "Adds inputs of equal shape, given as a list.", example: "add()(([[1, 2]], [[3, 4]]))  # [[4, 6]]"),
        sampleInputs: [[2, 3], [2, 3]]
      ) { try Joining(.add).named($0) },
      Descriptor(
        "concatenate", .layers,
        [ParameterDescription("axis", .integer(-12...11), default: .number(-1))] + Layer.commonParameters,
        Documentation(
          "Joins inputs, given as a list, along an axis.", example: "concatenate()(([[1, 2]], [[3]]))  # [[1, 2, 3]]"),
        sampleInputs: [[2, 3], [2, 2]]
      ) { try Joining(.concat, axis: $0.integer("axis")).named($0) },
    ]
  }
}
