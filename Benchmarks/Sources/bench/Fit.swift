import NeuralNetworks
import Tensors
import Training

/// Workloads that go through `fit`, as a user's do.
enum Fits {
  private static func layer(_ name: String, _ positional: [Setting], _ named: [(name: String, value: Setting)] = [])
    throws -> Layer
  {
    guard let found = Catalogue.layers.first(where: { $0.name == name }) else {
      throw TensorError(.value, "no layer \(name)")
    }
    return try found.make(positional, named)
  }

  private static func dense(_ units: Int, _ activation: String, l1: Double? = nil) throws -> Layer {
    guard let function = Catalogue.activations.first(where: { $0.name == activation }) else {
      throw TensorError(.value, "no activation")
    }
    var named: [(name: String, value: Setting)] = []
    if let l1, let regularizer = Catalogue.regularizers.first(where: { $0.name == "l1" }) {
      named.append(("kernel_regularizer", .regularizer(try regularizer.make([.number(l1)]))))
    }
    return try layer("dense", [.number(Double(units)), .activation(try function.make())], named)
  }

  /// 800 rows of 10 features, 50 epochs of 25 batches with validation; accuracy; see `peers.py`.
  static var seedMlp: Workload {
    Workload(
      name: "seed_mlp", unit: "s",
      make: {
        let (x, y) = (try Tensor.randomNormal([800, 10]), try Tensor.bernoulli(0.5, [800, 1]))
        let (xv, yv) = (try Tensor.randomNormal([200, 10]), try Tensor.bernoulli(0.5, [200, 1]))
        guard let loss = Catalogue.losses.first(where: { $0.name == "binary_cross_entropy" }),
          let adam = Catalogue.optimizers.first(where: { $0.name == "adam" })
        else { throw TensorError(.value, "the catalogue is incomplete") }
        return (
          1,
          {
            let net = Sequential([
              try dense(64, "relu", l1: 0.01), try layer("dropout", [.number(0.5)]), try dense(32, "relu", l1: 0.01),
              try layer("dropout", [.number(0.5)]), try dense(1, "sigmoid"),
            ])
            var options = FitOptions()
            options.epochs = 50
            options.validation = .data(try TensorDataset(inputs: [xv], targets: [yv]))
            options.metrics = [BinaryAccuracy()]
            let run = try fit(
              net, .data(try TensorDataset(inputs: [x], targets: [y])), losses: [try loss.make()],
              optimizer: try adam.make([.number(1e-3)]),
              options: options)
            if Workload.verbose { print(run.explanation) }
          }
        )
      }, figure: { $1 / $0 })
  }
}
