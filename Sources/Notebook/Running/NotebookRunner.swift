import Diagnostics
import Session
import Syntax

/// What runs cells: a session, or in tests something simpler.
public protocol CellEvaluator: AnyObject {
  /// Runs a source; names that it defines stay for the next one.
  func evaluate(_ source: SourceFile) -> CellResult
}

/// What happens while a notebook runs, in the order in which it happens. Text and pictures go through the session's own
/// listeners, as they come.
public enum RunEvent: Sendable {
  case cellStarted(Int, label: String?)
  case cellFinished(Int, CellRun)
}

/// Runs the cells of a notebook, in order, in one session.
public struct NotebookRunner {
  public let notebook: Notebook
  /// The file's name as errors show it.
  public let fileName: String
  public var overrides: [ParameterOverride] = []
  /// After a failure, still runs the cells that do not depend on it.
  public var keepsGoing = false
  public var onEvent: (RunEvent) -> Void = { _ in }

  public init(_ notebook: Notebook, fileName: String) {
    self.notebook = notebook
    self.fileName = fileName
  }

  /// A code cell as the source that runs: errors count lines as the file does, and name the cell.
  public func source(ofCell index: Int) -> SourceFile {
    let cell = notebook.cells[index]
    return SourceFile(name: fileName, text: cell.text, firstLine: cell.firstLine, label: notebook.label(of: index))
  }

  /// The trees of all code cells, by index.
  public func trees() -> [Int: SyntaxTree] {
    var trees: [Int: SyntaxTree] = [:]
    for index in notebook.cells.indices where notebook.cells[index].kind == .code {
      trees[index] = SyntaxTree(parsing: source(ofCell: index))
    }
    return trees
  }

  /// Runs everything.
  /// - Throws: `ParameterMistake` before anything has run, where an override does not fit.
  public func run(_ session: any CellEvaluator) throws(ParameterMistake) -> NotebookRun {
    let settings = try notebook.overridingSources(overrides)
    let trees = trees()
    var run = NotebookRun(notebook, cells: notebook.cells.map { _ in CellRun() }, overrides: overrides)
    if refuse(trees, &run) { return run }
    var lost: [String: Int] = [:]
    for index in notebook.cells.indices {
      guard let tree = trees[index] else { continue }
      let names = CellNames(tree)
      if let (name, cell) = missing(names, lost) {
        let label = notebook.label(of: cell) ?? "cell \(cell + 1)"
        run.cells[index] = CellRun(.skipped("it needs `\(name)` from \(label), which failed"))
        for name in names.changed { lost[name] = cell }
        continue
      }
      let result = runCell(index, settings: index == notebook.parametersCell ? settings : [], session)
      run.cells[index] = result
      guard case .finished(let status) = result.outcome, status != .succeeded else {
        for name in names.changed { lost[name] = nil }
        continue
      }
      if run.outcome == .succeeded { run.outcome = outcome(of: status) }
      guard keepsGoing, status == .failed || status == .timedOut else { break }
      for name in names.changed { lost[name] = index }
    }
    return run
  }

  /// Syntax mistakes anywhere keep everything from running.
  private func refuse(_ trees: [Int: SyntaxTree], _ run: inout NotebookRun) -> Bool {
    for (index, tree) in trees.sorted(by: { $0.key < $1.key }) where !tree.diagnostics.isEmpty {
      run.cells[index] = CellRun(.finished(.invalid), errors: tree.diagnostics)
      run.outcome = .invalid
    }
    return run.outcome == .invalid
  }

  private func runCell(_ index: Int, settings: [SourceFile], _ session: any CellEvaluator) -> CellRun {
    onEvent(.cellStarted(index, label: notebook.label(of: index)))
    let start = ContinuousClock.now
    var result = session.evaluate(source(ofCell: index))
    for setting in settings where result.status == .succeeded {
      let next = session.evaluate(setting)
      result.status = next.status
      result.diagnostics += next.diagnostics
      result.outputs += next.outputs
      result.artifacts += next.artifacts
    }
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let run = CellRun(
      .finished(result.status), outputs: result.outputs, errors: result.diagnostics, artifacts: result.artifacts,
      seconds: seconds)
    onEvent(.cellFinished(index, run))
    return run
  }

  /// A name that a cell needs and a failed cell should have given.
  private func missing(_ names: CellNames, _ lost: [String: Int]) -> (String, Int)? {
    names.used.filter { lost[$0] != nil }.sorted().first.flatMap { name in lost[name].map { (name, $0) } }
  }

  private func outcome(of status: CellResult.Status) -> RunOutcome {
    switch status {
    case .succeeded: .succeeded
    case .failed: .failed
    case .invalid: .invalid
    case .timedOut: .timedOut
    case .interrupted: .interrupted
    case .exited(let status): .exited(status)
    }
  }
}
