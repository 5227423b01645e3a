import Charts
import Interpreter
import NeuralNetworks
import Tensors
import Training

/// Pictures of networks and what they do.
func registerNetworkCharts(_ catalogue: inout Catalogue) {
  catalogue.chart(
    "decision_boundary", "net, x, y, names = (), n = 120",
    "What a classifier of points in the plane says everywhere, with the points it learnt from: x (rows, 2), y class numbers.",
    example: "type(decision_boundary(dense(1, sigmoid), [0, 0; 1, 1], [0, 1], n: 5))  # chart"
  ) { a, c in try decisionBoundary(&a, c) }

  catalogue.chart(
    "confusion", "net, x, y = none, names = ()",
    "The confusion matrix of a model on data, or of predictions and targets: `confusion(net, x, y)`, `confusion(prediction, target)`.",
    example: "type(confusion([0, 1, 1], [0, 1, 0]))  # chart"
  ) { a, _ in
    let (prediction, target) = try predicted(a)
    let counts = try confusionMatrix(prediction: prediction, target: target)
    let given = try a.names(3)
    let names = (0..<counts.shape[0]).map { given.indices.contains($0) ? given[$0] : String($0) }
    return .confusion(try counts.doubles(), classNames: names)
  }

  catalogue.chart(
    "roc", "net, x, y = none",
    "The ROC curve of a two-class model on data, or of scores and targets: `roc(net, x, y)`, `roc(scores, target)`.",
    example: "type(roc([0.1, 0.9], [0, 1]))  # chart"
  ) { a, _ in
    let (prediction, target) = try predicted(a)
    let curve = try rocCurve(prediction: prediction, target: target)
    let area = try AreaUnderCurve().value(prediction: prediction, target: target)
    return .roc([
      (name: "", falsePositives: curve.numbers("fpr"), truePositives: curve.numbers("tpr"), area: area)
    ])
  }

  catalogue.chart(
    "weights_histogram", "net", "The distribution of each weight tensor of a layer.",
    example: "type(weights_histogram(build(dense(2), 3)))  # chart"
  ) { a, _ in .weights(try a.layer(0).parameters.map { (name: $0.path, values: try $0.parameter.value.doubles()) }) }

  catalogue.chart(
    "activation_plot", "f, x = (-5, 5)", "A function and its derivative.",
    example: "type(activation_plot(tanh))  # chart"
  ) { a, c in
    let function = try a.callable(0)
    let range = try a.range(1)
    let x = try Tensor.linspace(range.lowerBound, range.upperBound, 201)
    var name = "f"
    if case .function(let value) = function { name = value.name ?? "f" }
    let (value, slopes) = try Derivatives.valueAndGradientsOfSum(at: x) {
      try tensorFromValue(c.call(function, .tensor($0)), of: "activation_plot")
    }
    return .activation(name: name, x: try x.doubles(), values: try value.doubles(), derivative: try slopes.doubles())
  }

  catalogue.chart(
    "network", "net",
    "The units of a small network of dense layers as circles, its weights as lines: colour is the sign, width the size.",
    example: "type(network(build(dense(3, tanh) >> dense(1), 2)))  # chart"
  ) { a, _ in .neurons(try neuronLayers(a.layer(0))) }

  catalogue.chart(
    "draw", "net", "The layers of a model as boxes joined by arrows, with the shapes that flow between them.",
    example: "type(draw(dense(3, tanh) >> dense(1)))  # chart"
  ) { a, _ in
    let graph = try a.layer(0).graph()
    return .graph(
      nodes: graph.nodes.map {
        GraphMark.Node(title: $0.title, detail: $0.detail, kind: $0.isInput ? 0 : $0.isOutput ? 2 : 1)
      },
      edges: graph.edges.map { GraphMark.Edge(from: $0.from, to: $0.to) })
  }
}

extension Derivatives {
  /// A function of each element, and its derivative there.
  fileprivate static func valueAndGradientsOfSum(
    at x: Tensor, _ f: (Tensor) throws -> Tensor
  ) throws -> (value: Tensor, gradient: Tensor) {
    var value = x
    let gradient = try Derivatives.gradient(at: x) { standIn in
      value = try f(standIn)
      return try value.sum()
    }
    return (value, gradient)
  }
}

/// Predictions and targets of `f(net, x, y)` or `f(prediction, target)`.
private func predicted(_ a: BoundArguments) throws -> (Tensor, Tensor) {
  if a.isNone(2) { return (try a.tensor(0), try a.tensor(1)) }
  let outputs = try predict(a.layer(0), .data(TensorDataset(inputs: [a.tensor(1)])))
  return (outputs[0], try a.tensor(2))
}

private func decisionBoundary(_ a: inout BoundArguments, _ context: CallContext) throws -> Chart {
  let points = try a.tensor(1)
  guard points.rank == 2, points.shape[1] == 2, points.shape[0] > 0 else {
    throw RuntimeError(
      .shape, "`decision_boundary` wants points as a matrix with 2 columns, and got shape \(points.shape.shapeText)")
  }
  let labels = try a.tensor(2)
  let isOneHot = labels.rank == 2 && labels.shape[1] > 1
  let classes =
    try isOneHot
    ? labels.argmax(axis: 1).int32s().map(Int.init)
    : labels.flatten().doubles().map { Int(max(-1e9, min(1e9, $0.isNaN ? 0 : $0))) }
  guard classes.count == points.shape[0] else {
    throw RuntimeError(
      .shape, "`decision_boundary` wants a class for each point, and got \(classes.count) for \(points.shape[0])")
  }
  let coordinates = try points.doubles()
  let pointsX = stride(from: 0, to: coordinates.count, by: 2).map { coordinates[$0] }
  let pointsY = stride(from: 1, to: coordinates.count, by: 2).map { coordinates[$0] }
  let (x, y) = (widened(pointsX), widened(pointsY))
  let n = try a.integer(4, in: 2...1000)
  let places = try Field.points(x: x, y: y, n: n)
  let output = try tensorFromValue(context.call(a.callable(0), .tensor(places)), of: "decision_boundary")
  guard output.count % (n * n) == 0, output.count > 0 else {
    throw RuntimeError(
      .shape,
      "`decision_boundary` wants one prediction for each point, and got shape \(output.shape.shapeText) for \(n * n)")
  }
  let width = output.count / (n * n)
  let scores = try output.doubles()
  let lowest = classes.min() ?? 0
  if width == 1 {
    let boundary = lowest < 0 ? 0 : 0.5
    return .decisionBoundary(
      regions: scores.map { $0 > boundary ? 1 : lowest }, margin: scores.map { $0 - boundary }, rows: n, columns: n,
      x: x, y: y,
      pointsX: pointsX, pointsY: pointsY, classes: classes, classNames: try a.names(3))
  }
  let regions = (0..<(n * n)).map { row in
    (0..<width).max { scores[row * width + $0] < scores[row * width + $1] } ?? 0
  }
  let margin = width == 2 ? (0..<(n * n)).map { scores[$0 * 2 + 1] - scores[$0 * 2] } : nil
  return .decisionBoundary(
    regions: regions, margin: margin, rows: n, columns: n, x: x, y: y, pointsX: pointsX, pointsY: pointsY,
    classes: classes,
    classNames: try a.names(3))
}

/// The range of some numbers with a margin around it.
private func widened(_ numbers: [Double]) -> ClosedRange<Double> {
  let finite = numbers.filter(\.isFinite)
  let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
  let margin = high > low ? (high - low) * 0.08 : 1
  return (low - margin)...(high + margin)
}

/// The dense layers of a network with their kernels.
private func neuronLayers(_ net: Layer) throws -> [NeuronMark.Layer] {
  var layers: [NeuronMark.Layer] = []
  for entry in net.parameters where entry.parameter.name == "kernel" && entry.parameter.shape.count == 2 {
    let shape = entry.parameter.shape
    if layers.isEmpty { layers.append(NeuronMark.Layer(name: "input", count: shape[0])) }
    layers.append(
      NeuronMark.Layer(
        name: entry.layer.name ?? entry.layer.kindName, count: shape[1], weights: try entry.parameter.value.doubles()))
  }
  guard !layers.isEmpty else {
    throw RuntimeError(
      .value, "`network` draws dense layers that have weights, and this one has none",
      hint: "build it first: build(net, 2); draw(net) draws any model")
  }
  return layers
}
