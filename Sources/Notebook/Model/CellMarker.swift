import FileFormats

/// The line that begins a cell in the percent format: `# %% Title [markdown] tags=["a", "b"] name="value"`.
struct CellMarker: Equatable {
  var kind: Cell.Kind = .code
  var title = ""
  var tags: [String] = []
  var metadata: [JSONField] = []

  static let sign = "# %%"

  /// True where a line is a marker.
  static func isMarker(_ line: Substring) -> Bool {
    guard line.hasPrefix(sign) else { return false }
    let rest = line.dropFirst(sign.count)
    return rest.isEmpty || rest.first == " " || rest.first == "\t"
  }

  init() {}

  init(line: Substring) {
    var rest = line.dropFirst(Self.sign.count)[...]
    takeFields(&rest)
    var words = rest.split(whereSeparator: { $0 == " " || $0 == "\t" })
    for (word, kind) in [("[markdown]", Cell.Kind.markdown), ("[md]", .markdown), ("[raw]", .raw)] {
      guard self.kind == .code, let place = words.firstIndex(where: { $0 == word }) else { continue }
      self.kind = kind
      words.remove(at: place)
    }
    title = words.joined(separator: " ")
  }

  /// Takes `name=value` pairs, whose values are JSON, from the end of the line.
  private mutating func takeFields(_ rest: inout Substring) {
    var fields: [JSONField] = []
    var search = rest.startIndex
    while let equals = rest[search...].firstIndex(of: "=") {
      let start = rest[..<equals].lastIndex { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == ".") }
      let nameStart = start.map { rest.index(after: $0) } ?? rest.startIndex
      if nameStart < equals, let found = Self.fields(rest[nameStart...]) {
        fields = found
        rest = rest[..<nameStart]
        break
      }
      search = rest.index(after: equals)
    }
    for field in fields {
      if field.name == "tags", case .array(let elements) = field.value {
        tags = elements.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
      } else {
        metadata.append(field)
      }
    }
  }

  /// The pairs that make up a whole text, or nil where it is not made of pairs alone.
  private static func fields(_ text: Substring) -> [JSONField]? {
    var fields: [JSONField] = []
    var rest = text.drop { $0 == " " }
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let name = String(rest[..<equals])
      guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "." }) else {
        return nil
      }
      let value = rest[rest.index(after: equals)...]
      // The value is the shortest text that is JSON and ends before a space.
      var end = value.startIndex
      var found: JSON?
      while end < value.endIndex {
        end = value[value.index(after: end)...].firstIndex(of: " ") ?? value.endIndex
        if let json = try? JSON.parse(String(value[..<end])) {
          found = json
          break
        }
      }
      guard let found else { return nil }
      fields.append(JSONField(name, found))
      rest = value[end...].drop { $0 == " " }
    }
    return fields
  }

  /// The line of a cell.
  static func line(of cell: Cell) -> String {
    var line = sign
    if !cell.title.isEmpty { line += " " + cell.title.split(whereSeparator: \.isNewline).joined(separator: " ") }
    if cell.kind != .code { line += " [\(cell.kind.rawValue)]" }
    var fields = cell.metadata
    if !cell.tags.isEmpty { fields.insert(JSONField("tags", .array(cell.tags.map { .string($0) })), at: 0) }
    for field in fields { line += " \(field.name)=\(spaced(field.value))" }
    return line
  }

  /// JSON on one line; lists of words with a space after each comma, as people write them.
  private static func spaced(_ value: JSON) -> String {
    guard case .array(let elements) = value else { return value.text() }
    return "[" + elements.map { $0.text() }.joined(separator: ", ") + "]"
  }
}
