import Tensors

/// Plain data, as in JSON: how structure is written to files.
public indirect enum ConfigValue: Equatable {
  case none
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([ConfigValue])
  case record([Field])

  /// A field of a record; records keep their order.
  public struct Field: Equatable {
    public let name: String
    public let value: ConfigValue
    public init(_ name: String, _ value: ConfigValue) {
      self.name = name
      self.value = value
    }
  }

  public subscript(name: String) -> ConfigValue? {
    guard case .record(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }

  var textValue: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  var numberValue: Double? {
    if case .number(let number) = self { return number }
    return nil
  }

  var items: [ConfigValue]? {
    if case .list(let items) = self { return items }
    return nil
  }

  /// Whole sizes of a shape; nil for anything else.
  var sizes: [Int]? {
    guard let items else { return nil }
    let sizes = items.compactMap { item in item.numberValue.flatMap { Int(exactly: $0) } }
    return sizes.count == items.count && sizes.allSatisfy { $0 >= 0 && $0 < 1 << 40 } ? sizes : nil
  }

  static func sizes(_ shape: Shape) -> ConfigValue { .list(shape.map { .number(Double($0)) }) }
}
