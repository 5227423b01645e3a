extension JSON {
  /// How a JSON text is laid out.
  public enum Layout: Sendable {
    /// On one line, without spaces.
    case compact
    /// One field or element a line, indented by this many spaces; arrays of plain values stay on one line.
    case indented(Int)
  }

  /// The JSON text: deterministic, numbers in full precision, not-a-number and infinities as `null`.
  public func text(_ layout: Layout = .compact) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The UTF-8 bytes of ``text(_:)``.
  public func utf8(_ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout: layout)
    writer.write(self, level: 0)
    return writer.bytes
  }
}

private struct JSONWriter {
  let layout: JSON.Layout
  var bytes: [UInt8] = []

  init(layout: JSON.Layout) { self.layout = layout }

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let value): bytes += (value.isFinite ? NumberText.shortest(value) : "null").utf8
    case .string(let text): write(text)
    case .array(let elements):
      let plain = elements.allSatisfy { !$0.isContainer }
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { separate(plain) }
        if !plain { newLine(level + 1) }
        write(element, level: level + 1)
      }
      if !plain { newLine(level) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let fields):
      bytes.append(UInt8(ascii: "{"))
      for (index, field) in fields.pairs.enumerated() {
        if index > 0 { separate(false) }
        newLine(level + 1)
        write(field.name)
        bytes.append(UInt8(ascii: ":"))
        if case .indented = layout { bytes.append(32) }
        write(field.value, level: level + 1)
      }
      if fields.count > 0 { newLine(level) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func separate(_ withSpace: Bool) {
    bytes.append(UInt8(ascii: ","))
    if withSpace, case .indented = layout { bytes.append(32) }
  }

  private mutating func newLine(_ level: Int) {
    guard case .indented(let width) = layout else { return }
    bytes.append(10)
    bytes += repeatElement(32, count: max(0, width) * level)
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 10: bytes += "\\n".utf8
      case 13: bytes += "\\r".utf8
      case 9: bytes += "\\t".utf8
      case 0..<32, 127: bytes += ("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSON {
  fileprivate var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
