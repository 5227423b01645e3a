import Tensors

/// A layer that only rearranges; its work is one closure.
public final class ShapeLayer: Layer {
  private let rule: (Spec) throws -> Void
  private let body: (Tensor) throws -> Tensor

  init(check rule: @escaping (Spec) throws -> Void = { _ in }, _ body: @escaping (Tensor) throws -> Tensor) {
    self.rule = rule
    self.body = body
  }

  public override func check(_ inputs: [Spec]) throws { try rule(inputs[0]) }
  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] { [try body(inputs[0])] }
}

extension Catalogue {
  static var shapeLayers: [Descriptor<Layer>] {
    [flatten, reshapeTo, permute, repeatVector, upsample2d, zeroPad2d, crop2d]
  }

  private static func batched(_ spec: Spec) throws {
    guard spec.rank >= 1 else { throw ShapeWords.rank(spec, wanted: "a batch of samples") }
  }

  private static var flatten: Descriptor<Layer> {
    Descriptor(
      "flatten", .layers, Layer.commonParameters,
      Documentation(
        "Makes each sample one row; the batch axis stays.", shapes: "(a, b, …) → (a·b·…)",
        example: "flatten()(ones(2, 3, 4)).shape  # (2, 12)"), sampleInputs: [[2, 3, 2]]
    ) { arguments in
      try ShapeLayer(check: batched) { x in
        try x.reshape([x.shape[0], x.shape.dropFirst().reduce(1, *)])
      }.named(arguments)
    }
  }

  private static var reshapeTo: Descriptor<Layer> {
    Descriptor(
      "reshape_to", .layers,
      [ParameterDescription("shape", .shape, "without the batch axis; one size may be -1", isRest: true)]
        + Layer.commonParameters,
      Documentation(
        "Gives each sample another shape; the batch axis stays.", shapes: "any → the given sizes",
        example: "reshape_to(2, 3)(ones(5, 6)).shape  # (5, 2, 3)"),
      sample: [.number(3), .number(-1)], sampleInputs: [[2, 6]]
    ) { arguments in
      let shape = try arguments.integers("shape")
      return try ShapeLayer(check: { spec in
        try batched(spec)
        let count = spec.shape.dropFirst().reduce(1, *)
        let known = shape.filter { $0 >= 0 }.reduce(1, *)
        guard shape.contains(-1) ? known > 0 && count % known == 0 : known == count else {
          throw LayerFailure(
            .shape, "cannot make \(shape.shapeText) of samples with \(count) values (\(ShapeWords.described(spec)))")
        }
      }) { x in
        let count = x.shape.dropFirst().reduce(1, *)
        let known = shape.filter { $0 >= 0 }.reduce(1, *)
        return try x.reshape([x.shape[0]] + shape.map { $0 == -1 ? count / max(1, known) : $0 })
      }.named(arguments)
    }
  }

  private static var permute: Descriptor<Layer> {
    Descriptor(
      "permute", .layers,
      [ParameterDescription("axes", .shape, "counted as transpose does: 0 is the batch axis and stays", isRest: true)]
        + Layer.commonParameters,
      Documentation(
        "Reorders the axes of samples.", shapes: "permute(2, 1): (a, b) → (b, a)",
        example: "permute(2, 1)(ones(5, 3, 4)).shape  # (5, 4, 3)"),
      sample: [.number(2), .number(1)], sampleInputs: [[2, 3, 4]]
    ) { arguments in
      let axes = try arguments.integers("axes")
      guard !axes.isEmpty, axes.sorted() == Array(1...axes.count) else {
        throw TensorError(
          .value, "permute wants each axis from 1 once, and got (\(axes.map(String.init).joined(separator: ", ")))",
          hint: "axis 0 is the batch and stays: permute(2, 1) swaps the two axes of a sample")
      }
      return try ShapeLayer(check: { spec in
        guard spec.rank == axes.count + 1 else {
          throw ShapeWords.rank(spec, wanted: "samples with \(axes.count) axes")
        }
      }) { try $0.transpose([0] + axes) }.named(arguments)
    }
  }

  private static var repeatVector: Descriptor<Layer> {
    Descriptor(
      "repeat_vector", .layers, [ParameterDescription("n", .integer(from: 1))] + Layer.commonParameters,
      Documentation(
        "Repeats each row n times, as a sequence.", formula: "y[t] = x, t < n", shapes: "(features) → (n, features)",
        example: "repeat_vector(3)(ones(2, 4)).shape  # (2, 3, 4)"),
      sample: [.number(3)], sampleInputs: [[2, 4]]
    ) { arguments in
      let count = try arguments.integer("n")
      return try ShapeLayer(check: { spec in
        guard spec.rank == 2 else { throw ShapeWords.rank(spec, wanted: "rows (batch × features)") }
      }) { try $0.expand(1).repeatElements(count, axis: 1) }.named(arguments)
    }
  }

  private static var upsample2d: Descriptor<Layer> {
    Descriptor(
      "upsample2d", .layers,
      [ParameterDescription("size", .sizes(axes: 2, minimum: 1), default: .number(2))] + Layer.commonParameters,
      Documentation(
        "Repeats rows and columns: each pixel becomes a block.",
        formula: "y[i, j] = x[i // size, j // size]",
        shapes: "(rows, columns, channels) → (rows·size, columns·size, channels)",
        example: "upsample2d(2)(ones(1, 2, 3, 1)).shape  # (1, 4, 6, 1)"),
      sampleInputs: [[2, 2, 3, 2]]
    ) { arguments in
      let size = try arguments.integers("size")
      return try ShapeLayer(check: ShapeWords.images) { x in
        try x.repeatElements(size[0], axis: 1).repeatElements(size[1], axis: 2)
      }.named(arguments)
    }
  }

  private static var zeroPad2d: Descriptor<Layer> {
    Descriptor(
      "zero_pad2d", .layers, [ParameterDescription("padding", .margins, default: .number(1))] + Layer.commonParameters,
      Documentation(
        "Puts zeros around images.",
        shapes: "(rows, columns, channels) → (rows + top + bottom, columns + left + right, channels)",
        example: "zero_pad2d(1)(ones(1, 2, 2, 1)).shape  # (1, 4, 4, 1)"),
      sampleInputs: [[2, 2, 3, 2]]
    ) { arguments in
      let margins = try arguments.margins("padding")
      return try ShapeLayer(check: ShapeWords.images) { x in
        try x.pad([(0, 0)] + margins + [(0, 0)], value: 0)
      }.named(arguments)
    }
  }

  private static var crop2d: Descriptor<Layer> {
    Descriptor(
      "crop2d", .layers, [ParameterDescription("cropping", .margins, default: .number(1))] + Layer.commonParameters,
      Documentation(
        "Cuts rows and columns off images.",
        shapes: "(rows, columns, channels) → (rows - top - bottom, columns - left - right, channels)",
        example: "crop2d(1)(ones(1, 4, 4, 1)).shape  # (1, 2, 2, 1)"),
      sampleInputs: [[2, 4, 5, 2]]
    ) { arguments in
      let margins = try arguments.margins("cropping")
      return try ShapeLayer(check: { spec in
        try ShapeWords.images(spec)
        for axis in 0..<2 where margins[axis].0 + margins[axis].1 >= spec.shape[axis + 1] {
          throw LayerFailure(.shape, "would cut everything off images of \(spec.shape[1])×\(spec.shape[2])")
        }
      }) { x in
        var y = x
        for axis in 0..<2 where margins[axis] != (0, 0) {
          let kept = x.shape[axis + 1] - margins[axis].0 - margins[axis].1
          y = try y.split(sizes: [margins[axis].0, kept, margins[axis].1], axis: axis + 1)[1]
        }
        return y
      }.named(arguments)
    }
  }
}
