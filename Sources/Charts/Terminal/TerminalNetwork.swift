/// Draws networks as text.
struct TerminalNetwork {
  let style: TerminalStyle

  /// One line a node, in order; arrows to nodes that are not the next are named.
  func lines(_ graph: GraphMark) -> [String] {
    let widest = min(style.width / 2, graph.nodes.map(\.title.count).max() ?? 0)
    var result: [String] = []
    for (index, node) in graph.nodes.enumerated() {
      let next = graph.edges.filter { $0.from == index }.map(\.to)
      let others = next.filter { $0 != index + 1 }.map { graph.nodes[$0].title }
      var line = "● " + TerminalText.fitted(node.title, widest) + "  " + node.detail
      if !others.isEmpty { line += "  → " + others.joined(separator: ", ") }
      while line.last == " " { line.removeLast() }
      result.append(style.painted(String(line.prefix(style.width)), style.color(.series(node.kind))))
      if next.contains(index + 1) { result.append("│") } else if index + 1 < graph.nodes.count { result.append("") }
    }
    return result
  }

  /// The sizes of the layers, from left to right.
  func lines(_ neurons: NeuronMark) -> [String] {
    neurons.layers.map { layer in
      let nameWidth = min(20, style.width / 3)
      let shown = min(layer.count, max(1, style.width - nameWidth - 11))
      let units = String(repeating: "○", count: shown) + (layer.count > shown ? "…" : "")
      return TerminalText.fitted(layer.name, nameWidth) + " " + TerminalText.fitted("\(layer.count)", 6, toRight: true)
        + "  "
        + style.painted(units, style.color(.series(0)))
    }
  }
}
