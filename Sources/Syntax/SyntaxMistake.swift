import Diagnostics

/// Everything that can be wrong with the form of a program. The wording of all of it stands in this file.
enum SyntaxMistake: Sendable {
  // Characters
  case sourceTooLarge
  case notUnicode(byte: UInt8)
  case strangeCharacter(String, lookalike: String?)
  case strangeSpace(Unicode.Scalar)
  case curlyQuote(String)
  case singleQuotes(String)
  case foreignOperator(String, meant: String)
  case nameBeginsWithDigit(String)
  case unfinishedNumber(String)
  case numberTooLarge(String)

  // Strings
  case unclosedString
  case unclosedText
  case unclosedInterpolation
  case emptyInterpolation
  case unknownEscape(String)
  case badUnicodeEscape(String)

  // Brackets and nesting
  case unclosed(TokenKind, because: String)
  case wrongCloser(TokenKind, open: TokenKind, openedAt: Position)
  case nothingToClose(TokenKind)
  case nestedTooDeeply
  case chainTooLong
  case tooManyErrors

  // Statements
  case expected(String, found: String, hint: String?)
  case valueMissing(after: String?, found: String, hint: String?)
  case keywordAsName(String)
  case twoStatements(next: String, hint: String?)
  case cannotAssign(String, hint: String?)
  case assignmentAsValue(hint: String)
  case outside(String, of: String)
  case withoutOpening(String, opening: String)
  case foreignKeyword(String, hint: String)
  case blockAsValue

  // Expressions
  case chainedComparison(hint: String?)
  case operatorNeedsParentheses(String, hint: String)
  case lambdaNeedsParentheses
  case repeatedParameter(String)
  case secondRest
  case badParameter
  case positionalAfterNamed
  case repeatedField(String)
  case emptyIndex

  var message: String { wording.message }
  var hint: String? { wording.hint }

  private var wording: (message: String, hint: String?) {
    switch self {
    case .sourceTooLarge:
      ("this source is larger than \(SourceFile.maximumSize >> 20) MB", "read data with `read_csv` or `read_text`")
    case .notUnicode(let byte):
      ("this is not UTF-8 text: byte 0x\(String(byte, radix: 16)) does not belong here", "save the file as UTF-8")
    case .strangeCharacter(let text, let lookalike):
      ("`\(text)` means nothing in Glia", lookalike.map { "write `\($0)`" })
    case .strangeSpace(let scalar):
      ("an unusual space (U+\(hexadecimal(scalar))) stands here", "replace it with an ordinary one")
    case .curlyQuote(let text):
      ("strings do not begin with `\(text)`", "use straight quotes: `\"…\"`")
    case .singleQuotes(let text):
      ("strings are written with double quotes", suggestedString(text))
    case .foreignOperator(let text, let meant):
      ("there is no `\(text)`", "write \(meant)")
    case .nameBeginsWithDigit(let text):
      ("`\(text)` is neither a number nor a name", productHint(text))
    case .unfinishedNumber(let text):
      (
        "the number `\(text)` is not finished",
        text.hasSuffix("_") ? "`_` stands between digits" : "hexadecimal digits follow `0x`"
      )
    case .numberTooLarge(let text):
      ("`\(text)` is too large for a number", "the largest is about 1.8e308; infinity is `inf`")

    case .unclosedString: ("this string is never closed", "longer texts stand between `\"\"\"` and `\"\"\"`")
    case .unclosedText: ("this text is never closed", "it ends with `\"\"\"`")
    case .unclosedInterpolation: ("this `{` in a string is never closed", "a brace that is only text is written `\\{`")
    case .emptyInterpolation:
      ("there is nothing between these braces", "braces that are only text are written `\\{\\}`")
    case .unknownEscape(let text):
      (
        "`\(text)` is no escape",
        "known are `\\n \\t \\r \\\" \\\\ \\{ \\}` and `\\u{3b7}`; a backslash itself is `\\\\`"
      )
    case .badUnicodeEscape(let text):
      ("`\(text)` is no character", "write one to six hexadecimal digits in braces: `\\u{3b7}`")

    case .unclosed(let kind, let because): ("this `\(kind.rawValue)` is never closed", because)
    case .wrongCloser(let kind, let open, let position):
      (
        "`\(kind.rawValue)` does not close `\(open.rawValue)`",
        "`\(open.rawValue)` was opened at \(position.line):\(position.column)"
      )
    case .nothingToClose(let kind): ("`\(kind.rawValue)` closes nothing", nil)
    case .nestedTooDeeply:
      (
        "this is nested too deeply: more than \(SyntaxLimits.maximumNesting) levels",
        "give the inner parts names of their own"
      )
    case .chainTooLong:
      ("this chain is too long: more than \(SyntaxLimits.maximumHeight) links", "break it up, or use `sum` or a loop")
    case .tooManyErrors: ("more than \(SyntaxLimits.maximumErrors) mistakes; the rest is not shown", nil)

    case .expected(let what, let found, let hint): ("expected \(what), found \(found)", hint)
    case .valueMissing(let after, let found, let hint):
      (after.map { "expected a value after `\($0)`, found \(found)" } ?? "expected a value, found \(found)", hint)
    case .keywordAsName(let word): ("`\(word)` is a keyword and cannot be a name", "`\(word)_` can")
    case .twoStatements(let next, let hint): ("expected a new line or `;` before \(next)", hint)
    case .cannotAssign(let what, let hint): ("\(what) cannot be assigned to", hint)
    case .assignmentAsValue(let hint): ("`=` assigns, and is no value", hint)
    case .outside(let word, let place): ("`\(word)` stands outside of \(place)", nil)
    case .withoutOpening(let word, let opening): ("`\(word)` without `\(opening)`", nil)
    case .foreignKeyword(let word, let hint): ("there is no `\(word)`", hint)
    case .blockAsValue:
      ("a block stands only after `fn`, `if`, `for`, `while`, `try` and `->`", "a record is `{name: value}`")

    case .chainedComparison(let hint): ("comparisons do not chain", hint)
    case .operatorNeedsParentheses(let word, let hint): ("`\(word)` needs parentheses here", hint)
    case .lambdaNeedsParentheses: ("a function needs parentheses here", "write `(x -> …)`")
    case .repeatedParameter(let name): ("there are two parameters `\(name)`", nil)
    case .secondRest: ("only one parameter can take the rest of the arguments", nil)
    case .badParameter: ("this cannot be a parameter", "parameters are names: `x`, `x = 2` or `...rest`")
    case .positionalAfterNamed: ("arguments without a name stand before those with one", nil)
    case .repeatedField(let name): ("there are two fields `\(name)`", nil)
    case .emptyIndex: ("an index is missing", "`x[0]`, `x[1:3]`, `x[:, none]`")
    }
  }

  private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func suggestedString(_ text: String) -> String? {
    let inner = text.dropFirst(text.hasPrefix("'") ? 1 : 0).dropLast(text.count > 1 && text.hasSuffix("'") ? 1 : 0)
    return inner.contains("\"") || inner.count > 40 ? "write `\"…\"`" : "write `\"\(inner)\"`"
  }

  private func productHint(_ text: String) -> String {
    let digits = text.prefix { $0.isNumber }
    let rest = text.dropFirst(digits.count)
    return rest.isEmpty || rest.hasPrefix("_") || rest.hasPrefix(".")
      ? "names begin with a letter or `_`" : "a product is written `\(digits) * \(rest)`"
  }
}
