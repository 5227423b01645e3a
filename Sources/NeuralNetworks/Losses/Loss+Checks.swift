import Tensors

extension Loss {
  /// Whether prediction and target fit each other; `fit` asks before the first batch.
  /// - Throws: a shape error that offers the repairs.
  public func checkShapes(_ prediction: Spec, _ target: Spec) throws {
    if configuration.name == "function" || prediction.shape == target.shape { return }
    if takesClasses, prediction.rank > 0, target.shape == Array(prediction.shape.dropLast()) { return }
    let name = configuration.name
    let shapes = "the prediction has \(ShapeWords.described(prediction)), the target \(ShapeWords.described(target))"
    var hint: String?
    if prediction.shape == target.shape + [1] {
      hint =
        "target[:, none] makes the target \(ShapeWords.batched(prediction.shape)), "
        + "and prediction.squeeze(-1) the prediction \(ShapeWords.batched(target.shape))"
    } else if target.shape == prediction.shape + [1] {
      hint =
        "target.squeeze(-1) makes the target \(ShapeWords.batched(prediction.shape)), "
        + "and prediction[:, none] the prediction \(ShapeWords.batched(target.shape))"
    } else if takesClasses, target.rank == prediction.rank, target.shape.last == 1,
      target.shape.dropLast() == prediction.shape.dropLast()
    {
      hint = "class numbers are one a row: target.squeeze(-1) makes them \(ShapeWords.batched(target.shape.dropLast()))"
    } else if target.shape == Array(prediction.shape.dropLast()), let classes = prediction.shape.last {
      hint = "class numbers need cross_entropy, or one_hot(target, \(classes)) to be rows like the prediction"
    } else if prediction.rank == target.rank, prediction.shape.first != target.shape.first {
      hint = "they have different numbers of rows"
    } else if prediction.rank == target.rank, prediction.rank > 0 {
      hint =
        "the last layer gives \(prediction.shape.last ?? 0) values a row, and the target has \(target.shape.last ?? 0)"
    }
    let wanted =
      takesClasses
      ? "\(name) takes class numbers, or a target shaped like the prediction" : "\(name) needs equal shapes"
    throw TensorError(.shape, "\(wanted): \(shapes)", hint: hint)
  }

  /// Whether class numbers are whole and in range. Abstract targets pass: their values come later.
  /// - Throws: a value error that names the label, its place and the number of classes.
  public func checkClasses(_ target: Tensor, count: Int) throws {
    guard !target.isAbstract else { return }
    guard target.dtype != .bool else {
      throw TensorError(
        .type, "\(configuration.name) takes class numbers, and got bools", hint: "int32(y) makes 0 and 1 of them")
    }
    let labels = try target.doubles()
    guard let row = labels.firstIndex(where: { !($0 >= 0 && $0 < Double(count) && $0 == $0.rounded()) }) else { return }
    let label = Setting.numberText(labels[row])
    throw TensorError(
      .value,
      "label \(label) at row \(row) is not a class number: the prediction has \(count) classes, 0 to \(count - 1)",
      hint: labels[row] == Double(count)
        ? "labels count from 0; the last layer needs \(count + 1) outputs for this one" : nil)
  }

  /// Whether it was told `logits: true`.
  public var takesLogits: Bool {
    if case .flag(true)? = configuration["logits"] { true } else { false }
  }

  /// Checks that a prediction holds probabilities, where the loss takes those.
  /// - Throws: a value error with the repair.
  public func checkPrediction(_ prediction: Tensor) throws {
    guard let found = try outside(prediction) else { return }
    let (name, link) = (configuration.name, configuration.name == "cross_entropy" ? "softmax" : "sigmoid")
    throw TensorError(
      .value,
      "\(name) takes probabilities, and the prediction holds \(Setting.numberText((found * 1e6).rounded() / 1e6))",
      hint: "end the model with \(link), or write \(name)(logits: true) for scores")
  }

  /// Checks that a target which is no class number lies where the loss takes it.
  public func checkRange(_ target: Tensor) throws {
    guard let found = try outside(target) else { return }
    let wanted =
      configuration.name == "cross_entropy" ? "class numbers or rows of probabilities" : "targets from 0 to 1"
    throw TensorError(
      .value,
      "\(configuration.name) takes \(wanted), and the target holds \(Setting.numberText((found * 1e6).rounded() / 1e6))",
      hint: configuration.name == "cross_entropy" ? nil : "for more than two classes use cross_entropy")
  }

  /// The first number that is no probability, but for rounding; nan passes, and shows in the loss.
  private func outside(_ tensor: Tensor) throws -> Double? {
    guard let probabilities, !tensor.isAbstract else { return nil }
    let (least, most) = (probabilities.lowerBound - 1e-3, probabilities.upperBound + 1e-3)
    guard tensor.dtype == .float32 else { return try tensor.doubles().first { $0 < least || $0 > most } }
    let (low, high) = (Float(least), Float(most))
    return try tensor.elements(Float.self).first { $0 < low || $0 > high }.map(Double.init)
  }
}
