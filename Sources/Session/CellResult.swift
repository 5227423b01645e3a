import Diagnostics

/// What running a cell came to.
public struct CellResult: Sendable {
  public enum Status: Sendable, Equatable {
    case succeeded
    /// An error ended it.
    case failed
    /// The source has mistakes and nothing ran.
    case invalid
    /// It took longer than allowed.
    case timedOut
    /// The user stopped it.
    case interrupted
    /// The program called `exit(status)`.
    case exited(Int32)
  }

  public var status: Status
  /// What the program printed and displayed, in order. Neighbouring texts are one.
  public var outputs: [CellOutput]
  /// What went wrong; several where the source has mistakes.
  public var diagnostics: [Diagnostic]
  /// The paths of files that the program wrote, in order, relative to the run's folder where they lie in it.
  public var artifacts: [String]

  public init(
    status: Status, outputs: [CellOutput] = [], diagnostics: [Diagnostic] = [], artifacts: [String] = []
  ) {
    self.status = status
    self.outputs = outputs
    self.diagnostics = diagnostics
    self.artifacts = artifacts
  }
}

/// One piece of a cell's output.
public enum CellOutput: Sendable, Equatable {
  /// What `print` wrote.
  case text(String)
  /// A shown value: the cell's last expression, or what `show` was given.
  case display(DisplayedValue)
}

/// A value as it is shown.
public struct DisplayedValue: Sendable, Equatable {
  /// For terminals and text reports.
  public var text: String
  /// The picture, for values that are one.
  public var svg: String?
  /// Rows of cells with a header, for tables in reports; numbers as the text shows them.
  public var table: [[String]]?

  public init(text: String, svg: String? = nil, table: [[String]]? = nil) {
    self.text = text
    self.svg = svg
    self.table = table
  }
}

/// A proposal for what is being typed.
public struct Completion: Sendable, Equatable {
  /// What stands in the place of the word being typed: `softmax`, `axis:`.
  public var text: String
  /// A word about it: its signature or type.
  public var note: String

  public init(text: String, note: String = "") {
    self.text = text
    self.note = note
  }
}
