/// Pieces of HTML.
enum HTMLWriter {
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// A picture as an address that holds it (RFC 2397), so that the page stays one file and identifiers stay apart.
  static func dataAddress(svg: String) -> String {
    var result = "data:image/svg+xml,"
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in svg.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
        UInt8(ascii: "="),
        UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    result += String(decoding: bytes, as: UTF8.self)
    return result
  }

  /// True where every value of a column is a number or missing.
  static func isNumeric(column: Int, _ rows: some Sequence<[String]>) -> Bool {
    var hasNumber = false
    for row in rows where column < row.count {
      let text = row[column]
      if text.isEmpty || text == "…" || text == "nan" || text == "none" { continue }
      guard Double(text) != nil else { return false }
      hasNumber = true
    }
    return hasNumber
  }

  /// Rows with a header as a table; numbers stand to the right.
  static func table(_ rows: [[String]]) -> String {
    guard let header = rows.first else { return "" }
    let classes = header.indices.map { isNumeric(column: $0, rows.dropFirst()) ? " class=\"number\"" : "" }
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + cells.enumerated().map { "<\(tag)\($0 < classes.count ? classes[$0] : "")>\(escaped($1))</\(tag)>" }.joined()
        + "</tr>"
    }
    let body = rows.dropFirst().map { row($0, "td") }.joined(separator: "\n")
    return "<table>\n<thead>\(row(header, "th"))</thead>\n<tbody>\n\(body)\n</tbody>\n</table>"
  }

  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  private static let style = """
    :root { color-scheme: light dark; --text: #1b1f24; --ground: #ffffff; --code: #f5f6f8; --line: #d8dde3; --soft: #59636e; --bad: #b3261e; }
    @media (prefers-color-scheme: dark) { :root { --text: #e3e6ea; --ground: #15181c; --code: #1e2329; --line: #343b43; --soft: #9aa4af; --bad: #ff8a80; } }
    body { margin: 0; background: var(--ground); color: var(--text); font: 17px/1.55 system-ui, sans-serif; }
    main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1, h2, h3, h4 { line-height: 1.25; margin: 1.8em 0 0.6em; }
    h1 { margin-top: 0; }
    pre { overflow-x: auto; padding: 0.7rem 0.9rem; border-radius: 6px; font: 14px/1.5 ui-monospace, monospace; margin: 0.6rem 0; }
    code { font-family: ui-monospace, monospace; font-size: 0.9em; }
    pre.code { background: var(--code); }
    pre.output { border-left: 3px solid var(--line); border-radius: 0; }
    pre.error { color: var(--bad); border-left: 3px solid var(--bad); border-radius: 0; }
    p.title { font-weight: 600; margin-bottom: 0.2rem; }
    p.note { color: var(--soft); }
    table { border-collapse: collapse; margin: 0.8rem 0; font-size: 0.93em; }
    th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; }
    th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
    img { max-width: 100%; height: auto; }
    blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
    """
}
