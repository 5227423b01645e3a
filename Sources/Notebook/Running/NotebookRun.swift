import Diagnostics
import Session

/// What running one cell came to.
public struct CellRun: Sendable {
  public enum Outcome: Sendable, Equatable {
    case notRun
    /// Left out, for example because a cell that it depends on failed.
    case skipped(String)
    case finished(CellResult.Status)
  }

  public var outcome: Outcome
  public var outputs: [CellOutput]
  public var errors: [Diagnostic]
  public var artifacts: [String]
  public var seconds: Double

  public init(
    _ outcome: Outcome = .notRun, outputs: [CellOutput] = [], errors: [Diagnostic] = [], artifacts: [String] = [],
    seconds: Double = 0
  ) {
    self.outcome = outcome
    self.outputs = outputs
    self.errors = errors
    self.artifacts = artifacts
    self.seconds = seconds
  }

  public var wasRun: Bool { if case .finished = outcome { true } else { false } }
}

/// How a run ended; the exit status of the command follows from it.
public enum RunOutcome: Sendable, Equatable {
  case succeeded
  case failed
  /// The source has mistakes, and nothing ran.
  case invalid
  /// `--verify` found a difference.
  case different
  case timedOut
  case interrupted
  /// The program ended itself with a status.
  case exited(Int32)

  public var status: Int32 {
    switch self {
    case .succeeded: 0
    case .failed: 1
    case .invalid: 3
    case .different: 4
    case .timedOut: 5
    case .interrupted: 130
    case .exited(let status): status
    }
  }

  /// The word in run.json.
  public var word: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .invalid: "invalid"
    case .different: "different"
    case .timedOut: "timed out"
    case .interrupted: "interrupted"
    case .exited: "exited"
    }
  }
}

/// A notebook with what running it came to: what reports are written from.
public struct NotebookRun: Sendable {
  /// The first thing that went wrong.
  public struct Failure: Sendable {
    public var cell: Int
    public var errors: [Diagnostic]
    /// `This run failed`, `This run was interrupted`, …
    public var title: String
  }

  public var notebook: Notebook
  /// One for each cell of the notebook; none where it was not run at all.
  public var cells: [CellRun]
  public var outcome: RunOutcome
  /// The values that the command line gave to parameters, in the order given.
  public var overrides: [ParameterOverride]

  public init(
    _ notebook: Notebook, cells: [CellRun] = [], outcome: RunOutcome = .succeeded, overrides: [ParameterOverride] = []
  ) {
    self.notebook = notebook
    self.cells = cells
    self.outcome = outcome
    self.overrides = overrides
  }

  public var artifacts: [String] {
    var seen: Set<String> = []
    return cells.flatMap(\.artifacts).filter { seen.insert($0).inserted }
  }

  public var failure: Failure? {
    for (index, cell) in cells.enumerated() {
      guard case .finished(let status) = cell.outcome else { continue }
      switch status {
      case .succeeded, .exited: continue
      case .failed: return Failure(cell: index, errors: cell.errors, title: "This run failed")
      case .invalid: return Failure(cell: index, errors: cell.errors, title: "This source has mistakes")
      case .timedOut: return Failure(cell: index, errors: cell.errors, title: "This run exceeded its time limit")
      case .interrupted: return Failure(cell: index, errors: cell.errors, title: "This run was interrupted")
      }
    }
    return nil
  }
}
