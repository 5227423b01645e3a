import Tensors

/// One row of the table.
struct Workload {
  let name: String
  let unit: String
  /// Prepares everything and gives one pass: how many units of work it does.
  let make: () throws -> (work: Double, pass: () throws -> Void)
  /// From work and seconds to the figure.
  let figure: (_ work: Double, _ seconds: Double) -> Double

  static func training(
    _ name: String, input: Shape, batch: Int, steps: Int, _ optimizer: Optimizer, rate: Double,
    unit: String = "samples/s",
    perSample: Int = 1, _ net: (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor), classes: Int = 10,
    loss: ((_ w: [Tensor], _ inputs: [Tensor]) throws -> Tensor)? = nil
  ) -> Workload {
    Workload(
      name: name, unit: unit,
      make: {
        let isText = input.count == 1 && perSample > 1
        let xs = try (0..<steps).map { _ in
          isText ? try Tensor.randomIntegers(0, classes, [batch] + input) : try Tensor.random([batch] + input)
        }
        let ys = try (0..<steps).map { _ in try Tensor.randomIntegers(0, classes, isText ? [batch] + input : [batch]) }
        let training = try Training(net.0, optimizer, rate: rate, inputs: [xs[0].spec, ys[0].spec]) { w, given in
          if let loss { return try loss(w, given) }
          return try softmaxCrossEntropy(net.1(w, given[0]), given[1]).mean()
        }
        if verbose { print(training.program.explanation) }
        if profiles { show(try training.profile([xs[0], ys[0]])) }
        return (
          Double(batch * steps * perSample),
          { for (x, y) in zip(xs, ys) { _ = try training.step([x, y]) } }
        )
      }, figure: { $0 / $1 })
  }

  static func inference(_ name: String, input: Shape, _ net: (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor))
    -> Workload
  {
    Workload(
      name: name, unit: "us/call",
      make: {
        let weights = try net.0.initial()
        let xs = try (0..<64).map { _ in try Tensor.random([1] + input) }
        let program = try Program.trace(inputs: [xs[0].spec], state: weights.map(\.spec)) { x, w in
          ([try net.1(w, x[0])], w)
        }
        if verbose { print(program.explanation) }
        var state = weights
        if profiles { show(try program.profile([xs[0]], state: &state)) }
        return (400, { for call in 0..<400 { _ = try program.run([xs[call % 64]], state: &state) } })
      }, figure: { $1 / $0 * 1e6 })
  }

  nonisolated(unsafe) static var verbose = false
  nonisolated(unsafe) static var profiles = false

  /// Prints the steps that take most of the time.
  static func show(_ times: [(name: String, seconds: Double)]) {
    let total = times.reduce(0) { $0 + $1.seconds }
    print("  \(Int(total * 1e6)) us in \(times.count) steps")
    var kinds: [String: (seconds: Double, count: Int)] = [:]
    for entry in times {
      kinds[entry.name, default: (0, 0)] = (
        kinds[entry.name, default: (0, 0)].seconds + entry.seconds, kinds[entry.name, default: (0, 0)].count + 1
      )
    }
    for (name, kind) in kinds.sorted(by: { $0.value.seconds > $1.value.seconds }).prefix(14) {
      print("  \((kind.seconds * 1e7).rounded() / 10)\t\(Int(kind.seconds / total * 100))%\t\(kind.count) × \(name)")
    }
  }

  nonisolated(unsafe) static let all: [Workload] = [
    Fits.seedMlp,
    Workload(
      name: "xor", unit: "us/step",
      make: {
        let x = try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
        let y = try Tensor([0, 1, 1, 0], shape: [4, 1])
        let (network, _) = Nets.mlp([2, 8, 1])
        let training = try Training(network, .sgd, rate: 0.5, inputs: [x.spec, y.spec]) { w, given in
          let hidden = try (given[0].matmul(w[0]) + w[1]).tanh()
          return try sigmoidCrossEntropy(hidden.matmul(w[2]) + w[3], given[1]).mean()
        }
        if verbose { print(training.program.explanation) }
        if profiles { show(try training.profile([x, y])) }
        return (5000, { for _ in 0..<5000 { _ = try training.step([x, y]) } })
      }, figure: { $1 / $0 * 1e6 }),
    training("mlp_mnist", input: [784], batch: 128, steps: 200, .adam, rate: 1e-3, Nets.mlp([784, 512, 256, 10])),
    training("mlp_small_batch", input: [784], batch: 32, steps: 500, .sgd, rate: 0.01, Nets.mlp([784, 128, 10])),
    training("cnn_mnist", input: [28, 28, 1], batch: 64, steps: 40, .adam, rate: 1e-3, Nets.cnn(training: true)),
    training("resnet_cifar", input: [32, 32, 3], batch: 64, steps: 15, .momentum, rate: 0.1, Nets.resnet()),
    training("lstm", input: [100, 32], batch: 32, steps: 40, .adam, rate: 1e-3, Nets.recurrentNet(.lstm)),
    training("gru", input: [100, 32], batch: 32, steps: 40, .adam, rate: 1e-3, Nets.recurrentNet(.gru)),
    training(
      "gpt_char", input: [128], batch: 16, steps: 20, .adamw, rate: 3e-4, unit: "tokens/s", perSample: 128, Nets.gpt(),
      classes: 65),
    {
      let (network, forward) = Nets.mlp([784, 256, 64, 256, 784]) { try $0.sigmoid() }
      return training("autoencoder", input: [784], batch: 128, steps: 200, .adam, rate: 1e-3, (network, forward)) {
        w, given in
        try (forward(w, given[0]) - given[0]).square().mean()
      }
    }(),
    inference("infer_mlp_b1", input: [784], Nets.mlp([784, 128, 10])),
    inference("infer_cnn_b1", input: [28, 28, 1], Nets.cnn(training: false)),
    Workload(
      name: "matmul_1024", unit: "GFLOP/s",
      make: {
        let (a, b) = (try Tensor.randomNormal([1024, 1024]), try Tensor.randomNormal([1024, 1024]))
        return (40 * 2 * 1024 * 1024 * 1024, { for _ in 0..<40 { _ = try a.matmul(b) } })
      }, figure: { $0 / $1 / 1e9 }),
    Workload(
      name: "elementwise", unit: "GB/s",
      make: {
        let x = try (0..<3).map { _ in try Tensor.randomNormal([10_000_000]) }
        let program = try Program.trace(inputs: x.map(\.spec)) {
          [try ($0[0] * $0[1] + $0[2]).tanh() * $0[0].sigmoid()]
        }
        return (5 * 16e7, { for _ in 0..<5 { _ = try program.run(x) } })
      }, figure: { $0 / $1 / 1e9 }),
  ]
}
