import FileFormats
import LineEditor
import Session

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Entries that a person types, with history and completion.
struct TerminalEntrySource: EntrySource {
  private let editor: LineEditor

  init(session: any PromptSession, isIncomplete: @escaping (String) -> Bool) {
    editor = LineEditor(history: History(path: TerminalEntrySource.historyPath()))
    // An empty line ends an entry as it is.
    editor.isComplete = { $0.hasPrefix(":") || $0.hasSuffix("\n") || !isIncomplete($0) }
    let completions = PromptCompletions(
      proposals: { [weak session] in session?.completions(for: $0) ?? [] }, names: PromptCompletions.namesOnDisk)
    editor.complete = completions.completions
  }

  func read(prompt: String, continuation: String) -> Entry {
    switch editor.read(prompt: prompt, continuation: continuation) {
    case .text(let text): .text(text)
    case .interrupted: .interrupted
    case .end: .end
    }
  }

  /// `$XDG_STATE_HOME/glia/history`, or under the home folder; nil where there is neither.
  private static func historyPath() -> String? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let state = variable("XDG_STATE_HOME") ?? variable("HOME").map({ $0 + "/.local/state" }) else { return nil }
    let folder = state + "/glia"
    guard (try? AtomicFile.makeFolder(folder)) != nil else { return nil }
    return folder + "/history"
  }
}
