import CKernels

/// `-log softmax(z)[class]` for each row of logits; inputs: logits (…, classes), class numbers (…) int32.
struct ClassCrossEntropy: Operation {
  static let name = "softmax_cross_entropy"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    guard inputs[0].rank >= 1, inputs[1].dtype == .int32, inputs[1].shape == Array(inputs[0].shape.dropLast()) else {
      throw TensorError(
        .shape,
        "logits of shape \(inputs[0].shape.shapeText) need class numbers of shape \(Array(inputs[0].shape.dropLast()).shapeText), and got \(inputs[1].shape.shapeText)"
      )
    }
    guard inputs[0].shape[inputs[0].rank - 1] > 0 else { throw TensorError(.shape, "logits of no classes") }
    return [Spec(inputs[0].dtype, inputs[1].shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    let rows = inputs[0].count / n
    let isDouble = inputs[0].dtype == .float64
    return Kernel { p in
      let failed =
        isDouble
        ? ck_cross_entropy_f64(p.doubles(0), p.int32s(1), p.doubles(2), rows, n)
        : ck_cross_entropy_f32(p.floats(0), p.int32s(1), p.floats(2), rows, n)
      if failed >= 0 { throw classOutside(p.int32s(1)[failed], row: failed, classes: n) }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0], needed[0] else { return [nil, nil] }
    return [try Engine.shared.apply1(ClassCrossEntropyGradient(), inputs[0], inputs[1], seed), nil]
  }
}

/// `g·(softmax(z) - onehot(class))`. Inputs: logits, class numbers, g.
struct ClassCrossEntropyGradient: Operation {
  static let name = "softmax_cross_entropy_gradient"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [inputs[0]] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let n = inputs[0].shape[inputs[0].rank - 1]
    let rows = inputs[0].count / n
    let isDouble = inputs[0].dtype == .float64
    return Kernel { p in
      let failed =
        isDouble
        ? ck_cross_entropy_gradient_f64(p.doubles(0), p.int32s(1), p.doubles(2), p.doubles(3), rows, n)
        : ck_cross_entropy_gradient_f32(p.floats(0), p.int32s(1), p.floats(2), p.floats(3), rows, n)
      if failed >= 0 { throw classOutside(p.int32s(1)[failed], row: failed, classes: n) }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let s = seeds[0] else { return [nil, nil, nil] }
    let (z, classes, g) = (inputs[0], inputs[1], inputs[2])
    var shares: [Tensor?] = [nil, nil, nil]
    if needed[0] {
      let weighted = try s * g.reshape(g.shape + [1])
      shares[0] = try Engine.shared.apply1(SoftmaxGradient(axis: z.rank - 1, isLogarithm: false), z.softmax(), weighted)
    }
    if needed[2] {
      let ones = try Tensor.onesLike(g)
      let slope = try Engine.shared.apply1(ClassCrossEntropyGradient(), z, classes, ones)
      shares[2] = try (s * slope).sum(axes: [z.rank - 1])
    }
    return shares
  }
}

private func classOutside(_ value: Int32, row: Int, classes: Int) -> TensorError {
  TensorError(
    .index, "class \(value) (row \(row)) does not exist among \(classes) classes",
    hint: value == Int32(classes) ? "class numbers count from 0" : nil)
}

/// `max(z, 0) - z·t + log(1 + exp(-|z|))`, the binary cross-entropy of sigmoid(z); inputs of one shape.
struct SigmoidCrossEntropy: Operation {
  static let name = "sigmoid_cross_entropy"

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] {
    guard inputs[0].shape == inputs[1].shape else {
      throw TensorError(
        .shape, "logits of shape \(inputs[0].shape.shapeText) meet targets of shape \(inputs[1].shape.shapeText)")
    }
    return [Spec(inputs[0].dtype, inputs[0].shape)]
  }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let count = inputs[0].count
    return inputs[0].dtype == .float64
      ? Kernel { ck_sigmoid_cross_entropy_f64($0.doubles(0), $0.doubles(1), $0.doubles(2), count) }
      : Kernel { ck_sigmoid_cross_entropy_f32($0.floats(0), $0.floats(1), $0.floats(2), count) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [
      needed[0] ? try seed * (inputs[0].sigmoid() - inputs[1]) : nil,
      needed[1] ? try -(seed * inputs[0]) : nil,
    ]
  }
}

/// The cross-entropy of `softmax(logits)` along the last axis with the targets, computed from the logits, so that it is
/// finite for all finite logits: `-Σ t·log softmax(z)`.
///
/// - Parameter targets: class numbers of shape (…), or rows of shares (one-hot) shaped like the logits.
/// - Returns: one value per row, (…).
/// - Throws: a shape error where they do not fit, an index error for a class that does not exist.
public func softmaxCrossEntropy(_ logits: Tensor, _ targets: Tensor) throws -> Tensor {
  if targets.shape == logits.shape && !(targets.dtype == .int32 && targets.rank < logits.rank) {
    let operands = try floatOperands([logits, targets])
    return try -(operands[1] * operands[0].logSoftmax()).sum(axes: [logits.rank - 1])
  }
  let z = try floatOperands([logits])[0]
  let classes = targets.dtype == .int32 ? targets : try targets.cast(to: .int32)
  return try Engine.shared.apply1(ClassCrossEntropy(), z, classes)
}

/// The binary cross-entropy of `sigmoid(logits)` with targets between 0 and 1, element by element, from the logits.
/// - Throws: a shape error where the shapes differ.
public func sigmoidCrossEntropy(_ logits: Tensor, _ targets: Tensor) throws -> Tensor {
  let operands = try floatOperands([logits, targets])
  return try Engine.shared.apply1(SigmoidCrossEntropy(), operands[0], operands[1])
}
