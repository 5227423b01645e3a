import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Optimizers against Keras: the weights after each of five steps.
  @Suite struct GoldenOptimizerTests {
    static let cases = GoldenCase.load("optimizers")

    @Test func casesAreThere() { #expect(Self.cases.count == 50) }

    @Test(arguments: cases) func optimizer(_ golden: GoldenCase) throws {
      for dtype in [DType.float64, .float32] {
        guard case .call(let name, let positional, let named) = try ConstructorText.parse(golden.glia) else { return }
        let optimizer = try #require(Catalogue.optimizers.first { $0.name == name }, "\(name)").make(
          positional.map(ConstructorText.value), named.map { ($0.0, try ConstructorText.value($0.1)) })
        let names = golden.names("weights")
        var values = try names.map { try golden.tensor("weights", $0, dtype) }
        let gradients = try names.map { try golden.tensor("inputs", "gradient.\($0)", dtype) }
        var history: [[Tensor]] = names.map { _ in [] }
        var averages: [String: [Tensor]] = [:]
        for step in 0..<gradients[0].shape[0] {
          let slices = try gradients.map { try $0.split(parts: $0.shape[0], axis: 0)[step].squeeze(0) }
          values = try optimizer.step(Array(zip(names, values)).map { (name: $0.0, value: $0.1) }, gradients: slices)
          for (position, value) in values.enumerated() { history[position].append(value) }
          for (name, value) in optimizer.averages() { averages[name, default: []].append(value) }
        }
        for (position, name) in names.enumerated() {
          #expect(values[position].dtype == dtype)
          try golden.expect(Tensor.stack(history[position], axis: 0), "outputs", name, dtype)
          if golden.names("outputs").contains("average.\(name)") {
            try golden.expect(Tensor.stack(averages[name] ?? [], axis: 0), "outputs", "average.\(name)", dtype)
          }
        }
      }
    }
  }
}
