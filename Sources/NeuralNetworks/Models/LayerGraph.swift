import Tensors

/// A network as boxes and arrows, for a drawing.
public struct LayerGraph {
  public struct Node {
    public let title: String
    /// The layer as the program made it, and the shape of a sample it gives.
    public let detail: String
    public let isInput: Bool
    public let isOutput: Bool
    /// The longest way from an input: the row of the drawing.
    public internal(set) var depth: Int
  }

  public struct Edge {
    public let from: Int
    public let to: Int
  }

  public internal(set) var nodes: [Node] = []
  public internal(set) var edges: [Edge] = []
}

extension Layer {
  /// The steps of a chain or model and what flows between them.
  public func graph() -> LayerGraph {
    if let model = self as? GraphModel { return model.modelGraph() }
    var graph = LayerGraph()
    let summary = summary()
    let shape = builtSpecs?.first.map { Array($0.shape.dropFirst()).shapeText }
    graph.nodes.append(.init(title: "input", detail: shape ?? "", isInput: true, isOutput: false, depth: 0))
    for (position, row) in summary.rows.enumerated() {
      graph.nodes.append(
        .init(
          title: row.name, detail: detail(row.layer, row.outputShapes?.first), isInput: false,
          isOutput: position == summary.rows.count - 1, depth: position + 1))
      graph.edges.append(.init(from: position, to: position + 1))
    }
    return graph
  }

  fileprivate func detail(_ source: String, _ shape: Shape?) -> String {
    shape.map { "\(source) → \($0.shapeText)" } ?? source
  }
}

extension GraphModel {
  fileprivate func modelGraph() -> LayerGraph {
    var graph = LayerGraph()
    var places: [ObjectIdentifier: Int] = [:]
    for node in nodes {
      var source = ""
      if case .layer(let layer) = node.work { source = layer.sourceText }
      let spec = outputs.first { $0.node === node }?.spec ?? firstUse(of: node)?.spec
      let shape = spec.map { Array($0.shape.dropFirst()) }
      let depth =
        node.inputs.compactMap { places[ObjectIdentifier($0.node)] }.map { graph.nodes[$0].depth + 1 }.max() ?? 0
      var isInput = false
      if case .input = node.work { isInput = true }
      places[ObjectIdentifier(node)] = graph.nodes.count
      graph.nodes.append(
        .init(
          title: title(of: node), detail: source.isEmpty ? shape?.shapeText ?? "" : detail(source, shape),
          isInput: isInput, isOutput: outputs.contains { $0.node === node }, depth: depth))
      for input in node.inputs {
        if let from = places[ObjectIdentifier(input.node)] {
          graph.edges.append(.init(from: from, to: graph.nodes.count - 1))
        }
      }
    }
    return graph
  }

  private func firstUse(of node: GraphNode) -> SymbolicTensor? {
    for other in nodes {
      if let use = other.inputs.first(where: { $0.node === node }) { return use }
    }
    return nil
  }
}
