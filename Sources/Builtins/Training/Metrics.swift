import Interpreter
import Tensors
import Training

/// How good predictions are. Called on (prediction, target) they give a number; without tensors, the metric with its
/// setting, for `metrics:`.
func registerMetrics(_ catalogue: inout Catalogue) {
  catalogue.metric(
    "accuracy", "",
    """
    The share of rows whose class is right.

    Rows of class scores are compared by their largest score, with class numbers or one-hot rows; single numbers by
    value where all are whole, otherwise by whether they are above one half (or 0, where targets are -1 and 1).
    """, "accuracy([1, 0, 1, 1], [1, 0, 0, 1])  # 0.75"
  ) { _ in Accuracy() }
  catalogue.metric(
    "binary_accuracy", "", "The share of elements on the right side of one half.",
    "binary_accuracy([0.9, 0.2], [1, 1])  # 0.5"
  ) { _ in BinaryAccuracy() }
  catalogue.metric(
    "top_k_accuracy", ", k = 5", "The share of rows whose class is among the k largest scores.",
    "top_k_accuracy([0.5, 0.3, 0.2; 0.1, 0.2, 0.7], int32([1, 0]), k: 2)  # 0.5"
  ) { a in try TopKAccuracy(k: a.integer(2, in: 1...Int(Int32.max))) }
  for (kind, summary) in [
    (ClassScore.Kind.precision, "The share of predictions of a class that are right"),
    (.recall, "The share of rows of a class that are found"),
    (.f1, "The harmonic mean of precision and recall, 2·p·r/(p + r)"),
  ] {
    catalogue.metric(
      kind.rawValue, ", average = \"binary\"",
      """
      \(summary); 0/0 is 0.

      `average`: `"binary"` looks at class 1 (scores above one half), `"macro"` is the mean over the classes, `"micro"`
      counts over all classes, `"weighted"` is the mean weighted by the classes' rows.
      """, "\(kind.rawValue)([1, 1, 0, 0], [1, 1, 0, 0])  # 1"
    ) { a in ClassScore(kind, average: Average(rawValue: try a.choice(2, Average.allCases.map(\.rawValue))) ?? .binary)
    }
  }
  catalogue.metric(
    "auc", ", curve = \"roc\"",
    "The area under the ROC curve (ties count half), or, with `curve: \"pr\"`, the average precision.",
    "auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])  # 0.75"
  ) { a in
    AreaUnderCurve(
      curve: AreaUnderCurve.Curve(rawValue: try a.choice(2, AreaUnderCurve.Curve.allCases.map(\.rawValue))) ?? .roc)
  }
  catalogue.metric(
    "rmse", "", "The root of the mean squared error.", "rmse([1, 3], [1, 1])  # 1.41421"
  ) { _ in MeanError(.rmse) }
  catalogue.metric(
    "mape", "", "The mean absolute error in percent of the targets: 100·mean |p - t| / |t|.",
    "mape([1.1, 2], [1, 2])  # 5"
  ) { _ in MeanError(.mape) }
  catalogue.metric(
    "r2", "",
    "The coefficient of determination, 1 - Σ(t - p)²/Σ(t - mean t)²: 1 is perfect, 0 no better than the mean.",
    "r2([1, 2, 3], [1, 2, 3])  # 1"
  ) { _ in RSquared() }
  catalogue.metric(
    "log_loss", "", "The mean of -log p of the true class: the cross-entropy of probabilities, as a metric.",
    "log_loss([0.5, 0.5], [1, 0])  # 0.693147"
  ) { _ in LogLoss() }
  registerMetricTables(&catalogue)
}

/// Metrics that are more than a number.
private func registerMetricTables(_ catalogue: inout Catalogue) {
  catalogue.add(
    "confusion_matrix", "(prediction, target)", .metrics,
    "How often each class (columns) was predicted for each true class (rows).",
    example: "confusion_matrix([0, 1, 1], [0, 1, 0])  # [[1, 1],\n#  [0, 1]]  # 2×2, int32"
  ) { a, _ in .tensor(try confusionMatrix(prediction: a.tensor(0), target: a.tensor(1))) }
  catalogue.add(
    "roc_curve", "(prediction, target)", .metrics,
    "A table of false and true positive rates at every threshold: `fpr tpr threshold`.",
    example: "roc_curve([0.1, 0.9], [0, 1]).columns  # (\"fpr\", \"tpr\", \"threshold\")"
  ) { a, _ in try .table(rocCurve(prediction: a.tensor(0), target: a.tensor(1))) }
  catalogue.add(
    "pr_curve", "(prediction, target)", .metrics,
    "A table of precision and recall at every threshold: `precision recall threshold`.",
    example: "pr_curve([0.1, 0.9], [0, 1]).columns  # (\"precision\", \"recall\", \"threshold\")"
  ) { a, _ in try .table(precisionRecallCurve(prediction: a.tensor(0), target: a.tensor(1))) }
  catalogue.add(
    "classification_report", "(prediction, target)", .metrics,
    "A table with precision, recall, F1 and the number of rows of each class, and their means.",
    example: "type(classification_report([0, 1, 1], [0, 1, 0]))  # table"
  ) { a, _ in try .table(classificationReport(prediction: a.tensor(0), target: a.tensor(1))) }
}

extension Catalogue {
  /// A metric with its settings as `parameters` after prediction and target.
  fileprivate mutating func metric(
    _ name: String, _ parameters: String, _ documentation: String, _ example: String,
    _ make: @escaping (BoundArguments) throws -> any Metric
  ) {
    add(name, "(prediction = none, target = none\(parameters))", .metrics, documentation, example: example) { a, _ in
      let metric = try make(a)
      if !a.isNone(0), !a.isNone(1) { return .number(try metric.value(prediction: a.tensor(0), target: a.tensor(1))) }
      guard a.isNone(0), a.isNone(1) else {
        throw RuntimeError(.type, "`\(name)` compares two tensors, and only one was given")
      }
      let signature = Signature(function: name, text: "(prediction, target)")
      return .function(
        HostFunction(name, signature: signature, payload: Payload<any Metric>(metric)) { arguments, _ in
          let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
          return .number(try metric.value(prediction: bound.tensor(0), target: bound.tensor(1)))
        })
    }
  }
}

/// The metric that a value stands for: a metric, a loss by name, or any function of (prediction, target).
func metric(_ value: Value, _ context: CallContext) throws -> any Metric {
  guard case .function(let function) = value else {
    throw RuntimeError(
      .type, "a metric is a function of (prediction, target), and this is \(value.kindText)",
      hint: "write the functions themselves: metrics: (accuracy, f1(average: \"macro\"))")
  }
  if let builtin = function as? BuiltinFunction {
    if let kind = MeanError.Kind(rawValue: builtin.builtin.name) { return MeanError(kind) }
    if builtin.builtin.family == Family.metrics.rawValue,
      case .function(let made) = try context.call(value, CallArguments()),
      let payload = (made as? HostFunction)?.payload as? Payload<any Metric>
    {
      return payload.content
    }
  }
  if let payload = (function as? HostFunction)?.payload as? Payload<any Metric> { return payload.content }
  // A column of the history has the name without settings: `mae()` is `mae`.
  let name = String((function.name ?? "metric").prefix { $0 != "(" })
  return FunctionMetric(name) { prediction, target in
    let result = try context.call(value, .tensor(prediction), .tensor(target))
    guard let number = result.asNumber else {
      throw TensorError(.type, "a metric gives one number, and \(name) gave \(result.kindText)")
    }
    return number
  }
}
