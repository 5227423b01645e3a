import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Whole trainings against Keras, by a plain loop: loss before each update, weights at the end.
  @Suite struct GoldenTrainingTests {
    static let cases = GoldenCase.load("training")

    @Test func casesAreThere() { #expect(Self.cases.count == 8) }

    @Test(arguments: cases) func training(_ golden: GoldenCase) throws {
      for dtype in [DType.float64, .float32] {
        // The cases count parts even where there is one.
        let made = try ConstructorText.layer(golden.text("net") ?? "")
        let net = made is Sequential ? made : Sequential([made])
        let text = golden.glia.replacing(#/class_weights: \{.*?\}, /#, with: "")
        guard case .call(_, _, let named) = try ConstructorText.parse(text) else { return }
        let options = Dictionary(named, uniquingKeysWith: { first, _ in first })
        guard case .name(let lossName)? = options["loss"],
          case .call(let rule, let positional, let settings)? = options["optimizer"],
          case .setting(.number(let epochs))? = options["epochs"], case .setting(.number(let size))? = options["batch"]
        else { throw ConstructorText.Unreadable(text: golden.glia) }
        let loss = try #require(Catalogue.losses.first { $0.name == lossName }).make()
        let optimizer = try #require(Catalogue.optimizers.first { $0.name == rule }).make(
          positional.map(ConstructorText.value), settings.map { ($0.0, try ConstructorText.value($0.1)) })
        let (x, y) = (try golden.tensor("inputs", "x", dtype), try golden.tensor("inputs", "y", dtype))
        var weights: Tensor?
        if golden.names("inputs").contains("sample_weights") {
          weights = try golden.tensor("inputs", "sample_weights", dtype)
        }
        if golden.glia.contains("class_weights") {
          let byClass = [1, 2, 0.5]
          weights = try Tensor(y.doubles().map { byClass[Int($0)] }, shape: y.shape, dtype: dtype)
        }
        _ = try net(Tensor(abstract: x.spec))
        try net.setParameters(golden.names("weights").map { ($0, try golden.tensor("weights", $0, dtype)) })
        var losses: [Double] = []
        var epochLosses: [Double] = []
        let sizes = stride(from: 0, to: x.shape[0], by: Int(size)).map { min(Int(size), x.shape[0] - $0) }
        for _ in 0..<Int(epochs) {
          var sum = 0.0
          let batches = try (
            x.split(sizes: sizes, axis: 0), y.split(sizes: sizes, axis: 0), weights?.split(sizes: sizes, axis: 0)
          )
          for (place, rows) in sizes.enumerated() {
            let (value, gradients) = try net.valueAndGradients {
              let context = LayerContext(isTraining: true)
              let value = try loss(net(batches.0[place], context), batches.1[place], weights: batches.2?[place])
              return try net.penalty(context).map { try value + $0 } ?? value
            }
            try optimizer.step(net, gradients: gradients)
            losses.append(try value.item())
            sum += losses[losses.count - 1] * Double(rows)
          }
          epochLosses.append(sum / Double(x.shape[0]))
        }
        try golden.expect(Tensor(losses, shape: [losses.count], dtype: .float64), "outputs", "batch_loss", dtype)
        try golden.expect(
          Tensor(epochLosses, shape: [epochLosses.count], dtype: .float64), "outputs", "epoch_loss", dtype)
        for entry in net.parameters {
          try golden.expect(entry.parameter.value, "outputs", "final.\(entry.path)", dtype)
        }
        try golden.expect(net(x), "outputs", "final_prediction", dtype)
      }
    }
  }
}
