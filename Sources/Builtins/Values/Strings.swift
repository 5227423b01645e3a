import Interpreter

/// Text: case, parts, search, padding.
func registerStrings(_ catalogue: inout Catalogue) {
  catalogue.add(
    "upper", "(text)", .strings, "The text in capital letters.", example: #"upper("abc")  # ABC"#
  ) { a, _ in .text(try a.string(0).uppercased()) }

  catalogue.add(
    "lower", "(text)", .strings, "The text in small letters.", example: #"lower("ABC")  # abc"#
  ) { a, _ in .text(try a.string(0).lowercased()) }

  catalogue.add(
    "trim", "(text)", .strings, "The text without white space at either end.", example: #"len(trim("  x "))  # 1"#
  ) { a, _ in
    let text = try a.string(0)
    guard let start = text.firstIndex(where: { !$0.isWhitespace }) else { return .text("") }
    let end = text.lastIndex(where: { !$0.isWhitespace }) ?? start
    return .text(String(text[start...end]))
  }

  catalogue.add(
    "split", "(x, parts = none, axis = 0)", .strings,
    """
    The parts of a text between separators, or the parts of a tensor along an axis.

    `split(text, separator)` gives a list of texts; without a separator the text is split at white space, and empty
    parts are dropped. `split(x, parts, axis: 0)` gives a list of tensors: `parts` is a number of equal parts, or a list
    of sizes that add up to the axis.
    """, example: #"split("a,b,c", ",")  # ("a", "b", "c")"#
  ) { a, _ in
    guard case .string(let text) = a[0] else { return try splitTensor(&a) }
    if a.isNone(1) {
      let words = text.text.split(whereSeparator: { $0.isWhitespace })
      return .items(words.map { .text(String($0)) })
    }
    let separator = try a.string(1)
    if separator.isEmpty {
      throw RuntimeError(
        .value, "`split` wants a separator that is not empty", hint: "chars(text) gives the characters")
    }
    return .items(try TextSearch(for: separator).pieces(of: text.text).map { .text($0) })
  }

  catalogue.add(
    "join", "(xs, separator = \"\", on = none, kind = \"inner\")", .strings,
    """
    The texts of a list as one, with the separator between them; or two tables side by side where their keys are equal.

    `t.join(other, on: "id", kind: "left")` joins tables by one column or a list of them, by default those that both have.
    """,
    example: #"join(("x", "y", "z"), "-")  # x-y-z"#
  ) { a, c in
    if case .object(let object) = a[0] { return try joinObject(object, &a, c) }
    let separator = try a.string(1)
    var text = ""
    var length = 0
    for (position, item) in try a.items(0).enumerated() {
      guard case .string(let part) = item else {
        throw RuntimeError(
          .type, "`join` wants a list of strings, and element \(position) is \(item.kindText)",
          hint: "write xs.map(str).join(…)")
      }
      length += part.text.utf8.count + (position > 0 ? separator.utf8.count : 0)
      try checkLength(ofText: length)
      if position > 0 { text += separator }
      text += part.text
    }
    return .text(text)
  }

  catalogue.add(
    "replace", "(text, old, new)", .strings, "The text with every `old` replaced by `new`.",
    example: #"replace("banana", "an", "AN")  # bANANa"#
  ) { a, _ in
    let (text, old, new) = (try a.string(0), try a.string(1), try a.string(2))
    if old.isEmpty { throw RuntimeError(.value, "`replace` wants a text to look for, and `old` is empty") }
    let pieces = try TextSearch(for: old).pieces(of: text)
    let replaced = (pieces.count - 1).multipliedReportingOverflow(by: new.utf8.count)
    try checkLength(ofText: replaced.overflow ? .max : text.utf8.count &+ replaced.partialValue)
    return .text(pieces.joined(separator: new))
  }

  catalogue.add(
    "contains", "(xs, item)", .strings,
    "True where a text holds another, a list an equal element, a record a field of that name.",
    example: #"contains("banana", "nan")  # true"#
  ) { a, _ in
    switch a[0] {
    case .string(let text):
      let part = try a.string(1)
      return .bool(TextSearch(for: part).first(in: text.text) != nil)
    case .record(let record): return .bool(record.position(of: try a.string(1)) != nil)
    default:
      let wanted = a[1]
      return .bool(try a.items(0).contains { $0.isEqual(to: wanted) })
    }
  }

  catalogue.add(
    "starts_with", "(text, start)", .strings, "True where the text begins with `start`.",
    example: #"starts_with("banana", "ban")  # true"#
  ) { a, _ in .bool(try Array(a.string(0)).starts(with: Array(a.string(1)))) }

  catalogue.add(
    "ends_with", "(text, end)", .strings, "True where the text ends with `end`.",
    example: #"ends_with("banana", "na")  # true"#
  ) { a, _ in .bool(try Array(a.string(0).reversed()).starts(with: Array(a.string(1).reversed()))) }

  catalogue.add(
    "find", "(text, part)", .strings,
    "The position of the first character of `part` in the text; none where it does not occur.",
    example: #"find("banana", "n")  # 2"#
  ) { a, _ in
    let text = try a.string(0)
    guard let position = TextSearch(for: try a.string(1)).first(in: text) else { return .none }
    let start = text.utf8.index(text.startIndex, offsetBy: position)
    return .number(Double(text.distance(from: text.startIndex, to: start)))
  }

  catalogue.add(
    "chars", "(text)", .strings, "The characters of a text, as a list.", example: #"chars("héy")  # ("h", "é", "y")"#
  ) { a, _ in
    let text = try a.string(0)
    try checkLength(ofList: text.utf8.count)
    return .items(text.map { .text(String($0)) })
  }

  catalogue.add(
    "lines", "(text)", .strings,
    "The lines of a text, without their ends, as a list. A line end at the very end of the text does not begin a line.",
    example: #"lines("one\ntwo")  # ("one", "two")"#
  ) { a, _ in
    var parts = try a.string(0).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if parts.last?.isEmpty == true { parts.removeLast() }
    return .items(parts.map { .text(String($0)) })
  }

  catalogue.add(
    "pad_left", "(text, width, fill = \" \")", .strings,
    "The text with `fill` put before it until it has `width` characters.", example: #"pad_left("7", 3, "0")  # 007"#
  ) { a, _ in
    let text = try a.string(0)
    return .text(try padding(for: text, &a) + text)
  }

  catalogue.add(
    "pad_right", "(text, width, fill = \" \")", .strings,
    "The text with `fill` put after it until it has `width` characters.", example: #"pad_right("7", 3, ".")  # 7.."#
  ) { a, _ in
    let text = try a.string(0)
    return .text(try text + padding(for: text, &a))
  }

  catalogue.add(
    "number", "(text)", .strings,
    """
    The number that a text writes, or the value of a single-element tensor.

    Numbers are written as in a program: `2.5`, `1e-3`, `-7`, also `inf` and `nan`. Anything else is a value error.
    """, example: #"number("2.5") + 1  # 3.5"#
  ) { a, _ in
    switch a[0] {
    case .number: return a[0]
    case .bool(let value): return .number(value ? 1 : 0)
    case .string(let text):
      let trimmed = text.text.filter { !$0.isWhitespace && $0 != "_" }
      guard let first = trimmed.first, first != "+" || trimmed.count > 1, let value = Double(trimmed),
        !trimmed.lowercased().contains("x"), !trimmed.lowercased().hasPrefix("nan(")
      else { throw RuntimeError(.value, "`number` cannot read \(a[0].text(.nested)) as a number") }
      return .number(value)
    default:
      if let flag = a[0].asBool { return .number(flag ? 1 : 0) }
      return .number(try a.number(0))
    }
  }

  catalogue.add(
    "str", "(x)", .strings,
    "The text of a value; numbers carry every digit, so that `number(str(x))` is `x`.",
    example: "str(1 / 3)  # 0.3333333333333333"
  ) { a, _ in .text(try a[0].fullText()) }

  catalogue.add(
    "format", "(x, specification)", .strings,
    """
    The value as text in a given form: what `"{x:…}"` writes.

    The specification is `[[fill]align][sign][0][width][,][.precision][type]` with the types `d e f g x % s`.
    """, example: #"format(pi, ".2f")  # 3.14"#
  ) { a, _ in .text(try FormatSpecification(a.string(1)).text(a[0])) }
}

/// - Throws: a value error where a string would have more bytes than it may.
private func checkLength(ofText bytes: Int) throws {
  guard bytes <= LanguageLimits.maximumStringLength else {
    throw RuntimeError(
      .value,
      "the text would have \(bytes == .max ? "far too many" : "\(bytes)") bytes: at most "
        + "\(LanguageLimits.maximumStringLength) fit")
  }
}

private func padding(for text: String, _ a: inout BoundArguments) throws -> String {
  let width = try a.integer(1, in: 0...10_000_000)
  let fill = try a.string(2)
  guard fill.count == 1 else {
    throw RuntimeError(
      .value, "`\(a.signature.function)` wants one character to fill with, and `fill` has \(fill.count)")
  }
  return String(repeating: fill, count: max(0, width - text.count))
}
