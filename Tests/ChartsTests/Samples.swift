import Charts
import FileFormats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One chart of each kind, small enough for its picture to be kept beside the tests.
enum Samples {
  static let all: [(name: String, chart: Chart)] = [
    ("line", line), ("log", logarithmic), ("scatter", scatter), ("bars", bars), ("histogram", histogram),
    ("heatmap", heatmap), ("confusion", confusion), ("gallery", gallery), ("image", image), ("contour", contour),
    ("boundary", boundary), ("history", history), ("roc", roc), ("weights", weights), ("activation", activation),
    ("graph", graph), ("neurons", neurons), ("surface", surface), ("grid", grid),
    ("empty", Chart(Panel(title: "Empty"))),
  ]

  static func steps(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
  }

  /// Repeatable numbers that look random, between -1 and 1.
  static func noise(_ count: Int, _ seed: Double = 1) -> [Double] {
    (0..<count).map { index in
      let value = sin(Double(index + 1) * 12.9898 * seed) * 43758.5453
      return 2 * (value - value.rounded(.down)) - 1
    }
  }

  static let line = Chart.lines(
    [
      ("sine", steps(0, 6.3, 40).map { sin($0) }), ("cosine", steps(0, 6.3, 40).map { cos($0) }),
    ], x: steps(0, 6.3, 40), title: "Two waves", xLabel: "angle", yLabel: "value")

  static let logarithmic = Chart.lines(
    [("gradient norm", steps(0, 40, 30).map { exp(-$0 / 3) * 50 })], x: steps(1, 1000, 30), xLabel: "step",
    yLabel: "norm"
  ).changing {
    $0.y.scale = .log
    $0.x.scale = .log
  }

  static let scatter = Chart.scatter(
    x: noise(60, 1).enumerated().map { $1 + Double($0 % 3) * 1.6 },
    y: noise(60, 2).enumerated().map { $1 * 0.8 + Double($0 % 3 == 1 ? 2 : 0) },
    classes: (0..<60).map { $0 % 3 }, classNames: ["setosa", "versicolor", "virginica"], title: "Three kinds of iris",
    xLabel: "petal length (cm)", yLabel: "petal width (cm)")

  static let bars = Chart.bars(
    categories: ["sgd", "momentum", "rmsprop", "adam"],
    series: [("train", [0.91, 0.95, 0.97, 0.98]), ("test", [0.9, 0.93, 0.94, 0.95])], title: "Accuracy by optimizer",
    yLabel: "accuracy")

  static let histogram = Chart.histogram(
    [("", zip(noise(400, 1), noise(400, 3)).map { ($0 + $1) * 1.4 })], title: "Initial weights", xLabel: "weight")

  static let heatmap = Chart.heatmap(
    (0..<48).map { sin(Double($0 % 8) / 2) * cos(Double($0 / 8) / 2) }, rows: 6, columns: 8, colormap: .diverging,
    range: -1...1, title: "Attention", xLabel: "key", yLabel: "query")

  static let confusion = Chart.confusion(
    [50, 0, 0, 0, 47, 3, 0, 2, 48], classNames: ["setosa", "versicolor", "virginica"], title: "Confusion matrix")

  static func picture(_ size: Int, _ shift: Int) -> Image {
    let values = (0..<size * size).map { index -> Double in
      let x = Double(index % size) - Double(size) / 2 + 0.5
      let y = Double(index / size) - Double(size) / 2 + 0.5
      return exp(-pow((x * x + y * y).squareRoot() - Double(shift) / 2, 2))
    }
    guard let image = try? Image.from(values, width: size, height: size) else { preconditionFailure("a bad sample") }
    return image
  }

  static let gallery = Chart.gallery(
    (0..<8).map { .init(image: picture(8, $0), caption: $0 == 5 ? "5, not 6" : "\($0)", isWrong: $0 == 5) },
    columns: 4, title: "Predictions")

  static let image = Chart.image(picture(16, 8), title: "A ring")

  static func bowl(_ count: Int) -> [Double] {
    let side = steps(-2, 2, count)
    return side.flatMap { y in side.map { x in x * x + 3 * y * y - x * y } }
  }

  static let contour =
    Chart.contour(
      bowl(25), rows: 25, columns: 25, x: -2...2, y: -2...2, levels: 8, title: "Descent", xLabel: "w₁", yLabel: "w₂")
    + Chart(
      Panel(marks: [
        .line(
          LineMark(x: [-1.8, -0.9, -0.5, -0.2, -0.05], y: [1.6, -0.6, 0.3, -0.1, 0], name: "sgd", ink: .series(1)))
      ]))

  static let boundary: Chart = {
    let side = steps(-1.5, 1.5, 40)
    let margin = side.flatMap { y in side.map { x in x * x + y * y - 1 } }
    let x = noise(40, 5).map { $0 * 1.4 }
    let y = noise(40, 6).map { $0 * 1.4 }
    return .decisionBoundary(
      regions: margin.map { $0 > 0 ? 1 : 0 }, margin: margin, rows: 40, columns: 40, x: -1.5...1.5, y: -1.5...1.5,
      pointsX: x, pointsY: y, classes: zip(x, y).map { $0 * $0 + $1 * $1 > 1 ? 1 : 0 }, classNames: ["inner", "outer"],
      title: "Decision boundary", xLabel: "x", yLabel: "y")
  }()

  static func falling(_ start: Double, _ rest: Double) -> [Double] {
    (1...20).map { (epoch: Int) -> Double in start * exp(-Double(epoch) / 4) + rest }
  }

  static let history = Chart.history(
    epochs: steps(1, 20, 20),
    loss: .init(
      name: "loss", values: falling(1.8, 0.05),
      validation: falling(1.7, 0.14)),
    metrics: [
      .init(
        name: "accuracy", values: falling(-0.8, 1),
        validation: falling(-0.8, 0.97))
    ])

  static let roc = Chart.roc(
    [
      ("logistic", steps(0, 1, 30), steps(0, 1, 30).map { pow($0, 0.3) }, 0.769),
      ("network", steps(0, 1, 30), steps(0, 1, 30).map { pow($0, 0.1) }, 0.909),
    ], title: "ROC")

  static let weights = Chart.weights([
    ("0.kernel", noise(200, 1).map { $0 * 0.2 }), ("0.bias", noise(32, 2).map { $0 * 0.01 }),
    ("1.kernel", noise(100, 7).map { $0 * $0 * $0 }),
  ])

  static let activation = Chart.activation(
    name: "tanh", x: steps(-4, 4, 41), values: steps(-4, 4, 41).map { tanh($0) },
    derivative: steps(-4, 4, 41).map { 1 - tanh($0) * tanh($0) }, title: "tanh")

  static let graph = Chart.graph(
    nodes: [
      .init(title: "input", detail: "(32, 32, 3)", kind: 2), .init(title: "conv2d", detail: "16 filters, 448", kind: 0),
      .init(title: "batch_norm", detail: "64", kind: 3), .init(title: "relu", detail: "", kind: 4),
      .init(title: "add", detail: "(32, 32, 16)", kind: 1), .init(title: "dense", detail: "10, softmax", kind: 0),
    ],
    edges: [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4), (4, 5)].map { .init(from: $0.0, to: $0.1) },
    title: "A residual block")

  static let neurons = Chart.neurons(
    [
      .init(name: "input", count: 2), .init(name: "dense (tanh)", count: 8, weights: noise(16, 3)),
      .init(name: "dense (tanh)", count: 20, weights: noise(160, 4)),
      .init(name: "dense (sigmoid)", count: 1, weights: noise(20, 5)),
    ], title: "A small network")

  static let surface: Chart = {
    let side = steps(-3, 3, 15)
    let values = side.flatMap { y in side.map { x in sin(x) * cos(y) * 2 + x * x / 6 } }
    return .surface(
      values, rows: 15, columns: 15, x: -3...3, y: -3...3, title: "A loss surface", xLabel: "w₁", yLabel: "w₂")
  }()

  static let grid = Chart.grid([activation, scatter, bars, histogram], columns: 2, title: "Four charts")
}
