import FileFormats
import Tensors
import Testing

@testable import Training

@Suite struct MetricTests {
  static func metric(_ name: String, _ settings: [String: JSON] = [:]) throws -> (any Metric)? {
    let average = settings["average"]?.string.flatMap(Average.init(rawValue:)) ?? .binary
    switch name {
    case "accuracy": return Accuracy()
    case "binary_accuracy": return BinaryAccuracy()
    case "top_k_accuracy": return try TopKAccuracy(k: settings["k"]?.integer ?? 5)
    case "precision", "recall", "f1": return try ClassScore(#require(ClassScore.Kind(rawValue: name)), average: average)
    case "auc": return AreaUnderCurve(curve: settings["curve"]?.string.flatMap(AreaUnderCurve.Curve.init) ?? .roc)
    case "mae", "mse", "rmse", "mape": return try MeanError(#require(MeanError.Kind(rawValue: name)))
    case "r2": return RSquared()
    case "log_loss": return LogLoss()
    default: return nil
    }
  }

  @Test(arguments: [DType.float32, .float64]) func goldenNumbers(dtype: DType) throws {
    var count = 0
    for golden in try Golden.cases("metrics") {
      let name = try #require(golden["name"]?.string)
      let call = try GoldenCall(golden)
      let p = try Golden.tensor(#require(golden["inputs"]?["p"]), dtype: dtype)
      let t = try Golden.tensor(#require(golden["inputs"]?["t"]), dtype: dtype)
      let outputs = try #require(golden["outputs"]?.object)
      let relative = dtype == .float32 ? try #require(golden["rtol"]?.number) : 1e-7
      let absolute = dtype == .float32 ? try #require(golden["atol"]?.number) : 1e-8
      var results: [String: [Double]] = [:]
      if let metric = try MetricTests.metric(call.operation, call.settings) {
        results["y"] = [try metric.value(prediction: p, target: t)]
      } else {
        var columns = Columns()
        switch call.operation {
        case "confusion_matrix":
          let matrix = try confusionMatrix(prediction: p, target: t)
          let wanted = try Golden.shape(#require(outputs["y"]))
          #expect(matrix.shape == wanted && matrix.dtype == .int32)
          results["y"] = try matrix.doubles()
        case "roc_curve": columns = try rocCurve(prediction: p, target: t)
        case "pr_curve": columns = try precisionRecallCurve(prediction: p, target: t)
        default:
          #expect(call.operation == "classification_report")
          columns = try classificationReport(prediction: p, target: t)
        }
        for column in columns.names { results[column] = columns.numbers(column) }
        results["f1-score"] = results["f1"]
        results["thresholds"] = results["threshold"]
        if call.operation == "pr_curve" {
          #expect(results["thresholds"]?.last?.isNaN == true)
          results["thresholds"]?.removeLast()
        }
      }
      for (key, want) in outputs.pairs {
        Golden.expectClose(
          try #require(results[key], "\(name).\(key)"), try Golden.numbers(want), "\(name).\(key)", relative: relative,
          absolute: absolute)
      }
      count += 1
    }
    print("metrics: \(count) golden cases in \(dtype.name)")
    #expect(count >= 50)
  }

  /// A pass in uneven batches gives what all rows at once give.
  @Test func metricsAreExactOverBatches() throws {
    let random = RandomStream(seed: 3)
    let p = try Tensor(try random.uniforms(23), shape: [23], dtype: .float64)
    let t = try Tensor(try random.uniforms(23).map { $0 > 0.5 ? 1 : 0 }, shape: [23], dtype: .float64)
    for name in [
      "accuracy", "binary_accuracy", "precision", "recall", "f1", "auc", "mae", "mse", "rmse", "r2", "log_loss",
    ] {
      let metric = try #require(try MetricTests.metric(name))
      let counter = metric.start()
      for range in [0..<5, 5..<6, 6..<20, 20..<23] {
        try counter.add(prediction: Rows.slice(p, range), target: Rows.slice(t, range))
      }
      let whole = try metric.value(prediction: p, target: t)
      #expect(abs(try counter.result() - whole) < 1e-12, "\(name)")
    }
  }

  @Test func functionsSeeTheWholePass() throws {
    let metric = FunctionMetric("largest_error") { p, t in
      zip(try p.doubles(), try t.doubles()).map { abs($0 - $1) }.max() ?? 0
    }
    let counter = metric.start()
    try counter.add(
      prediction: Tensor([1.0, 2], shape: [2], dtype: .float32), target: Tensor([1.0, 5], shape: [2], dtype: .float32))
    try counter.add(
      prediction: Tensor([0.0], shape: [1], dtype: .float32), target: Tensor([1.0], shape: [1], dtype: .float32))
    #expect(try counter.result() == 3)
  }

  @Test func hingeTargetsAreSplitAtZero() throws {
    let p = try Tensor([0.2, -0.4, 0.3, 0.9], shape: [4], dtype: .float32)
    let t = try Tensor([1.0, -1, -1, 1], shape: [4], dtype: .float32)
    #expect(try Accuracy().value(prediction: p, target: t) == 0.75)
  }

  @Test func nothingBroadcasts() throws {
    let column = try Tensor([1.0, 2], shape: [2, 1], dtype: .float32)
    let row = try Tensor([1.0, 2], shape: [2], dtype: .float32)
    for name in ["accuracy", "mae", "r2", "auc", "log_loss", "f1"] {
      let metric = try #require(try MetricTests.metric(name))
      let error = #expect(throws: TensorError.self, "\(name)") { try metric.value(prediction: column, target: row) }
      #expect(error?.kind == .shape)
      #expect(error?.hint?.contains("[:, none]") == true)
    }
  }

  @Test func labelsThatAreNoClassesAreRefused() throws {
    let scores = try Tensor([0.2, 0.8, 0.6, 0.4], shape: [2, 2], dtype: .float32)
    for labels in [[0, 2], [-1, 0], [0.5, 1], [.nan, 0], [1e300, 0]] as [[Double]] {
      let t = try Tensor(labels, shape: [2], dtype: .float64)
      #expect(throws: TensorError.self, "\(labels)") { try Accuracy().value(prediction: scores, target: t) }
      #expect(throws: TensorError.self, "\(labels)") { try confusionMatrix(prediction: scores, target: t) }
    }
  }

  @Test func binaryAverageIsForTwoClasses() throws {
    let p = try Tensor(int32: [0, 1, 2], shape: [3])
    let error = #expect(throws: TensorError.self) { try ClassScore(.f1).value(prediction: p, target: p) }
    #expect(error?.hint?.contains("macro") == true)
  }
}
