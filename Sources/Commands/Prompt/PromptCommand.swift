/// What a line that begins with a colon asks of the prompt itself.
enum PromptCommand: Equatable {
  case help(String?)
  case names
  case explain(String)
  case save(String)
  case quit
  /// A name that is no command, or a command without what it needs; the text says so.
  case mistaken(String)

  /// Each command: its form, and what it does.
  static let all: [(form: String, purpose: String)] = [
    (":help [NAME]", "this list, or the documentation of a name"),
    (":names", "what this session has defined"),
    (":explain NAME", "what a training run compiled, fused and planned"),
    (":save FILE", "write what was entered so far as a notebook"),
    (":quit", "leave (Ctrl-D does too)"),
  ]

  /// The command of an entry; nil where it is a program.
  init?(_ entry: String) {
    let trimmed = entry.drop { $0 == " " }
    guard trimmed.first == ":" else { return nil }
    let words = trimmed.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
    var argument = words.count > 1 ? String(words[1].drop { $0 == " " }) : ""
    while argument.last?.isWhitespace == true { argument.removeLast() }
    switch words.first ?? "" {
    case "help", "h", "?": self = .help(argument.isEmpty ? nil : argument)
    case "names": self = .names
    case "explain" where !argument.isEmpty: self = .explain(argument)
    case "explain": self = .mistaken(":explain needs the name of a run: `:explain run`")
    case "save" where !argument.isEmpty: self = .save(argument)
    case "save": self = .mistaken(":save needs the name of a file: `:save notebook.glia`")
    case "quit", "q", "exit": self = .quit
    case let word: self = .mistaken("there is no command `:\(word)`: `:help` lists them")
    }
  }

  /// The list that `:help` shows.
  static var list: String {
    let widest = all.map(\.form.count).max() ?? 0
    let lines = all.map { command in
      "  " + command.form + String(repeating: " ", count: widest + 2 - command.form.count) + command.purpose
    }
    return
      (lines + [
        "  help(NAME) shows a function's arguments and an example; Tab completes, twice Tab lists.",
        "  A line that ends in ; shows nothing. Ctrl-C stops a computation, never the session.",
      ]).joined(separator: "\n")
  }
}
