import Diagnostics
import Notebook
import Session
import Syntax

/// What `glia check` does.
public struct Checking {
  private let known: KnownNames

  public init(known: KnownNames) { self.known = known }

  /// Checks files; gives 1 where something was found.
  public func run(_ files: [String], asJSON: Bool, _ console: Console) -> Int32 {
    var status = ExitStatus.success
    for path in files {
      let diagnostics: [Diagnostic]
      do {
        diagnostics = check(try SourceLoading.load(path))
      } catch LoadingFailure.source(let mistakes) {
        diagnostics = mistakes
      } catch {
        status = console.refuse(error)
        continue
      }
      if asJSON {
        for diagnostic in diagnostics { console.write(diagnostic.json + "\n") }
      } else {
        console.report(diagnostics)
      }
      if !diagnostics.isEmpty, status == ExitStatus.success { status = ExitStatus.failure }
    }
    return status
  }

  private func check(_ loaded: LoadedNotebook) -> [Diagnostic] {
    let runner = NotebookRunner(loaded.notebook, fileName: loaded.path)
    let trees = runner.trees().sorted { $0.key < $1.key }.map(\.value)
    let mistakes = trees.flatMap(\.diagnostics)
    return mistakes.isEmpty ? Checker.check(trees, known: known) : mistakes
  }
}
