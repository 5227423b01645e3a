import Diagnostics
import Session

/// The prompt: a session without limits on files, a person at the terminal, and their conversation.
public struct Prompt {
  private let console: Console

  public init(_ console: Console) { self.console = console }

  /// Talks until the input ends; gives the status to exit with.
  public func run() -> Int32 {
    let console = console
    var options = SessionOptions(workingDirectory: console.workingDirectory)
    options.seed = nil
    options.isInteractive = true
    options.usesColor = console.usesColor
    options.width = console.width
    options.onText = console.write
    options.onReport = console.report
    // What is shown goes through the conversation, which needs the session first.
    var show: (DisplayedValue) -> Void = { _ in }
    options.onDisplay = { show($0) }
    let session = Session(options)
    Interrupts.session = session
    defer { Interrupts.session = nil }
    let conversation = Conversation(
      session: session, source: TerminalEntrySource(session: session, isIncomplete: Session.isIncomplete),
      usesColor: console.usesColor, writeOutput: console.write, writeError: console.report)
    show = { [unowned conversation] in conversation.display($0) }
    console.write(Conversation.greeting(version: Glia.version))
    return conversation.run()
  }
}
