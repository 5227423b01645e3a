import FileFormats

/// A file that a report or a notebook is made of: its name in the run's folder, and its bytes.
public struct ReportFile: Sendable, Equatable {
  public var name: String
  public var bytes: [UInt8]

  public init(_ name: String, _ text: String) {
    self.name = name
    self.bytes = Array(text.utf8)
  }
}

/// A way to keep notebooks in files. All ways are in `NotebookFormats.all`.
public protocol NotebookFormat: Sendable {
  /// The ending of its files, without the dot; also its name for `--format`.
  var ending: String { get }

  /// Reads a notebook.
  func read(_ text: String) throws -> Notebook

  /// Writes a notebook, with its outputs where it has been run. The first file is the notebook itself, named `name`
  /// and the ending; others stand beside it.
  func write(_ run: NotebookRun, name: String) -> [ReportFile]
}

public enum NotebookFormats {
  /// Every format, in the order in which help lists them.
  public static let all: [any NotebookFormat] = [PercentFormat(), JupyterFormat(), MarkdownFormat(), HTMLFormat()]

  /// The format of a file, by its ending.
  public static func format(ofPath path: String) -> (any NotebookFormat)? {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    return format(named: path[path.index(after: dot)...].lowercased())
  }

  public static func format(named ending: String) -> (any NotebookFormat)? { all.first { $0.ending == ending } }

  public static var endings: [String] { all.map(\.ending) }
}

/// Why a file is no notebook.
public enum NotebookError: Error, Equatable {
  case notJSON(String)
  case notANotebook(String)
  case oldVersion(Int)
  case cannotRead(ending: String)

  public var message: String {
    switch self {
    case .notJSON(let reason): "this is not JSON: \(reason)"
    case .notANotebook(let reason): "this is no Jupyter notebook: \(reason)"
    case .oldVersion(let version):
      "this notebook has the format \(version); 4 is needed (open and save it in Jupyter once)"
    case .cannotRead(let ending): "a notebook cannot be read from .\(ending); it is a format to write"
    }
  }
}
