import Tensors

/// What `summary(net)` shows of one layer.
public struct SummaryRow {
  public let name: String
  /// The layer as the program made it: `dense(64, activation: relu)`.
  public let layer: String
  /// Results' sample shapes; nil where they are not known without data.
  public let outputShapes: [Shape]?
  public let parameterCount: Int
  public let trainableCount: Int
  /// Names of the layers before it, where that is not simply the row above.
  public let inputs: [String]
}

/// The table of a network's layers, with totals.
public struct NetworkSummary {
  public let rows: [SummaryRow]
  public let parameterCount: Int
  public let trainableCount: Int
  /// False where the network has not seen an input size yet, so that shapes and counts are missing.
  public let isBuilt: Bool
}

extension Layer {
  /// The table of the layers with output shapes and counts of parameters.
  public func summary() -> NetworkSummary {
    let shapes = outputShapesByPart()
    var rows: [SummaryRow] = []
    var counted: Set<ObjectIdentifier> = []
    for (name, part) in namedParts {
      let own = part.parameters.filter { counted.insert(ObjectIdentifier($0.parameter)).inserted }
      rows.append(
        SummaryRow(
          name: name, layer: part.sourceText, outputShapes: shapes[ObjectIdentifier(part)],
          parameterCount: own.reduce(0) { $0 + $1.parameter.count },
          trainableCount: own.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.count : 0) },
          inputs: sources(of: part)))
    }
    return NetworkSummary(
      rows: rows, parameterCount: parameterCount,
      trainableCount: trainableParameters.reduce(0) { $0 + $1.parameter.count }, isBuilt: isBuilt)
  }

  /// The sample shapes of every part's results, from a run without data.
  private func outputShapesByPart() -> [ObjectIdentifier: [Shape]] {
    var result: [ObjectIdentifier: [Shape]] = [:]
    guard let specs = (self as? GraphModel)?.inputs.map(\.spec) ?? builtSpecs else { return result }
    let context = LayerContext()
    context.observer = { _, layer, outputs in
      result[ObjectIdentifier(layer)] = outputs.map { Array($0.shape.dropFirst()) }
    }
    let inputs = specs.map { Tensor(abstract: Spec($0.dtype, [Layer.symbolicBatch] + $0.shape.dropFirst())) }
    // A function that looks at values cannot run without them: what ran before it is still known.
    _ = try? self(inputs, context)
    return result
  }

  private func sources(of part: Layer) -> [String] {
    guard let model = self as? GraphModel else { return [] }
    let node = model.nodes.first { node in
      if case .layer(let layer) = node.work { return layer === part }
      return false
    }
    return node?.inputs.map { model.title(of: $0.node) } ?? []
  }
}

extension GraphModel {
  /// A step's name in tables and drawings.
  func title(of node: GraphNode) -> String {
    switch node.work {
    case .input(_, _, let name):
      name ?? (inputs.count == 1 ? "input" : "input_\(inputs.firstIndex { $0.node === node } ?? 0)")
    case .layer(let layer): layersByName.first { $0.layer === layer }?.name ?? layer.kindName
    case .function(let function): function.name
    }
  }
}
