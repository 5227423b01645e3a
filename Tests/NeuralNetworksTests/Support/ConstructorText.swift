import NeuralNetworks
import Testing

/// Reads the constructors in golden cases: `dense(4, activation: relu) >> flatten()`. Not a parser of the language.
struct ConstructorText {
  indirect enum Expression {
    case setting(Setting)
    case name(String)
    case call(String, [Expression], [(String, Expression)])
    case apply(Expression, [Expression])
    case list([Expression])
    case chain([Expression])
  }

  private var rest: Substring

  static func parse(_ text: String) throws -> Expression {
    var reader = ConstructorText(rest: text[...])
    let result = try reader.chain()
    try #require(reader.rest.isEmpty, "cannot read \(text)")
    return result
  }

  /// A layer of the text.
  static func layer(_ text: String) throws -> Layer {
    guard case .layer(let layer) = try value(parse(text)) else { throw Unreadable(text: text) }
    return layer
  }

  struct Unreadable: Error { let text: String }

  private mutating func skip() { rest = rest.drop(while: \.isWhitespace) }
  private mutating func take(_ text: String) -> Bool {
    skip()
    guard rest.hasPrefix(text) else { return false }
    rest.removeFirst(text.count)
    skip()
    return true
  }

  private mutating func chain() throws -> Expression {
    var parts = [try postfix()]
    while take(">>") { parts.append(try postfix()) }
    return parts.count == 1 ? parts[0] : .chain(parts)
  }

  private mutating func postfix() throws -> Expression {
    var result = try primary()
    while take("(") { result = .apply(result, try arguments().positional) }
    return result
  }

  private mutating func primary() throws -> Expression {
    skip()
    if take("(") { return .list(try arguments().positional) }
    if take("\"") {
      let text = rest.prefix { $0 != "\"" }
      rest.removeFirst(text.count + 1)
      skip()
      return .setting(.text(String(text)))
    }
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-" }
    guard !word.isEmpty else { throw Unreadable(text: String(rest)) }
    rest.removeFirst(word.count)
    if let number = Double(word) { return .setting(.number(number)) }
    switch word {
    case "true": return .setting(.flag(true))
    case "false": return .setting(.flag(false))
    case "none": return .setting(.none)
    default: break
    }
    guard take("(") else { return .name(String(word)) }
    let (positional, named) = try arguments()
    return .call(String(word), positional, named)
  }

  private mutating func arguments() throws -> (positional: [Expression], named: [(String, Expression)]) {
    var positional: [Expression] = []
    var named: [(String, Expression)] = []
    while !take(")") {
      let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if !word.isEmpty, rest.dropFirst(word.count).hasPrefix(":") {
        rest.removeFirst(word.count + 1)
        named.append((String(word), try chain()))
      } else {
        positional.append(try chain())
      }
      _ = take(",")
    }
    return (positional, named)
  }

  // MARK: Values

  static func value(_ expression: Expression) throws -> Setting {
    switch expression {
    case .setting(let setting): return setting
    case .list(let items): return .list(try items.map(value))
    case .chain(let parts):
      let layers = try parts.map { part -> Layer in
        switch try value(part) {
        case .layer(let layer): return layer
        case .activation(let activation): return ActivationLayer(activation)
        default: throw Unreadable(text: "\(part)")
        }
      }
      return .layer(Sequential(layers))
    case .name(let name): return .activation(try activation(name))
    case .apply: throw Unreadable(text: "\(expression)")
    case .call(let name, let positional, let named):
      return try make(name, positional.map(value), named.map { ($0.0, try value($0.1)) })
    }
  }

  static func make(
    _ name: String, _ positional: [Setting], _ named: [(name: String, value: Setting)]
  ) throws -> Setting {
    if let item = Catalogue.layers.first(where: { $0.name == name }) { return .layer(try item.make(positional, named)) }
    if let item = Catalogue.activations.first(where: { $0.name == name }) {
      return .activation(try item.make(positional, named))
    }
    if let item = Catalogue.initializers.first(where: { $0.name == name }) {
      return .initializer(try item.make(positional, named))
    }
    if let item = Catalogue.regularizers.first(where: { $0.name == name }) {
      return .regularizer(try item.make(positional, named))
    }
    if let item = Catalogue.schedules.first(where: { $0.name == name }) {
      return .schedule(try item.make(positional, named))
    }
    throw Unreadable(text: name)
  }
}
