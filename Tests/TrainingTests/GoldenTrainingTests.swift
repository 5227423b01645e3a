import FileFormats
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Whole trainings against Keras's numbers.
@Suite(.serialized) struct GoldenTrainingTests {
  struct Setup {
    var net: [Layer]
    var loss: String
    var optimizer: Optimizer
    var epochs: Int
    var batch: Int
  }

  /// The calls of `training.json`, by case.
  static func setup(_ name: String) throws -> Setup {
    switch name {
    case "mlp_regression_sgd_momentum":
      return Setup(
        net: [try Make.dense(5, "tanh"), try Make.dense(1)], loss: "mse",
        optimizer: try Make.optimizer("sgd", 0.05, [("momentum", .number(0.9))]), epochs: 5, batch: 5)
    case "mlp_classification_adam":
      return Setup(
        net: [try Make.dense(7, "relu"), try Make.dense(3, "softmax")], loss: "cross_entropy",
        optimizer: try Make.optimizer("adam", 0.02), epochs: 20, batch: 24)
    case "cnn_rmsprop":
      return Setup(
        net: [
          try Make.layer("conv2d", [.number(2), .number(3)], [("activation", Make.activation("relu"))]),
          try Make.layer("max_pool2d", [.number(2)]), try Make.layer("flatten"), try Make.dense(2, "softmax"),
        ], loss: "cross_entropy", optimizer: try Make.optimizer("rmsprop", 0.005), epochs: 5, batch: 6)
    case "lstm_adam":
      return Setup(
        net: [try Make.layer("lstm", [.number(5)]), try Make.dense(1)], loss: "mse",
        optimizer: try Make.optimizer("adam", 0.02), epochs: 5, batch: 4)
    case "batch_norm_l2_small_last_batch":
      let l2 = try #require(Catalogue.regularizers.first { $0.name == "l2" }).make([.number(0.01)])
      return Setup(
        net: [
          try Make.dense(5, "linear", [("use_bias", .flag(false)), ("kernel_regularizer", .regularizer(l2))]),
          try Make.layer("batch_norm", [], [("momentum", .number(0.9))]),
          try Make.layer("activation", [Make.activation("relu")]), try Make.dense(1, "sigmoid"),
        ], loss: "binary_cross_entropy", optimizer: try Make.optimizer("adam", 0.02), epochs: 3, batch: 4)
    case "sample_weights", "class_weights":
      return Setup(
        net: [try Make.dense(3, "softmax")], loss: "cross_entropy", optimizer: try Make.optimizer("sgd", 0.1),
        epochs: 3,
        batch: 4)
    case "embedding_gru_clipped_decay":
      let decay = try #require(Catalogue.schedules.first { $0.name == "exponential_decay" })
        .make([.number(0.05), .number(4), .number(0.5)])
      let adam = try #require(Catalogue.optimizers.first { $0.name == "adam" })
        .make([.schedule(decay)], [("weight_decay", .number(0.01)), ("global_clip_norm", .number(0.1))])
      return Setup(
        net: [
          try Make.layer("embedding", [.number(6), .number(3)]), try Make.layer("gru", [.number(3)]),
          try Make.dense(1, "sigmoid"),
        ], loss: "binary_cross_entropy", optimizer: adam, epochs: 4, batch: 4)
    default: throw TensorError(.value, "no setup for the case \(name)")
    }
  }

  @Test(arguments: [DType.float32, .float64]) func goldenTrainings(dtype: DType) throws {
    var count = 0
    for golden in try Golden.cases("training") {
      let name = try #require(golden["name"]?.string)
      let setup = try GoldenTrainingTests.setup(name)
      let relative = dtype == .float32 ? try #require(golden["rtol"]?.number) : 1e-7
      let absolute = dtype == .float32 ? try #require(golden["atol"]?.number) : 1e-8
      let x = try Golden.tensor(#require(golden["inputs"]?["x"]), dtype: dtype)
      let y = try Golden.tensor(#require(golden["inputs"]?["y"]), dtype: dtype)
      let weights = try golden["inputs"]?["sample_weights"].map { try Golden.tensor($0, dtype: dtype) }
      let net = Sequential(setup.net)
      _ = try net(x)
      try net.setParameters(
        #require(golden["weights"]?.object).pairs.map { ($0.name, try Golden.tensor($0.value, dtype: dtype)) })
      var options = FitOptions()
      options.epochs = setup.epochs
      options.batchSize = setup.batch
      options.shuffle = false
      if name == "class_weights" { options.classWeights = [0: 1, 1: 2, 2: 0.5] }
      var batchLosses: [Double] = []
      options.callbacks = [
        FunctionCallback(.batch) { state in
          batchLosses.append(state.batchLoss)
          return true
        }
      ]
      let run = try fit(
        net, Make.data(x, y, weights: weights), losses: [Make.loss(setup.loss)], optimizer: setup.optimizer,
        options: options)
      for (key, want) in try #require(golden["outputs"]?.object).pairs {
        let got: [Double]
        switch key {
        case "batch_loss": got = batchLosses
        case "epoch_loss": got = run.history.numbers("loss")
        case "final_prediction": got = try predict(net, Make.data(x, y))[0].doubles()
        default:
          let path = String(key.dropFirst("final.".count))
          got = try #require(net.parameters.first { $0.path == path }, "\(path)").parameter.value.doubles()
        }
        Golden.expectClose(got, try Golden.numbers(want), "\(name).\(key)", relative: relative, absolute: absolute)
      }
      count += 1
    }
    print("training: \(count) golden cases in \(dtype.name)")
    #expect(count == 8)
  }
}
