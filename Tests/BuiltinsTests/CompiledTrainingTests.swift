import Testing

/// Trainings that run as programs, whatever belongs to them, end where the same trainings end operation by operation.
@Suite struct CompiledTrainingTests {
  struct Scenario: CustomTestStringConvertible, Sendable {
    let name: String
    var before = ""
    /// `last` is a layer that changes nothing, and in the second training looks at values.
    var net = "dense(4, tanh) >> dense(1) >> last"
    var input = "x"
    var target = "y"
    var loss = "mse"
    var optimizer = "adam(0.01)"
    var options = ""
    var after = "0"
    var testDescription: String { name }
  }

  static let scenarios = [
    Scenario(name: "custom loss", loss: "(p, t) -> mean((p - t) ^ 2)"),
    Scenario(name: "sample weights", options: "sample_weights: linspace(0, 1, 40)"),
    Scenario(
      name: "validation and metrics", options: "validation: (x[:8], y[:8]), metrics: (mae(),)",
      after: "run.history.val_mae"),
    Scenario(
      name: "several inputs and outputs",
      before: "let a = input(3); let b = input(3); let h = concat((a |> dense(4, tanh), b |> dense(2)), axis: -1)",
      net: "model((a, b), (h |> dense(1), h |> dense(1)))", input: "(x, x * 2)", target: "(y, -y)",
      loss: "(mse, (p, t) -> { last(p); mean((p - t) ^ 2) })"),
    Scenario(
      name: "frozen layer", before: "let first = build(dense(4, tanh), 3); first.trainable = false",
      net: "first >> dense(1) >> last", after: "first.params.kernel"),
    Scenario(name: "custom layer", net: "dense(4) >> scale() >> lambda(v -> tanh(v)) >> dense(1) >> last"),
    Scenario(
      name: "penalty and dropout",
      net: "dense(8, relu, kernel_regularizer: l2(0.01)) >> dropout(0.3) >> dense(1) >> last"),
    Scenario(name: "batch norm", net: "dense(4) >> batch_norm() >> dense(1) >> last", after: "predict(net, x)[:3, 0]"),
    Scenario(
      name: "track", options: "callbacks: (track(),)", after: "[len(run.tracked), sum(run.tracked[\"count\"])]"),
    Scenario(
      name: "callbacks",
      options: "callbacks: (early_stopping(monitor: \"loss\", patience: 1), on_epoch(e -> e.epoch == 3))",
      after: "len(run.history)"),
    Scenario(
      name: "clipping and averages", optimizer: "adam(0.01, global_clip_norm: 0.5, ema: 0.9)",
      after: "predict(net, x)[:3, 0]"),
  ]

  @Test(arguments: scenarios) func programsAndSingleOperationsAgree(_ scenario: Scenario) {
    let options = scenario.options.isEmpty ? "" : ", \(scenario.options)"
    let source = """
      seed(3)
      let x = randn(40, 3)
      let y = x @ [1; -2; 0.5] + 0.1
      let looks = v -> { if max(abs(v)) > 1e30 { print("far") }
        v }
      let scale = layer(init: shape -> {f: ones(shape[-1])}, call: (p, x) -> x * p.f)
      fn train(last) {
        seed(7)
        \(scenario.before)
        let net = \(scenario.net)
        let run = fit(net, \(scenario.input), \(scenario.target), loss: \(scenario.loss), optimizer: \(scenario.optimizer), batch: 16, epochs: 4, verbose: false\(options))
        return (tensor(run.history.loss), tensor(\(scenario.after)), "by itself" in explain(run))
      }
      let one = train(lambda(v -> v))
      let two = train(lambda(looks))
      print(max(abs(one[0] - two[0])) < 1e-5, max(abs(one[1] - two[1])) < 1e-4, one[2], two[2])
      """
    #expect(printed(source) == "true true false true\n")
  }
}

@Suite struct ModelsOfValuesTests {
  @Test func aLayerThatLooksAtValuesSaysSo() {
    let text = printed("let a = input(2)\nlet y = a |> lambda(v -> { if sum(v) > 1 { v } else { v * 2 } })")
    #expect(text.hasPrefix("value: layer ") && text.contains("looks at the values of its input"))
    #expect(printed("build(lambda(v -> { if sum(v) > 1 { v } else { v * 2 } }), 3)").contains("looks at the values"))
  }

  @Test func aColumnHasTheNameOfItsMetric() {
    #expect(
      printed(
        """
        let run = fit(dense(1), [0; 1], [1; 3], loss: mse, optimizer: sgd(), metrics: (mae(), r2), verbose: false)
        print(run.history.columns)
        """
      ).contains("mae"))
  }
}
