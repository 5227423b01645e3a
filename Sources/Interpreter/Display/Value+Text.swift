import Tensors

extension Value {
  /// How the value is shown: by `print`, inside a list, as a cell's value.
  public func text(_ style: DisplayStyle) -> String {
    var writer = ValueWriter(isFull: false)
    writer.write(self, style)
    return writer.text
  }

  /// All digits, as `str(x)` gives them.
  /// - Throws: a value error where the text is longer than the text of a value may be.
  public func fullText() throws -> String {
    var writer = ValueWriter(isFull: true)
    writer.write(self, .printed)
    if writer.isCut {
      throw RuntimeError(
        .value, "the text of this \(typeName) is too long: more than \(LanguageLimits.maximumDisplayLength) bytes")
    }
    return writer.text
  }

  /// The value in a message: its text, cut where it is long.
  public var shortText: String {
    let limit = 60
    var writer = ValueWriter(isFull: false, maximumLength: limit)
    writer.write(self, .nested)
    let text = writer.text
    guard text.utf8.count > limit || text.contains("\n") else { return text }
    return kindText
  }
}

/// A value in a message: its text where that is short, else what it is.
public func shortText(_ value: Value) -> String { value.shortText }

/// Writes values as text. Keeps the containers it is inside of in a list, so that depth costs no stack.
struct ValueWriter {
  private(set) var text = ""
  private let isFull: Bool
  private let maximumLength: Int
  /// True where the text was longer than it may be: the rest is left out. A value whose parts share others can be
  /// longer than any memory.
  private(set) var isCut = false
  private var open: ContiguousArray<Container> = []

  private struct Container {
    let value: Value
    var next = 0
  }

  init(isFull: Bool, maximumLength: Int? = nil) {
    self.isFull = isFull
    self.maximumLength = maximumLength ?? LanguageLimits.maximumDisplayLength
  }

  mutating func write(_ value: Value, _ style: DisplayStyle) {
    begin(value, style)
    while !open.isEmpty {
      if text.utf8.count > maximumLength {
        text += "…"
        isCut = true
        return
      }
      let last = open.count - 1
      switch open[last].value {
      case .list(let list): step(list, last)
      case .record(let record): step(record, last)
      default: open.removeLast()
      }
    }
  }

  private mutating func step(_ list: ListValue, _ last: Int) {
    let next = open[last].next
    guard next < list.items.count else {
      text += list.items.count == 1 ? ",)" : ")"
      open.removeLast()
      return
    }
    open[last].next += 1
    if next > 0 { text += ", " }
    begin(list.items[next], .nested)
  }

  private mutating func step(_ record: RecordValue, _ last: Int) {
    let next = open[last].next
    guard next < record.count else {
      text += "}"
      open.removeLast()
      return
    }
    open[last].next += 1
    if next > 0 { text += ", " }
    text += ValueWriter.fieldName(record.name(at: next))
    text += ": "
    begin(record.value(at: next), .nested)
  }

  /// Writes a simple value; opens a container.
  private mutating func begin(_ value: Value, _ style: DisplayStyle) {
    switch value {
    case .none: text += "none"
    case .bool(let bool): text += bool ? "true" : "false"
    case .number(let number): text += isFull ? NumberText.full(number) : NumberText.short(number)
    case .string(let string): text += style == .nested ? ValueWriter.quoted(string.text) : string.text
    case .tensor(let tensor): text += TensorText.text(tensor, style: style, isFull: isFull)
    case .range(let range): text += ValueWriter.rangeText(range)
    case .function(let function): text += function.displayText
    case .object(let object): text += object.text(style)
    case .list, .record:
      let isList = if case .list = value { true } else { false }
      if open.count >= LanguageLimits.maximumDisplayDepth, !isFull {
        text += isList ? "(…)" : "{…}"
        return
      }
      text += isList ? "(" : "{"
      open.append(Container(value: value))
    }
  }

  private static func rangeText(_ range: RangeValue) -> String {
    let bounds = [range.start, range.stop].map(NumberText.short)
    if range.step == 1, range.start == 0 { return "range(\(bounds[1]))" }
    if range.step == 1 { return "range(\(bounds[0]), \(bounds[1]))" }
    return "range(\(bounds[0]), \(bounds[1]), \(NumberText.short(range.step)))"
  }

  /// A string as it is written in a program.
  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case "{": out += "\\{"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          out += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out + "\""
  }

  private static let keywords: Set<String> = [
    "let", "var", "fn", "return", "if", "else", "for", "in", "while", "break", "continue", "import", "as", "try",
    "catch",
    "and", "or", "not", "true", "false", "none",
  ]

  /// A field's name, quoted where it is no name.
  static func fieldName(_ name: String) -> String {
    let isName =
      !name.isEmpty && !keywords.contains(name)
      && name.unicodeScalars.enumerated().allSatisfy { index, scalar in
        scalar == "_" || scalar.properties.isAlphabetic || index > 0 && scalar.properties.numericType != nil
      }
    return isName ? name : quoted(name)
  }
}
