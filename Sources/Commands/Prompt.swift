import Diagnostics
import LineEditor
import Session

/// The prompt: reads a statement, runs it, shows its value, and again.
public struct Prompt {
  private let console: Console

  public init(_ console: Console) { self.console = console }

  public func run() -> Int32 {
    let console = console
    var options = SessionOptions(workingDirectory: console.workingDirectory)
    options.seed = nil
    options.isInteractive = true
    options.usesColor = console.usesColor
    options.width = console.width
    options.onText = console.write
    options.onDisplay = { console.write($0.text + "\n") }
    options.onReport = console.report
    let session = Session(options)
    Interrupts.session = session
    defer { Interrupts.session = nil }
    let editor = LineEditor(history: History(path: Self.historyPath))
    // An empty line ends a statement as it is.
    editor.isComplete = { $0.hasSuffix("\n") || !Session.isIncomplete($0) }
    editor.complete = { Self.completions(session.completions(for: $0), of: $0) }
    console.report("Glia \(Glia.version). help() lists what there is, Ctrl-D ends.")
    var number = 0
    while true {
      switch editor.read(prompt: "> ") {
      case .end: return ExitStatus.success
      case .interrupted: continue
      case .text(let text):
        if text.allSatisfy(\.isWhitespace) { continue }
        number += 1
        let result = session.evaluate(SourceFile(name: "<\(number)>", text: text))
        console.report(result.diagnostics)
        if case .exited(let status) = result.status { return status }
      }
    }
  }

  /// The session's proposals for the word at the end of a text.
  private static func completions(_ proposals: [Completion], of text: String) -> Completions {
    let letters = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return Completions(
      word: String(letters.reversed()),
      candidates: proposals.map { Completions.Candidate($0.text) })
  }

  /// Where the lines of earlier sessions are kept.
  private static var historyPath: String? {
    if let folder = Console.environment("XDG_STATE_HOME"), !folder.isEmpty { return folder + "/glia_history" }
    return Console.environment("HOME").map { $0 + "/.glia_history" }
  }
}
