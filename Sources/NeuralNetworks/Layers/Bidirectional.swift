import Tensors

/// Reads a sequence in both directions with two copies of a recurrent layer.
public final class Bidirectional: Layer {
  let forwardLayer: Recurrent
  let backwardLayer: Recurrent
  let merge: Merge

  init(_ arguments: Arguments) throws {
    guard let recurrent = try arguments.layer("layer") as? Recurrent else {
      throw TensorError(
        .type, "bidirectional wants a recurrent layer (simple_rnn, lstm or gru), and got \(arguments["layer"].kindText)"
      )
    }
    forwardLayer = recurrent
    backwardLayer = try recurrent.reversed()
    merge = Merge(rawValue: try arguments.text("merge")) ?? .concat
  }

  public override var children: [(prefix: String, layer: Layer)] {
    [("forward", forwardLayer), ("backward", backwardLayer)]
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let ahead = try context.enter("forward") { try forwardLayer(inputs, context)[0] }
    var back = try context.enter("backward") { try backwardLayer(inputs, context)[0] }
    if forwardLayer.returnsSequences { back = try back.flip(1) }
    return [try merge.apply([ahead, back])]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? {
    forwardLayer.returnsSequences ? inputs[0].provenance?.mask : nil
  }
}

/// Applies a layer to every step of a sequence.
public final class TimeDistributed: Layer {
  let layer: Layer

  init(_ layer: Layer) { self.layer = layer }

  public override var children: [(prefix: String, layer: Layer)] { [("", layer)] }

  public override func check(_ inputs: [Spec]) throws {
    guard inputs[0].rank >= 3 else {
      throw ShapeWords.rank(inputs[0], wanted: "sequences (batch × steps × …)")
    }
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let shape = inputs[0].shape
    let flat = try inputs[0].reshape([shape[0] * shape[1]] + shape.dropFirst(2))
    let y = try context.enter("") { try layer(flat, context) }
    func steps(_ flat: Tensor) throws -> Tensor { try flat.reshape([shape[0], shape[1]] + flat.shape.dropFirst()) }
    let sequence = try steps(y)
    if let logits = y.provenance?.logits {
      sequence.provenance = Provenance(logits: (try steps(logits.tensor), logits.link))
    }
    return [sequence]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var sequenceWrappers: [Descriptor<Layer>] {
    [
      Descriptor(
        "bidirectional", .layers,
        [ParameterDescription("layer", .layer, "a recurrent layer"), Merge.parameter] + Layer.commonParameters,
        Documentation(
          "Reads sequences in both directions and joins the results.",
          details: "The given layer reads forward; a second one like it, with weights of its own, reads backward.",
          formula: "merge(forward(x), backward(x from last to first, turned back))",
          shapes: "(steps, in) → twice the layer's units with \"concat\"", source: "Schuster and Paliwal, 1997",
          example: "bidirectional(lstm(4))(ones(2, 5, 3)).shape  # (2, 8)"),
        sample: [.layer((try? recurrent(.gru).make([.number(2)])) ?? Layer())], sampleInputs: [[2, 3, 2]]
      ) { try Bidirectional($0).named($0) },
      Descriptor(
        "time_distributed", .layers, [ParameterDescription("layer", .layer)] + Layer.commonParameters,
        Documentation(
          "Applies a layer to every step of a sequence, with the same weights.", formula: "y[t] = layer(x[t])",
          shapes: "(steps, …) → (steps, …)",
          example: "time_distributed(dense(2))(ones(3, 5, 4)).shape  # (3, 5, 2)"),
        sample: [.layer((try? dense.make([.number(2)])) ?? Layer())], sampleInputs: [[2, 3, 2]]
      ) { try TimeDistributed($0.layer("layer")).named($0) },
    ]
  }
}
