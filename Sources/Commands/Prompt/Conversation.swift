import Diagnostics
import FileFormats
import Session

/// The conversation of a person and a session: an entry is read, run, and answered, until the input ends.
final class Conversation {
  private let session: any PromptSession
  private let source: any EntrySource
  private let usesColor: Bool
  private let writeOutput: (String) -> Void
  private let writeError: (String) -> Void
  /// Entries that ran well, for `:save`.
  private var kept: [String] = []
  /// How many programs were entered: messages name them by their number.
  private var count = 0

  /// - Parameters:
  ///   - usesColor: whether escape sequences for colours are welcome.
  ///   - writeOutput: takes what belongs to standard output.
  ///   - writeError: takes what belongs to standard error.
  init(
    session: any PromptSession, source: any EntrySource, usesColor: Bool, writeOutput: @escaping (String) -> Void,
    writeError: @escaping (String) -> Void
  ) {
    self.session = session
    self.source = source
    self.usesColor = usesColor
    self.writeOutput = writeOutput
    self.writeError = writeError
  }

  /// The first lines that a person sees.
  static func greeting(version: String) -> String {
    "Glia \(version)   :help for help, Ctrl-D to leave\n"
  }

  /// Reads and runs entries to the end of input; gives the status to exit with.
  func run() -> Int32 {
    let prompt = usesColor ? "\u{1B}[1;34mglia>\u{1B}[0m " : "glia> "
    let continuation = usesColor ? "\u{1B}[2m   …\u{1B}[0m  " : "   …  "
    while true {
      switch source.read(prompt: prompt, continuation: continuation) {
      case .end: return 0
      case .interrupted: continue
      case .text(let text):
        if let status = handle(text) { return status }
      }
    }
  }

  /// How a shown value is written.
  func display(_ value: DisplayedValue) {
    writeOutput((usesColor ? ResultHighlighter.painted(value.text) : value.text) + "\n")
  }

  // MARK: - Entries

  /// Runs one entry; gives a status where the program asked to leave.
  private func handle(_ text: String) -> Int32? {
    guard !text.allSatisfy(\.isWhitespace) else { return nil }
    switch PromptCommand(text) {
    case nil: return evaluate(text, keeps: true)
    case .help(nil)?: writeOutput(PromptCommand.list + "\n")
    case .help(let name?)?: return evaluate("help(\(name))", keeps: false)
    case .names?: writeOutput(session.definedNames.joined(separator: "  ") + "\n")
    case .explain(let name)?: return evaluate("explain(\(name))", keeps: false)
    case .save(let path)?: save(to: path)
    case .mistaken(let message)?: writeError(message + "\n")
    case .quit?: return 0
    }
    return nil
  }

  private func evaluate(_ text: String, keeps: Bool) -> Int32? {
    count += 1
    let result = session.evaluate(source: text, name: "<\(count)>", cell: nil)
    for diagnostic in result.diagnostics { writeError(diagnostic.rendered(colored: usesColor) + "\n") }
    switch result.status {
    case .exited(let status): return status
    case .succeeded: if keeps { kept.append(text) }
    case .failed, .invalid, .timedOut, .interrupted: break
    }
    return nil
  }

  /// Writes the entries that ran well as a notebook, one cell each.
  private func save(to path: String) {
    let text = kept.map { "# %%\n\($0)\n" }.joined(separator: "\n")
    do {
      try AtomicFile.write(text, to: path)
      writeOutput("\(kept.count) cell\(kept.count == 1 ? "" : "s") in \(path)\n")
    } catch {
      writeError("error[io]: \(error)\n")
    }
  }
}
