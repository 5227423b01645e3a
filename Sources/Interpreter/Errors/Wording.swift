/// Small helpers for messages.
public enum Wording {
  /// `a tensor`, `an error`.
  public static func withArticle(_ noun: String) -> String {
    guard let first = noun.first else { return noun }
    if noun == "none" { return noun }
    return "aeiou".contains(first) ? "an \(noun)" : "a \(noun)"
  }

  /// `1 argument`, `3 arguments`.
  public static func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

  /// `a`, `a or b`, `a, b or c`.
  public static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
