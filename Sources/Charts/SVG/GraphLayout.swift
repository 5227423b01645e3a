/// Places the nodes of a graph in layers, so that arrows point one way and long ones pass beside the boxes.
///
/// Source: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981: layers
/// by longest path, order by the mean of the neighbours, then places by relaxation.
struct GraphLayout {
  let graph: GraphMark
  /// From left to right, where that is not too wide; else from top to bottom.
  private(set) var isHorizontal = true
  private(set) var width = 0.0
  private(set) var height = 0.0
  /// A place for each node and, after them, for each bend of a long edge.
  private var cells: [Cell] = []
  private var routes: [[Int]] = []

  struct Cell {
    var layer: Int
    var isBend: Bool
    var width: Double
    var height: Double
    /// The middle, along the layers.
    var along = 0.0
    /// The middle, across.
    var across = 0.0
  }

  private static let boxGap = 22.0
  private static let layerGap = 38.0
  private static let widestRow = 860.0

  init(_ graph: GraphMark) {
    self.graph = graph
    let layers = GraphLayout.layers(of: graph)
    for (node, layer) in zip(graph.nodes, layers) {
      let text = max(
        TextMetrics.width(node.title, size: 13) * 1.05, TextMetrics.width(node.detail, size: 11))
      cells.append(
        Cell(layer: layer, isBend: false, width: max(76, text + 24), height: node.detail.isEmpty ? 34 : 48))
    }
    for edge in graph.edges {
      var route = [edge.from]
      let first = layers[edge.from]
      let last = layers[edge.to]
      if last > first + 1 {
        for layer in first + 1..<last {
          route.append(cells.count)
          cells.append(Cell(layer: layer, isBend: true, width: 12, height: 12))
        }
      }
      routes.append(route + [edge.to])
    }
    let depth = (layers.max() ?? 0) + 1
    let alongWidth = (0..<depth).reduce(0.0) { total, layer in
      total + (cells.filter { $0.layer == layer && !$0.isBend }.map(\.width).max() ?? 0) + GraphLayout.layerGap
    }
    isHorizontal = alongWidth <= GraphLayout.widestRow
    place(depth: depth)
  }

  /// The size of the picture with its margins.
  func size(titled: Bool) -> Size {
    Size(width: max(200, width + 32), height: height + 32 + (titled ? 26 : 0))
  }

  /// The layer of each node: one more than the deepest node before it. Circles are cut where they close.
  private static func layers(of graph: GraphMark) -> [Int] {
    var layers = [Int](repeating: 0, count: graph.nodes.count)
    for _ in graph.nodes.indices {
      var changed = false
      for edge in graph.edges where edge.from < edge.to || layers[edge.to] == 0 {
        let wanted = layers[edge.from] + 1
        if layers[edge.to] < wanted, wanted < graph.nodes.count {
          layers[edge.to] = wanted
          changed = true
        }
      }
      if !changed { break }
    }
    return layers
  }

  private mutating func place(depth: Int) {
    guard !cells.isEmpty else { return }
    var rows = (0..<depth).map { layer in cells.indices.filter { cells[$0].layer == layer } }
    var before = [[Int]](repeating: [], count: cells.count)
    var after = [[Int]](repeating: [], count: cells.count)
    for route in routes {
      for (from, to) in zip(route, route.dropFirst()) {
        before[to].append(from)
        after[from].append(to)
      }
    }
    // Places along the layers.
    var start = 0.0
    for row in rows {
      let thickness = row.map { isHorizontal ? cells[$0].width : cells[$0].height }.max() ?? 0
      for cell in row { cells[cell].along = start + thickness / 2 }
      start += thickness + GraphLayout.layerGap
    }
    for row in rows { spread(row, wanted: [Double](repeating: 0, count: row.count)) }
    // Order and places across, drawn to the neighbours, alternately from both ends.
    for round in 0..<12 {
      let downwards = round % 2 == 0
      for layer in downwards ? Array(rows.indices) : rows.indices.reversed() {
        let neighbours = downwards ? before : after
        func wanted(_ cell: Int) -> Double {
          // Boxes draw each other into line; bends follow.
          var (weight, sum) = (0.0, 0.0)
          for neighbour in neighbours[cell] {
            let importance = cells[neighbour].isBend ? 0.001 : 1
            weight += importance
            sum += importance * cells[neighbour].across
          }
          return weight == 0 ? cells[cell].across : sum / weight
        }
        if round < 4 {
          let keyed = rows[layer].enumerated().map { (key: wanted($0.element), index: $0.offset, cell: $0.element) }
          rows[layer] = keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.cell)
        }
        spread(rows[layer], wanted: rows[layer].map(wanted))
      }
    }
    let low = cells.map { $0.across - extent($0) / 2 }.min() ?? 0
    let high = cells.map { $0.across + extent($0) / 2 }.max() ?? 0
    for index in cells.indices { cells[index].across -= low }
    let length = start - GraphLayout.layerGap
    width = isHorizontal ? length : high - low
    height = isHorizontal ? high - low : length
  }

  private func extent(_ cell: Cell) -> Double { isHorizontal ? cell.height : cell.width }

  /// Puts the cells of a row as near to their wanted places as their sizes allow; boxes count more than bends.
  private mutating func spread(_ row: [Int], wanted: [Double]) {
    var places = wanted
    for index in row.indices.dropFirst() {
      let apart = (extent(cells[row[index - 1]]) + extent(cells[row[index]])) / 2 + GraphLayout.boxGap
      places[index] = max(places[index], places[index - 1] + apart)
    }
    var weight = 0.0
    var shift = 0.0
    for index in row.indices {
      let importance = cells[row[index]].isBend ? 0.01 : 1
      weight += importance
      shift += importance * (wanted[index] - places[index])
    }
    for index in row.indices { cells[row[index]].across = places[index] + (weight > 0 ? shift / weight : 0) }
  }

  // MARK: - Drawing

  func draw(in frame: Rectangle, on canvas: inout SVGCanvas) {
    guard width > 0, height > 0 else { return }
    let scale = min(1, frame.width / width, frame.height / height)
    let n = SVGCanvas.number
    let left = frame.x + (frame.width - width * scale) / 2
    let top = frame.y + (frame.height - height * scale) / 2
    canvas.raw("<g transform=\"translate(\(n(left)) \(n(top)))\(scale < 1 ? " scale(\(scaleText(scale)))" : "")\">")
    for route in routes { draw(route, on: &canvas) }
    for (index, node) in graph.nodes.enumerated() {
      let cell = cells[index]
      let (x, y) = middle(cell)
      let fill = canvas.paint(.series(node.kind), .fill)
      let stroke = canvas.paint(.series(node.kind), .stroke)
      let box = (x - cell.width / 2, y - cell.height / 2, cell.width, cell.height)
      canvas.rectangle(box.0, box.1, box.2, box.3, "class=\"p\"", rounding: 7)
      canvas.rectangle(box.0, box.1, box.2, box.3, "\(fill) fill-opacity=\".12\"", rounding: 7)
      canvas.rectangle(box.0, box.1, box.2, box.3, "\(stroke) stroke-width=\"1.5\"", rounding: 7)
      let hasDetail = !node.detail.isEmpty
      canvas.text(
        node.title, x, y + (hasDetail ? -4 : 4.5), "l", anchor: .middle,
        extra: "style=\"font-size:13px;font-weight:600\"")
      if hasDetail { canvas.text(node.detail, x, y + 14, "t", anchor: .middle, extra: "style=\"font-size:11px\"") }
    }
    canvas.raw("</g>")
  }

  private func scaleText(_ scale: Double) -> String {
    let text = String(Int(bounded: (scale * 10_000).rounded()))
    return "0." + String(repeating: "0", count: max(0, 4 - text.count)) + text
  }

  private func middle(_ cell: Cell) -> (x: Double, y: Double) {
    isHorizontal ? (cell.along, cell.across) : (cell.across, cell.along)
  }

  /// A smooth line from box to box through its bends, with an arrow's head.
  private func draw(_ route: [Int], on canvas: inout SVGCanvas) {
    guard let firstCell = route.first.map({ cells[$0] }), let lastCell = route.last.map({ cells[$0] }) else { return }
    let forwards: Double = firstCell.along <= lastCell.along ? 1 : -1
    func thickness(_ cell: Cell) -> Double { isHorizontal ? cell.width : cell.height }
    var points: [(along: Double, across: Double)] = route.map { (cells[$0].along, cells[$0].across) }
    points[0].along += forwards * thickness(firstCell) / 2
    points[points.count - 1].along -= forwards * (thickness(lastCell) / 2 + 7)
    let n = SVGCanvas.number
    func text(_ along: Double, _ across: Double) -> String {
      isHorizontal ? "\(n(along)) \(n(across))" : "\(n(across)) \(n(along))"
    }
    var data = "M" + text(points[0].along, points[0].across)
    for (from, to) in zip(points, points.dropFirst()) {
      if abs(from.across - to.across) < 0.5 {
        data += "L" + text(to.along, to.across)
      } else {
        let middle = (from.along + to.along) / 2
        data += "C" + text(middle, from.across) + " " + text(middle, to.across) + " " + text(to.along, to.across)
      }
    }
    canvas.path(data, "class=\"sm\" stroke-width=\"1.3\"")
    let tip = points[points.count - 1]
    let head =
      "M" + text(tip.along + 7 * forwards, tip.across) + "L" + text(tip.along - forwards, tip.across - 4) + "L"
      + text(tip.along - forwards, tip.across + 4) + "Z"
    canvas.path(head, "class=\"fm\"")
  }
}
