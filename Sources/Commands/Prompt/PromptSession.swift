import Diagnostics
import Session

/// What the prompt needs of a session; tests give it one that only remembers.
protocol PromptSession: AnyObject {
  /// Runs what was typed.
  func evaluate(source text: String, name: String, cell: String?) -> CellResult
  /// What could stand at the end of a text that is being typed.
  func completions(for text: String) -> [Completion]
  /// The names that were defined at top level.
  var definedNames: [String] { get }
}

extension Session: PromptSession {}

/// Where the prompt's entries come from: a person at a terminal, or a test.
protocol EntrySource {
  func read(prompt: String, continuation: String) -> Entry
}

/// One thing that was entered.
enum Entry: Equatable {
  case text(String)
  case interrupted
  case end
}
