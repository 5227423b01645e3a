import Diagnostics

// What people write who come from other languages: recognised, reported with Glia's way of writing it, and, where its
// meaning is clear, read as meant, so that the rest of the file is checked too.

extension Parser {
  /// A statement that begins with a keyword of another language; nil where the name is only a name.
  mutating func foreignStatement() throws -> Statement.Kind? {
    let next = tokens[min(index + 1, tokens.count - 1)]
    guard !next.isFirstOnLine, next.kind.beginsExpression || next.kind == .fnKeyword else { return nil }
    let word = source.text(current.span)
    // `match (x)` may be a call; `match x` cannot be one.
    let isCallLike = next.kind == .leftParenthesis || next.kind == .leftBracket || next.kind == .minus
    guard let hint = Self.foreignStatements[word], !isCallLike else { return nil }
    if Self.functionWords.contains(word), next.kind == .name {
      report(.foreignKeyword(word, hint: hint), at: current.span)
      return .function(try functionDeclaration())
    }
    throw fail(.foreignKeyword(word, hint: hint))
  }

  private static let functionWords: Set<String> = ["def", "function", "func", "fun", "defn"]
  static let elseIfWords: Set<String> = ["elif", "elsif", "elseif"]

  private static let foreignStatements: [String: String] = {
    let function = "functions are declared with `fn name(x) { … }`"
    let binding = "a name is declared with `let x = …`, or with `var` where it changes"
    let choice = "write `if … { … } else if … { … }`"
    let type = "there are no classes; a record is `{name: value}`, a layer `layer(init:, call:)`"
    return [
      "def": function, "function": function, "func": function, "fun": function, "defn": function,
      "const": binding, "val": binding, "auto": binding, "local": binding, "int": binding, "float": binding,
      "double": binding, "string": binding, "global": "functions see and change the `var` around them without a word",
      "nonlocal": "functions see and change the `var` around them without a word",
      "switch": choice, "match": choice, "case": choice, "elif": choice, "elsif": choice, "elseif": choice,
      "unless": "write `if not … { … }`", "until": "write `while not … { … }`", "do": "write `while … { … }`",
      "foreach": "write `for x in xs { … }`", "class": type, "struct": type, "enum": type, "type": type,
      "raise": "write `error(\"…\")`", "throw": "write `error(\"…\")`", "except": "write `try { … } catch e { … }`",
      "from": "write `import name`, then `name.member`", "use": "write `import name`", "using": "write `import name`",
      "include": "write `import \"file.glia\"`", "require": "write `import \"file.glia\"`",
      "lambda": "a function without a name is `x -> …`", "async": "there is no concurrency in Glia",
      "await": "there is no concurrency in Glia",
    ]
  }()

  /// Why something may follow a whole statement on its line by mistake.
  func hintForTwoStatements(_ content: Statement.Kind) -> String? {
    let text = source.text(current.span)
    if kind == .doubleSlash || (kind == .slash && self.kind(ahead: 1) == .star) { return "comments begin with `#`" }
    if kind == .invalid { return nil }
    if case .returning = content, kind == .comma { return "several values are a list: `return (a, b)`" }
    guard case .expression(let expression) = content else {
      return kind == .colon ? "a body stands in braces: `{ … }`" : nil
    }
    if kind == .name, text == "is" { return "to compare, write `==`" }
    if kind == .notKeyword, self.kind(ahead: 1) == .inKeyword { return "write `not (a in b)`" }
    if kind == .ifKeyword { return "write `if c { a } else { b }`" }
    if kind == .number, text.hasPrefix("."), current.start == previousEnd {
      return "a position stands in brackets: `[\(text.dropFirst())]`"
    }
    if kind == .name, text.hasPrefix("f") || text.hasPrefix("r"), self.kind(ahead: 1) == .stringStart { return nil }
    guard case .name(let name) = expression.kind else { return nil }
    if kind == .stringStart, current.start == previousEnd, name.count <= 2 {
      return "strings need no prefix: `{x}` in any string is replaced by its value"
    }
    if kind == .name, self.kind(ahead: 1) == .assign { return "a name is declared with `let \(text) = …`" }
    if kind.beginsExpression { return "a call is written `\(name)(…)`" }
    return nil
  }

  /// Why a value may be missing here.
  func hintForMissingValue() -> String? {
    let before = index > 0 ? tokens[index - 1] : current
    switch kind {
    case .plus, .star, .percent, .at, .caret, .equal, .less, .greater, .assign:
      if index == statementStart {
        return "a statement goes on where its line ends with the operator, not where the next begins with one"
      }
    default: break
    }
    switch kind {
    case .plus: return "a leading `+` is not needed"
    case .doubleSlash, .slash: return "comments begin with `#`"
    case .assign where before.kind == .assign: return "to compare, write `==`"
    case .ellipsis: return "`...` stands in calls, parameters and indexes"
    case .forKeyword: return "write `for x in xs { … }` on a line of its own, or `xs |> map(x -> …)`"
    case .whileKeyword, .letKeyword, .varKeyword, .returnKeyword, .breakKeyword, .continueKeyword, .importKeyword:
      return current.isFirstOnLine ? nil : "`\(kind.rawValue)` begins a statement, it has no value"
    case .asKeyword, .inKeyword, .elseKeyword, .catchKeyword, .andKeyword, .orKeyword:
      return "`\(kind.rawValue)` is a keyword"
    default: break
    }
    if before.kind == .minus, index > 1, tokens[index - 2].kind == .minus, tokens[index - 2].end == before.start {
      return "there is no `--`: write `x -= 1`"
    }
    return nil
  }
}
