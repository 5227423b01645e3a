import FileFormats

/// One cell of a notebook.
public struct Cell: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case code
    case markdown
    /// Text that only other programs read; kept, and otherwise left alone.
    case raw
  }

  public var kind: Kind
  /// The text after the marker, empty where there is none.
  public var title: String
  public var tags: [String]
  /// The text of the cell, without a line end after its last line; of a markdown cell without comment signs.
  public var text: String
  /// What a file says of the cell beside its title and tags; kept for writing it again.
  public var metadata: [JSONField]
  /// The number of the text's first line in its file.
  public var firstLine: Int
  /// True where the cell begins with a marker in its file: text before the first marker has none.
  public var isMarked: Bool
  /// The cell's name in a Jupyter file.
  public var identifier: String?

  public init(
    _ kind: Kind, _ text: String, title: String = "", tags: [String] = [], metadata: [JSONField] = [],
    firstLine: Int = 1, isMarked: Bool = true, identifier: String? = nil
  ) {
    self.kind = kind
    self.text = text
    self.title = title
    self.tags = tags
    self.metadata = metadata
    self.firstLine = firstLine
    self.isMarked = isMarked
    self.identifier = identifier
  }
}

/// A name and a value of a cell's metadata.
public struct JSONField: Sendable, Equatable {
  public var name: String
  public var value: JSON

  public init(_ name: String, _ value: JSON) {
    self.name = name
    self.value = value
  }
}

/// A notebook: cells in order. A script is a notebook of one cell.
public struct Notebook: Sendable, Equatable {
  public var cells: [Cell]
  /// What a Jupyter file says of the whole notebook; kept for writing it again.
  public var metadata: [JSONField]

  public init(cells: [Cell], metadata: [JSONField] = []) {
    self.cells = cells
    self.metadata = metadata
  }

  /// True for a script: one code cell without a marker.
  public var isScript: Bool { cells.count <= 1 && !(cells.first?.isMarked ?? false) }

  /// How errors name a cell, counted from 1: `cell 3 (Train)`; nil in a script.
  public func label(of index: Int) -> String? {
    guard !isScript, cells.indices.contains(index) else { return nil }
    let title = cells[index].title
    return "cell \(index + 1)" + (title.isEmpty ? "" : " (\(title))")
  }
}
