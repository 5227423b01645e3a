import Diagnostics

extension Parser {
  /// A string without interpolation: the name of a file or of a field.
  mutating func plainString() throws -> String {
    let start = current
    let expression = try string()
    guard case .string(let parts) = expression.kind else { throw SyntaxFailure() }
    var text = ""
    for part in parts {
      guard case .text(let piece) = part else {
        throw fail(.expected("a string without `{…}`", found: "one with", hint: nil), at: start.span)
      }
      text += piece
    }
    return text
  }

  /// A string with its escapes resolved and its interpolations parsed.
  mutating func string() throws -> Expression {
    let start = current
    let isTriple = start.end - start.start == 3
    let wasFree = newlinesAreFree
    newlinesAreFree = true
    advance()
    var pieces: [StringPiece] = []
    while kind != .stringEnd {
      switch kind {
      case .stringText:
        pieces.append(.text(Int(current.start)..<Int(current.end)))
        advance()
      case .interpolationStart:
        pieces.append(.part(try nested { try $0.interpolation() }))
      default:
        throw fail(.expected("the end of the string", found: description(of: current), hint: nil))
      }
    }
    let end = current
    advance()
    newlinesAreFree = wasFree
    var contents = StringContents(bytes: source.bytes, pieces: pieces, isTriple: isTriple)
    let parts = contents.parts()
    for (mistake, span) in contents.mistakes { report(mistake, at: span) }
    return try node(.string(parts), Span(start.start, end.end))
  }

  /// `{` expr [ `:` format ] `}` in a string
  private mutating func interpolation() throws -> StringPart {
    let start = current
    openBrackets.append(index)
    // The lexer has reported that these braces are never closed.
    if mistakes.contains(where: { $0.span == start.span }) { throw SyntaxFailure() }
    advance()
    if kind == .interpolationEnd || kind == .formatText {
      throw fail(.emptyInterpolation, at: start.span.union(current.span))
    }
    let value = try expression()
    var format: String?
    if kind == .formatText {
      format = String(source.text(current.span).dropFirst())
      advance()
    }
    guard kind == .interpolationEnd else {
      throw fail(.expected("`}`", found: description(of: current), hint: "a brace that is only text is written `\\{`"))
    }
    advance()
    openBrackets.removeLast()
    return .interpolation(value, format: format, Span(start.start, tokens[index - 1].end))
  }
}

/// A string as the tokens give it: ranges of raw text, and finished interpolations.
enum StringPiece {
  case text(Range<Int>)
  case part(StringPart)
}

/// Turns raw text into what it means: resolves escapes, drops the common indent of `"""`.
struct StringContents {
  let bytes: [UInt8]
  var pieces: [StringPiece]
  let isTriple: Bool
  var mistakes: [(SyntaxMistake, Span)] = []

  init(bytes: [UInt8], pieces: [StringPiece], isTriple: Bool) {
    self.bytes = bytes
    self.pieces = pieces
    self.isTriple = isTriple
  }

  mutating func parts() -> [StringPart] {
    let beginsWithLine = isTriple && trimFirstLine()
    if isTriple { trimLastLine(isWholeLine: beginsWithLine && pieces.count == 1) }
    let indent = isTriple ? commonIndent(beginsWithLine) : 0
    var parts: [StringPart] = []
    for (number, piece) in pieces.enumerated() {
      switch piece {
      case .part(let part): parts.append(part)
      case .text(let range):
        let text = resolved(range, indent: indent, beginsWithLine: number == 0 && beginsWithLine)
        if !text.isEmpty { parts.append(.text(text)) }
      }
    }
    return parts
  }

  private let newline = UInt8(ascii: "\n")

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Drops a line end right after the opening quotes; gives true where there was one.
  private mutating func trimFirstLine() -> Bool {
    guard case .text(let range) = pieces.first else { return false }
    var start = range.lowerBound
    if bytes[start] == UInt8(ascii: "\r"), start + 1 < range.upperBound { start += 1 }
    guard bytes[start] == newline else { return false }
    pieces[0] = .text((start + 1)..<range.upperBound)
    return true
  }

  /// Drops the last line, with the line end before it, where it is blank.
  private mutating func trimLastLine(isWholeLine: Bool) {
    guard case .text(let range) = pieces.last else { return }
    var end = range.upperBound
    while end > range.lowerBound, isBlank(bytes[end - 1]) { end -= 1 }
    if end == range.lowerBound {
      if isWholeLine { pieces[pieces.count - 1] = .text(end..<end) }
    } else if bytes[end - 1] == newline {
      end -= 1
      if end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      pieces[pieces.count - 1] = .text(range.lowerBound..<end)
    }
  }

  /// The number of blanks with which every line that is not blank begins.
  private func commonIndent(_ beginsWithLine: Bool) -> Int {
    var indent = Int.max
    for (number, piece) in pieces.enumerated() {
      guard case .text(let range) = piece else { continue }
      var index = range.lowerBound
      var isAtLineStart = number == 0 && beginsWithLine
      while index < range.upperBound {
        if isAtLineStart {
          let start = index
          while index < range.upperBound, isBlank(bytes[index]) { index += 1 }
          let isBlankLine = index < range.upperBound ? bytes[index] == newline : number == pieces.count - 1
          if !isBlankLine { indent = min(indent, index - start) }
          isAtLineStart = false
        } else {
          isAtLineStart = bytes[index] == newline
          index += 1
        }
      }
      // An interpolation right at the start of a line: nothing is indented.
      if isAtLineStart, number < pieces.count - 1 { indent = 0 }
    }
    return indent == Int.max ? 0 : indent
  }

  private mutating func resolved(_ range: Range<Int>, indent: Int, beginsWithLine: Bool) -> String {
    let slice = bytes[range]
    if !isTriple, !slice.contains(UInt8(ascii: "\\")) { return String(decoding: slice, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(slice.count)
    var index = range.lowerBound
    var isAtLineStart = beginsWithLine
    while index < range.upperBound {
      if isAtLineStart {
        var skipped = 0
        while skipped < indent, index < range.upperBound, isBlank(bytes[index]) {
          index += 1
          skipped += 1
        }
        isAtLineStart = false
        continue
      }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index = escape(at: index, in: range, into: &result)
        continue
      }
      if byte == UInt8(ascii: "\r"), index + 1 < range.upperBound, bytes[index + 1] == newline {
        index += 1
        continue
      }
      result.append(byte)
      isAtLineStart = byte == newline && isTriple
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Resolves the escape that begins at a backslash; gives the index behind it.
  private mutating func escape(at start: Int, in range: Range<Int>, into result: inout [UInt8]) -> Int {
    guard start + 1 < range.upperBound else {
      mistakes.append((.unknownEscape("\\"), Span(Int32(start), Int32(start + 1))))
      return start + 1
    }
    switch bytes[start + 1] {
    case UInt8(ascii: "n"): result.append(newline)
    case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): result.append(bytes[start + 1])
    case UInt8(ascii: "u"): return unicodeEscape(at: start, in: range, into: &result)
    default:
      var end = start + 2
      while end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
      let text = String(decoding: bytes[start..<end], as: UTF8.self)
      mistakes.append((.unknownEscape(text), Span(Int32(start), Int32(end))))
      return end
    }
    return start + 2
  }

  /// `\u{3b7}`. The lexer has kept it together, though it has braces.
  private mutating func unicodeEscape(at start: Int, in range: Range<Int>, into result: inout [UInt8]) -> Int {
    var end = start + 2
    var digits = ""
    if end < range.upperBound, bytes[end] == UInt8(ascii: "{") {
      end += 1
      while end < range.upperBound, isHexDigit(bytes[end]) {
        digits.unicodeScalars.append(Unicode.Scalar(bytes[end]))
        end += 1
      }
    }
    if end < range.upperBound, bytes[end] == UInt8(ascii: "}"), digits.count <= 6,
      let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
    {
      result.append(contentsOf: Array(String(Character(scalar)).utf8))
      return end + 1
    }
    if end < range.upperBound, bytes[end] == UInt8(ascii: "}") { end += 1 }
    mistakes.append(
      (.badUnicodeEscape(String(decoding: bytes[start..<end], as: UTF8.self)), Span(Int32(start), Int32(end))))
    return end
  }
}
