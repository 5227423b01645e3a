import Tensors

/// How wrong a prediction is.
///
/// A loss computes one value for each element or row; `reduction` makes one number of them. Prediction and target never
/// broadcast.
public struct Loss: Configurable {
  public enum Reduction: String, Sendable, CaseIterable { case mean, sum, none }

  /// What a body gives.
  enum Values {
    /// One value for each element; a row's value is their mean.
    case elements(Tensor)
    /// One value for each row.
    case rows(Tensor)
  }

  public var configuration: Configuration
  public let reduction: Reduction
  /// True for a loss that takes class numbers as well as rows like the prediction.
  public let takesClasses: Bool
  /// What predictions and targets may be where the loss takes probabilities; nil where it takes anything.
  public let probabilities: ClosedRange<Double>?
  private let body: (Tensor, Tensor) throws -> Values
  private let whole: ((Tensor, Tensor) throws -> Tensor)?

  init(
    _ arguments: Arguments, takesClasses: Bool = false, probabilities: ClosedRange<Double>? = nil,
    _ body: @escaping (Tensor, Tensor) throws -> Values
  ) throws {
    configuration = Configuration(arguments.constructor)
    reduction = Reduction(rawValue: try arguments.text("reduction")) ?? .mean
    self.takesClasses = takesClasses
    self.probabilities = probabilities
    self.body = body
    whole = nil
  }

  /// A loss that the program wrote itself: any function of (prediction, target) with a 0-d result.
  public init(_ function: TensorFunction) {
    configuration = Configuration("function", settings: [("function", .function(function))])
    reduction = .mean
    takesClasses = true
    probabilities = nil
    body = { .elements(try $0 - $1) }
    whole = { prediction, target in
      let results = try function.body([prediction, target])
      guard results.count == 1 else {
        throw TensorError(
          .type, "a loss gives one number, and \(function.name ?? "the function") gave a list of \(results.count)")
      }
      guard results[0].count == 1 else {
        throw TensorError(
          .shape,
          "a loss gives one number, and \(function.name ?? "the function") gave \(results.first.map { ShapeWords.described($0.spec) } ?? "nothing")",
          hint: "take the mean: mean(…)")
      }
      return results[0].rank == 0 ? results[0] : try results[0].reshape([])
    }
  }

  /// The loss.
  ///
  /// - Parameters:
  ///   - weights: one number for each row; the weighted sum is divided by the number of rows.
  /// - Returns: a 0-d tensor, or one value for each row where the reduction is none.
  /// - Throws: a shape error with the repair where prediction and target do not fit; a value error for a class number
  ///   out of range.
  public func callAsFunction(_ prediction: Tensor, _ target: Tensor, weights: Tensor? = nil) throws -> Tensor {
    if let whole {
      guard weights == nil else {
        throw TensorError(
          .value, "weights need one of the library's losses: a function of its own gives one number for all rows")
      }
      return try whole(prediction, target)
    }
    let mask = prediction.provenance?.mask
    let floating = prediction.dtype.isFloat ? prediction : try prediction.cast(to: .float32)
    try checkShapes(floating.spec, target.spec)
    let isClasses = takesClasses && target.rank == floating.rank - 1
    if isClasses { try checkClasses(target, count: floating.shape[floating.rank - 1]) } else { try checkRange(target) }
    if prediction.provenance?.logits == nil { try checkPrediction(floating) }
    let settled =
      target.dtype == floating.dtype || isClasses || target.spec.isWeak ? target : try target.cast(to: floating.dtype)
    let values = try body(floating, settled)
    return try reduce(values, weights: weights, mask: mask)
  }

  private func reduce(_ values: Values, weights: Tensor?, mask: Tensor?) throws -> Tensor {
    if weights == nil, mask == nil {
      switch (values, reduction) {
      case (.elements(let elements), .mean): return try elements.mean()
      case (.rows(let rows), .mean): return try rows.mean()
      case (.rows(let rows), .sum): return try rows.sum()
      case (.rows(let rows), .none): return rows
      case (.elements, _): break
      }
    }
    var rows: Tensor
    switch values {
    case .rows(let given): rows = given
    case .elements(let elements):
      // A weight for each element of a rank-1 prediction: each element is a row.
      let isFlat = elements.rank == 0 || elements.rank == 1 && weights?.shape == elements.shape
      rows = isFlat ? elements : try elements.mean(axes: [-1])
    }
    var scale: Tensor?
    if let mask, let fitted = fit(mask, to: rows) {
      var factor = try fitted.cast(to: rows.dtype)
      if reduction == .mean {
        // Only steps that are not padding count.
        factor = try factor * (Double(factor.count) / Tensor.maximum(factor.sum(), Tensor.number(1)))
      }
      scale = try factor.broadcast(to: rows.shape)
    }
    if let weights {
      guard let fitted = fit(weights, to: rows) else {
        throw TensorError(
          .shape,
          "weights have one number for each row: \(ShapeWords.described(rows.spec)) is wanted, and they have \(ShapeWords.described(weights.spec))"
        )
      }
      let factor = try fitted.cast(to: rows.dtype)
      scale = try scale.map { try $0 * factor } ?? factor
    }
    if let scale { rows = try rows * scale }
    switch reduction {
    case .mean: return try rows.mean()
    case .sum: return try rows.sum()
    case .none: return rows
    }
  }

  /// Weights of the leading axes, with axes of size 1 for the rest; nil where they do not fit.
  private func fit(_ weights: Tensor, to rows: Tensor) -> Tensor? {
    if weights.shape == rows.shape { return weights }
    if weights.shape == rows.shape + [1] { return try? weights.reshape(rows.shape) }
    guard weights.rank < rows.rank, Array(rows.shape.prefix(weights.rank)) == weights.shape else { return nil }
    return try? weights.reshape(weights.shape + Array(repeating: 1, count: rows.rank - weights.rank))
  }
}

extension Catalogue {
  /// `reduction:`, which every loss takes.
  static var reductionParameter: ParameterDescription {
    ParameterDescription(
      "reduction", .choice(Loss.Reduction.allCases.map(\.rawValue)), default: .text("mean"),
      "mean and sum are over the rows; none gives one value per row")
  }

  /// `logits:`, for the cross-entropies.
  static var logitsParameter: ParameterDescription {
    ParameterDescription("logits", .flag, default: .flag(false), "the prediction holds scores, not probabilities")
  }
}
