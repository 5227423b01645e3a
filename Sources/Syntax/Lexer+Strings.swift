import Diagnostics

extension Lexer {
  mutating func startString() {
    let start = position
    let isTriple = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
    position += isTriple ? 3 : 1
    strings.append(OpenString(isTriple: isTriple, start: Int32(start), brackets: brackets.count))
    isInText = true
    add(.stringStart, from: start)
  }

  /// Text of the innermost string, up to its end, a `{`, or (outside `"""`) the end of the line.
  mutating func readText() {
    guard let string = strings.last else {
      isInText = false
      return
    }
    let start = position
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"):
        skipEscape()
      case UInt8(ascii: "\""):
        if !string.isTriple || (peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")) { break scan }
        position += 1
      case UInt8(ascii: "{"):
        break scan
      case UInt8(ascii: "\n") where !string.isTriple:
        break scan
      default:
        position += 1
      }
    }
    if position > start { add(.stringText, from: start) }
    guard position < bytes.count else { return }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      isInText = false
      open(.interpolationStart, closing: .interpolationEnd)
    case UInt8(ascii: "\""):
      let quote = position
      position += string.isTriple ? 3 : 1
      endString(from: quote)
    default:
      closeUnfinishedStrings()
    }
  }

  /// Moves past a backslash and what it escapes; `\u{…}` stays together, its brace is no interpolation.
  private mutating func skipEscape() {
    position += 1
    guard position < bytes.count, bytes[position] != UInt8(ascii: "\n") else { return }
    let isUnicode = bytes[position] == UInt8(ascii: "u")
    position += 1
    guard isUnicode, peek() == UInt8(ascii: "{") else { return }
    position += 1
    while isHexDigit(peek()) { position += 1 }
    if peek() == UInt8(ascii: "}") { position += 1 }
  }

  private mutating func endString(from start: Int) {
    strings.removeLast()
    isInText = false
    add(.stringEnd, from: start)
  }

  /// True where a `}` or `:` here belongs to the interpolation of the innermost string.
  var endsInterpolation: Bool { brackets.last?.kind == .interpolationEnd }

  /// `}` ends the interpolation of a string, or a block or record.
  mutating func closeBrace() {
    var index = brackets.count - 1
    while index >= 0, brackets[index].kind != .rightBrace, brackets[index].kind != .interpolationEnd { index -= 1 }
    if index >= 0, brackets[index].kind == .interpolationEnd {
      brackets.removeSubrange((index + 1)...)
      closeInterpolation()
    } else {
      close(.rightBrace)
    }
  }

  private mutating func closeInterpolation() {
    guard let bracket = brackets.popLast() else { return }
    let start = position
    position += 1
    tokens[bracket.token].partner = Int32(tokens.count)
    add(.interpolationEnd, from: start)
    isInText = true
  }

  /// `:` and what follows it up to `}` is the format of an interpolation.
  mutating func readFormat() {
    let start = position
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") { break }
      position += 1
    }
    add(.formatText, from: start)
    if peek() == UInt8(ascii: "\"") {
      // The string ends inside the braces.
      closeUnfinishedStrings()
    }
  }

  /// At the end of a line (or of the text): reports each string that cannot go on, and closes it.
  mutating func closeUnfinishedStrings() {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { position += 1 }
    while let string = strings.last, !string.isTriple {
      // What is open in the braces of an open string is its echo.
      let isOutermost = strings.count == 1 || strings[strings.count - 2].isTriple
      unfinished(string, isReported: isOutermost)
    }
    isInText = false
  }

  mutating func closeStringsAtEnd() {
    while let string = strings.last {
      if string.isTriple, mistakes.isEmpty { endsInsideText = true }
      unfinished(string, isReported: strings.count == 1)
    }
  }

  /// Reports a string without end: at the brace that is open in it, or at its first quote.
  private mutating func unfinished(_ string: OpenString, isReported: Bool) {
    var end = position
    if end > 0, end <= bytes.count, end == bytes.count || bytes[end] == UInt8(ascii: "\n"),
      bytes[end - 1] == UInt8(ascii: "\r")
    {
      end -= 1
    }
    let braces = brackets[min(string.brackets, brackets.count)...]
    if let brace = braces.first(where: { $0.kind == .interpolationEnd }) {
      let token = tokens[brace.token]
      if isReported { report(.unclosedInterpolation, Int(token.start), Int(token.end)) }
      add(.interpolationEnd, from: position)
      tokens[brace.token].partner = Int32(tokens.count - 1)
    } else if isReported {
      let marked = string.isTriple ? Int(string.start) + 3 : max(end, Int(string.start) + 1)
      report(string.isTriple ? .unclosedText : .unclosedString, Int(string.start), marked)
    }
    brackets.removeSubrange(min(string.brackets, brackets.count)...)
    endString(from: position)
  }
}
