import Builtins
import Interpreter

/// Finds what could be typed next: names, members after a dot, keyword arguments inside a call, modules after `import`.
struct Completer {
  let scope: GlobalScope
  let machine: Machine
  let modules: SessionModules

  private static let keywords = [
    "and", "as", "break", "catch", "continue", "else", "false", "fn", "for", "if", "import", "in", "let", "none", "not",
    "or",
    "return", "true", "try", "var", "while",
  ]

  func completions(for text: String) -> [Completion] {
    let word = text.suffix(of: { $0.isLetter || $0.isNumber || $0 == "_" })
    let before = text.dropLast(word.count)
    if before.last == "." { return members(of: before.dropLast(), startingWith: word) }
    if before.trimmingEnd.hasSuffix("import") {
      return modules.moduleNames.filter { $0.hasPrefix(word) }.map { Completion(text: $0, note: "module") }
    }
    return arguments(before, startingWith: word) + names(startingWith: word)
  }

  private func names(startingWith word: String) -> [Completion] {
    guard !word.isEmpty else { return [] }
    var found: [Completion] = scope.names.filter { $0.hasPrefix(word) }.map {
      Completion(text: $0, note: machine.value(of: $0, in: scope)?.typeName ?? "")
    }
    found += Catalogue.standard.builtins.filter { $0.name.hasPrefix(word) && !scope.names.contains($0.name) }.map {
      Completion(text: $0.name, note: $0.signature.text)
    }
    found += Completer.keywords.filter { $0.hasPrefix(word) }.map { Completion(text: $0, note: "keyword") }
    return found.sorted { $0.text < $1.text }
  }

  /// Members of the value before the dot, and the functions that take such a value first.
  private func members(of before: Substring, startingWith word: String) -> [Completion] {
    let path = String(before.suffix(of: { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }))
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, var value = machine.value(of: first, in: scope) else {
      return methods(for: nil, startingWith: word)
    }
    for part in parts.dropFirst() {
      guard let next = value.plainMember(part) else { return methods(for: nil, startingWith: word) }
      value = next
    }
    let own = value.plainMemberNames.filter { $0.hasPrefix(word) }.map { Completion(text: $0, note: "member") }
    return (own + methods(for: value, startingWith: word)).sorted { $0.text < $1.text }
  }

  private func methods(for value: Value?, startingWith word: String) -> [Completion] {
    let families = value?.methodFamilies
    return Catalogue.standard.builtins.filter { builtin in
      builtin.name.hasPrefix(word) && !builtin.signature.parameters.isEmpty
        && (families?.contains(builtin.family) ?? !word.isEmpty)
    }.map { Completion(text: $0.name, note: $0.signature.text) }
  }

  /// Keyword arguments of the call that the text is inside of.
  private func arguments(_ before: Substring, startingWith word: String) -> [Completion] {
    guard let name = Completer.openCall(before), let signature = signature(of: name) else { return [] }
    return signature.parameters.filter { !$0.isRest && $0.name.hasPrefix(word) }.map {
      Completion(text: $0.name + ":", note: $0.defaultText.map { "default \($0)" } ?? "required")
    }
  }

  private func signature(of name: String) -> Signature? {
    if case .function(let function)? = machine.value(of: name, in: scope) { return function.signature }
    return Catalogue.standard[name]?.signature
  }

  /// The name before the innermost open parenthesis.
  static func openCall(_ text: Substring) -> String? {
    var depth = 0
    var index = text.endIndex
    while index > text.startIndex {
      index = text.index(before: index)
      switch text[index] {
      case ")", "]", "}": depth += 1
      case "(" where depth == 0:
        let name = text[..<index].suffix(of: { $0.isLetter || $0.isNumber || $0 == "_" })
        return name.isEmpty ? nil : name
      case "[" where depth == 0, "{" where depth == 0: return nil
      case "(", "[", "{": depth -= 1
      case "\n" where depth == 0: return nil
      default: break
      }
    }
    return nil
  }
}

extension StringProtocol {
  /// The longest end whose characters all pass.
  fileprivate func suffix(of passes: (Character) -> Bool) -> String {
    var start = endIndex
    while start > startIndex, passes(self[index(before: start)]) { start = index(before: start) }
    return String(self[start...])
  }

  fileprivate var trimmingEnd: SubSequence {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return self[..<end]
  }
}

extension Value {
  /// The names after a dot that the value itself has.
  fileprivate var plainMemberNames: [String] {
    switch self {
    case .record(let record): record.names
    case .tensor: ["T", "dtype", "rank", "shape", "size"]
    case .object(let object): object.memberNames
    default: []
    }
  }

  /// A member that is found without running anything.
  fileprivate func plainMember(_ name: String) -> Value? {
    if case .record(let record) = self { return record[name] }
    return nil
  }

  /// The families whose functions take such a value first.
  fileprivate var methodFamilies: Set<String> {
    let families: [Family] =
      switch self {
      case .tensor: [.shape, .picking, .elementwise, .reductions, .linearAlgebra, .activations]
      case .list, .range: [.lists]
      case .string: [.strings]
      case .record: [.records]
      case .object: [.models, .tables, .training, .charts]
      default: [.elementwise]
      }
    return Set(families.map(\.rawValue))
  }
}
