/// The inside of a line of Markdown: emphasis, code, links, pictures.
struct InlineRenderer {
  /// How deep emphasis and links are nested; deeper ones are shown as text.
  private static let maximumDepth = 6
  private let depth: Int
  /// Marks that do not occur any more: each is looked for in vain only once, so a long text takes time in proportion.
  private var exhausted: Set<Substring> = []

  static func html(_ text: Substring, depth: Int = 0) -> String {
    var renderer = InlineRenderer(depth: depth)
    return renderer.html(text)
  }

  private init(depth: Int) { self.depth = depth }

  /// Marks that stand around a text, longest first.
  private static let marks: [(mark: String, tag: String)] = [
    ("**", "strong"), ("__", "strong"), ("*", "em"), ("_", "em"), ("~~", "del"),
  ]

  private mutating func html(_ text: Substring) -> String {
    var result = ""
    var plain = ""
    var rest = text
    var before: Character = " "
    func flush() {
      result += HTMLWriter.escaped(plain)
      plain = ""
    }
    while let character = rest.first {
      if character == "\\", let next = rest.dropFirst().first, next.isASCII, next.isPunctuation || next.isSymbol {
        plain.append(next)
        rest = rest.dropFirst(2)
        before = next
        continue
      }
      if depth < Self.maximumDepth, let (piece, end) = element(at: rest, before: before) {
        flush()
        result += piece
        before = rest[..<end].last ?? " "
        rest = rest[end...]
        continue
      }
      plain.append(character)
      before = character
      rest = rest.dropFirst()
    }
    flush()
    return result
  }

  /// An element that begins here, and where it ends.
  private mutating func element(at text: Substring, before: Character) -> (String, Substring.Index)? {
    switch text.first {
    case "`": return code(text)
    case "$": return formula(text)
    case "!" where text.dropFirst().first == "[":
      guard let link = link(text.dropFirst()), isSafe(link.address) else { return nil }
      return (
        "<img alt=\"\(HTMLWriter.escaped(String(link.text)))\" src=\"\(HTMLWriter.escaped(link.address))\">", link.end
      )
    case "[":
      guard let link = link(text), isSafe(link.address) else { return nil }
      return ("<a href=\"\(HTMLWriter.escaped(link.address))\">\(Self.html(link.text, depth: depth + 1))</a>", link.end)
    case "*", "_", "~": return emphasis(text, before: before)
    default: return nil
    }
  }

  private mutating func code(_ text: Substring) -> (String, Substring.Index)? {
    let mark = text.prefix { $0 == "`" }
    guard let end = find(mark, in: text.dropFirst(mark.count)) else { return nil }
    let inner = text[mark.endIndex..<end]
    return ("<code>\(HTMLWriter.escaped(String(inner)))</code>", text.index(end, offsetBy: mark.count))
  }

  /// `$…$` and `$$…$$` are left alone: what stands in them is no Markdown.
  private mutating func formula(_ text: Substring) -> (String, Substring.Index)? {
    let mark = text.hasPrefix("$$") ? text.prefix(2) : text.prefix(1)
    let body = text.dropFirst(mark.count)
    guard let first = body.first, !first.isWhitespace || mark.count == 2, let end = find(mark, in: body) else {
      return nil
    }
    let last = text.index(end, offsetBy: mark.count)
    return (HTMLWriter.escaped(String(text[..<last])), last)
  }

  private mutating func emphasis(_ text: Substring, before: Character) -> (String, Substring.Index)? {
    for (mark, tag) in Self.marks where text.hasPrefix(mark) {
      let body = text.dropFirst(mark.count)
      guard let first = body.first, !first.isWhitespace, let end = find(mark[...], in: body), end > body.startIndex
      else { continue }
      guard let last = body[..<end].last, !last.isWhitespace else { continue }
      let after = text.index(end, offsetBy: mark.count)
      if mark.first == "_",
        before.isLetter || before.isNumber || (after < text.endIndex && (text[after].isLetter || text[after].isNumber))
      {
        continue
      }
      return ("<\(tag)>\(Self.html(body[..<end], depth: depth + 1))</\(tag)>", after)
    }
    return nil
  }

  private mutating func find(_ mark: Substring, in text: Substring) -> Substring.Index? {
    guard !exhausted.contains(mark) else { return nil }
    var rest = text
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return rest.startIndex }
      rest = rest.dropFirst()
    }
    exhausted.insert(mark)
    return nil
  }

  /// `[text](address)`
  private mutating func link(_ text: Substring) -> (text: Substring, address: String, end: Substring.Index)? {
    guard let close = find("]", in: text.dropFirst()) else { return nil }
    let after = text[text.index(after: close)...]
    guard after.first == "(", let end = find(")", in: after.dropFirst()) else { return nil }
    let address = after[after.index(after: after.startIndex)..<end].prefix { $0 != " " }
    return (text[text.index(after: text.startIndex)..<close], String(address), text.index(after: end))
  }

  /// Addresses that run programs are no links.
  private func isSafe(_ address: String) -> Bool {
    guard let colon = address.firstIndex(of: ":") else { return true }
    let scheme = address[..<colon].lowercased()
    return ["http", "https", "mailto", "ftp"].contains(scheme) || scheme.contains("/") || scheme.contains("#")
  }
}
