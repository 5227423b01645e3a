import Diagnostics

/// A mistake's near miss, as a hint.
func didYouMean(_ name: String, among names: some Sequence<String>) -> String? {
  Suggestion.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
}
