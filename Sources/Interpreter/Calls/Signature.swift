/// The parameters of a function; of a built-in, parsed from text when first needed, so that four hundred of them cost
/// nothing at start-up.
public final class Signature {
  public struct Parameter {
    public let name: String
    /// Nil where there is none, or where it is computed at each call (functions of the language).
    public let defaultValue: Value?
    /// The default as written.
    public let defaultText: String?
    public let isRest: Bool

    public init(name: String, defaultValue: Value? = nil, defaultText: String? = nil, isRest: Bool = false) {
      self.name = name
      self.defaultValue = defaultValue
      self.defaultText = defaultText
      self.isRest = isRest
    }

    public var isRequired: Bool { defaultText == nil && !isRest }
  }

  /// The function's name as messages show it; empty where it has none.
  public let function: String
  /// `(x, axis = none)`.
  public let text: String
  public private(set) lazy var parameters: [Parameter] = Signature.parse(text)

  public init(function: String, text: String) {
    self.function = function
    self.text = text
  }

  init(function: String, parameters: [Parameter]) {
    self.function = function
    let parts = parameters.map { parameter in
      if parameter.isRest { return "...\(parameter.name)" }
      return parameter.defaultText.map { "\(parameter.name) = \($0)" } ?? parameter.name
    }
    self.text = "(\(parts.joined(separator: ", ")))"
    self.parameters = parameters
  }

  /// How many positional arguments need no arranging: one for each parameter; -1 where there is a rest parameter.
  private(set) lazy var plainCount: Int = parameters.contains(where: \.isRest) ? -1 : parameters.count

  /// `area(width, height)`.
  public var fullText: String { function + text }

  /// Where a parameter stands, by name.
  public func position(of name: String) -> Int? { parameters.firstIndex { $0.name == name } }

  // MARK: From text

  static func parse(_ text: String) -> [Parameter] {
    var inside = Substring(text)
    if inside.first == "(" { inside.removeFirst() }
    if inside.last == ")" { inside.removeLast() }
    return split(inside).map(parameter)
  }

  private static func parameter(_ part: Substring) -> Parameter {
    let part = trimmed(part)
    if part.hasPrefix("...") { return Parameter(name: String(part.dropFirst(3)), isRest: true) }
    guard let equals = part.firstIndex(of: "=") else { return Parameter(name: String(part)) }
    let written = trimmed(part[part.index(after: equals)...])
    return Parameter(
      name: String(trimmed(part[..<equals])), defaultValue: literal(written), defaultText: String(written))
  }

  /// The value of a literal; a default that is no literal (`glorot_uniform()`) stands for none: the body knows it.
  private static func literal(_ text: Substring) -> Value {
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "none": return .none
    case "inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan": return .number(.nan)
    case "pi": return .number(.pi)
    default: break
    }
    if text.first == "\"", text.last == "\"", text.count >= 2 { return .text(String(text.dropFirst().dropLast())) }
    if text.first == "(", text.last == ")" {
      return .items(split(text.dropFirst().dropLast()).map { literal(trimmed($0)) })
    }
    if let first = text.first, first.isNumber || first == "-" || first == ".",
      let number = Double(first == "." ? "0" + String(text) : String(text))
    {
      return .number(number)
    }
    return .none
  }

  /// The parts between commas that are in no parentheses and no quotes.
  private static func split(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var isQuoted = false
    var start = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if character == ",", depth == 0 {
          parts.append(text[start..<index])
          start = text.index(after: index)
        }
      }
      index = text.index(after: index)
    }
    parts.append(text[start...])
    return parts.filter { !trimmed($0).isEmpty }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
