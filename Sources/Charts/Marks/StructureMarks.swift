import FileFormats

/// Small pictures in rows, each with a caption.
public struct GalleryMark: Equatable, Sendable {
  public struct Item: Equatable, Sendable {
    public var image: Image
    public var caption: String
    /// The caption of a mistake stands out.
    public var isWrong: Bool

    public init(image: Image, caption: String = "", isWrong: Bool = false) {
      self.image = image
      self.caption = caption
      self.isWrong = isWrong
    }
  }

  public var items: [Item]
  public var columns: Int

  public init(items: [Item], columns: Int) {
    self.items = items
    self.columns = max(1, columns)
  }
}

/// Boxes joined by arrows: the layers of a network.
public struct GraphMark: Equatable, Sendable {
  public struct Node: Equatable, Sendable {
    public var title: String
    public var detail: String
    /// The colour of the box's edge: nodes of one kind share it.
    public var kind: Int

    public init(title: String, detail: String = "", kind: Int = 0) {
      self.title = title
      self.detail = detail
      self.kind = kind
    }
  }

  public struct Edge: Equatable, Sendable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  public var nodes: [Node]
  public var edges: [Edge]

  /// Edges between nodes that do not exist are left out.
  public init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) && $0.from != $0.to }
  }
}

/// The units of a small network as circles, its weights as lines: colour is the sign, width the size.
public struct NeuronMark: Equatable, Sendable {
  public struct Layer: Equatable, Sendable {
    public var name: String
    public var count: Int
    /// Weights from the layer before, row after row: one row for each unit there; empty where they are not known.
    public var weights: [Double]

    public init(name: String, count: Int, weights: [Double] = []) {
      self.name = name
      self.count = max(0, count)
      self.weights = weights
    }
  }

  public var layers: [Layer]
  /// The most units of a layer that are drawn; the rest is a row of dots.
  public static let shownUnits = 12

  public init(layers: [Layer]) { self.layers = layers }
}
