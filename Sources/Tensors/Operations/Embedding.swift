import CKernels

/// Rows of a table by number. Inputs: table (vocabulary, width), ids (…) int32. Result: (…, width).
struct Embedding: Operation {
  static let name = "embedding"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    guard inputs[0].rank == 2 else {
      throw TensorError(
        .shape, "an embedding's table has shape (vocabulary, width), and got \(inputs[0].shape.shapeText)")
    }
    let shape = inputs[1].shape + [inputs[0].shape[1]]
    _ = try Limits.checkedCount(shape, inputs[0].dtype)
    return [Spec(inputs[0].dtype, shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (count, vocabulary, width) = (inputs[1].count, inputs[0].shape[0], inputs[0].shape[1])
    let isDouble = inputs[0].dtype == .float64
    return Kernel { p in
      let failed =
        isDouble
        ? ck_embedding_f64(p.doubles(0), p.int32s(1), p.doubles(2), count, vocabulary, width)
        : ck_embedding_f32(p.floats(0), p.int32s(1), p.floats(2), count, vocabulary, width)
      if failed >= 0 { throw idOutside(p.int32s(1)[failed], vocabulary) }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], needed[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(EmbeddingGradient(vocabulary: inputs[0].shape[0]), seed, inputs[1]), nil]
  }
}

/// Adds each row of g at its id, in order. Inputs: g (…, width), ids (…).
struct EmbeddingGradient: Operation {
  static let name = "embedding_gradient"
  let vocabulary: Int

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    [Spec(inputs[0].dtype, [vocabulary, inputs[0].shape[inputs[0].rank - 1]])]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (count, vocabulary, width) = (inputs[1].count, vocabulary, outputs[0].shape[1])
    let isDouble = inputs[0].dtype == .float64
    return Kernel { p in
      let failed =
        isDouble
        ? ck_embedding_gradient_f64(p.doubles(0), p.int32s(1), p.doubles(2), count, vocabulary, width)
        : ck_embedding_gradient_f32(p.floats(0), p.int32s(1), p.floats(2), count, vocabulary, width)
      if failed >= 0 { throw idOutside(p.int32s(1)[failed], vocabulary) }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], needed[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(Embedding(), seed, inputs[1]), nil]
  }
}

private func idOutside(_ id: Int32, _ vocabulary: Int) -> TensorError {
  TensorError(
    .index, "id \(id) does not exist in an embedding of \(vocabulary) rows",
    hint: id == Int32(clamping: vocabulary) ? "ids count from 0, so the table needs one more row" : nil)
}

/// Rows of `table` (vocabulary, width) at `ids`, which may be any shape: (…) gives (…, width).
/// - Throws: an index error for an id outside the table.
public func embeddingLookup(_ table: Tensor, _ ids: Tensor) throws -> Tensor {
  let whole = ids.dtype == .int32 ? ids : try ids.cast(to: .int32)
  return try Engine.shared.apply1(Embedding(), try floatOperands([table])[0], whole)
}
