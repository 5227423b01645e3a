// The machine-readable form of a diagnostic, one object a line: what `glia check --format json` prints.

extension Diagnostic {
  /// One JSON object: file, line, column, end_line, end_column, cell, severity, kind, message, hint and calls.
  public var json: String {
    var fields: [(String, String)] = []
    if let location {
      let start = location.source.position(of: location.span.start)
      let end = location.source.position(of: max(location.span.start, location.span.end))
      fields += [
        ("file", jsonString(location.source.name)), ("line", "\(start.line)"), ("column", "\(start.column)"),
        ("end_line", "\(end.line)"), ("end_column", "\(end.column)"),
        ("cell", location.source.label.map(jsonString) ?? "null"),
      ]
    } else {
      fields += ["file", "line", "column", "end_line", "end_column", "cell"].map { ($0, "null") }
    }
    fields += [
      ("severity", jsonString(severity.rawValue)), ("kind", jsonString(kind.rawValue)),
      ("message", jsonString(message)),
      ("hint", hints.isEmpty ? "null" : jsonString(hints.joined(separator: "\n"))),
      ("calls", "[" + callNotes().map(jsonString).joined(separator: ", ") + "]"),
    ]
    return "{" + fields.map { "\(jsonString($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
  }
}

/// A text as a JSON string (RFC 8259).
func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
