import CEdit

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads what a person types: lines that can be edited, with history and completion, joined until they are complete.
///
/// Where input or output is no terminal it reads plain lines instead. Ctrl-C leaves what has been typed and gives
/// ``Reading/interrupted``; Ctrl-D on an empty line ends the input.
public final class LineEditor {
  /// What was read.
  public enum Reading: Equatable, Sendable {
    /// One or more lines that are complete together, joined with line feeds.
    case text(String)
    /// The person pressed Ctrl-C: what had been typed is gone, the session goes on.
    case interrupted
    /// The end of input.
    case end
  }

  /// Whether a text may be read as it is; where it says false, another line is asked for.
  public var isComplete: (String) -> Bool = { _ in true }
  /// What fits at the cursor, which stands at the end of the text given: all lines so far and this one.
  public var complete: (String) -> Completions = { _ in Completions() }
  /// The entries that the up key brings back.
  public private(set) var history: History

  private var editor: OpaquePointer?
  private let program: String
  private var earlierLines = ""
  private var lastListed: String?

  /// - Parameters:
  ///   - program: the name under which `~/.editrc` can set keys.
  ///   - history: earlier entries; new ones are added and saved with it.
  public init(program: String = "glia", history: History = History()) {
    self.program = program
    self.history = history
  }

  deinit { if let editor { glia_editor_close(editor) } }

  /// Whether lines can be edited here; else they are read as they come.
  public static var isAvailable: Bool { glia_can_edit() != 0 }

  /// The width of the terminal in columns; 80 where it is not known.
  public static var terminalWidth: Int { Int(glia_terminal_width()) }

  /// Reads one entry.
  ///
  /// - Parameters:
  ///   - prompt: stands before the first line; it may hold colour codes.
  ///   - continuation: stands before further lines.
  public func read(prompt: String, continuation: String = "… ") -> Reading {
    guard LineEditor.isAvailable, let editor = opened() else { return readPlain(prompt: prompt) }
    earlierLines = ""
    var text = ""
    while true {
      let isFirst = text.isEmpty
      lastListed = nil
      let indent = isFirst ? "" : Indentation.next(after: text)
      var outcome: Int32 = 0
      let shown = PromptText.protected(isFirst ? prompt : continuation)
      let line = glia_editor_read(editor, shown, indent, &outcome)
      defer { free(line) }
      if outcome == Int32(GLIA_INTERRUPTED.rawValue) { return .interrupted }
      guard let line else {
        print("")
        return isFirst ? .end : .interrupted
      }
      let typed = String(cString: line)
      text += isFirst ? typed : "\n" + (indent.isEmpty ? typed : Indentation.settled(typed))
      if text.allSatisfy(\.isWhitespace) { return .text("") }
      if isComplete(text) {
        remember(text, in: editor)
        return .text(text)
      }
      earlierLines = text + "\n"
    }
  }

  /// Reads plain lines until they are complete.
  private func readPlain(prompt: String) -> Reading {
    if isatty(STDIN_FILENO) != 0 {
      print(PromptText.plain(prompt), terminator: "")
      fflush(nil)
    }
    var text = ""
    var isFirst = true
    while let line = glia_plain_line() {
      defer { free(line) }
      text += (isFirst ? "" : "\n") + String(cString: line)
      isFirst = false
      if isComplete(text) { return .text(text) }
    }
    return isFirst ? .end : .text(text)
  }

  private func opened() -> OpaquePointer? {
    if let editor { return editor }
    let owner = Unmanaged.passUnretained(self).toOpaque()
    editor = glia_editor_open(program, Int32(clamping: history.limit), owner) { owner in
      guard let owner else { return Int32(GLIA_TAB_NOTHING.rawValue) }
      return Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue().tab()
    }
    if let editor {
      for entry in history.entries { glia_editor_history_enter(editor, entry) }
    }
    return editor
  }

  private func remember(_ text: String, in editor: OpaquePointer) {
    let isKnown = history.entries.contains(text)
    history.add(text)
    if isKnown {
      glia_editor_history_clear(editor)
      for entry in history.entries { glia_editor_history_enter(editor, entry) }
    } else {
      glia_editor_history_enter(editor, text)
    }
  }

  // MARK: - The tab key

  private func tab() -> Int32 {
    guard let editor, let raw = glia_editor_before_cursor(editor) else { return Int32(GLIA_TAB_NOTHING.rawValue) }
    let line = String(cString: raw)
    free(raw)
    // At the start of a line the tab key indents.
    if line.allSatisfy(\.isWhitespace) && !(earlierLines.isEmpty && line.isEmpty) {
      glia_editor_replace(editor, 0, Indentation.step)
      return Int32(GLIA_TAB_CHANGED.rawValue)
    }
    let completions = complete(earlierLines + line)
    switch completions.action(line: line, wasPressedHere: lastListed == line) {
    case .nothing:
      lastListed = line
      return Int32(GLIA_TAB_NOTHING.rawValue)
    case .replace(let count, let text):
      lastListed = nil
      glia_editor_replace(editor, Int32(clamping: count), text)
      return Int32(GLIA_TAB_CHANGED.rawValue)
    case .list:
      glia_editor_show(editor, completions.listing(width: LineEditor.terminalWidth))
      return Int32(GLIA_TAB_LISTED.rawValue)
    }
  }
}
