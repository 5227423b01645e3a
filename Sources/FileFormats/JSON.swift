/// A JSON value. Objects keep the order of their fields.
public enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object(Fields)

  /// The fields of an object: ordered, each name once.
  public struct Fields: Equatable, Sendable {
    public private(set) var names: [String] = []
    private var values: [String: JSON] = [:]

    public init() {}

    /// Of two fields with the same name the last counts.
    public init(_ fields: [(String, JSON)]) {
      for (name, value) in fields { self[name] = value }
    }

    public var count: Int { names.count }

    /// The value of a field; nil where there is none. Setting nil removes it.
    public subscript(name: String) -> JSON? {
      get { values[name] }
      set {
        if let newValue {
          if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
        } else if values.removeValue(forKey: name) != nil {
          names.removeAll { $0 == name }
        }
      }
    }

    /// Names and values, in order.
    public var pairs: [(name: String, value: JSON)] {
      names.compactMap { name in values[name].map { (name, $0) } }
    }

    /// The order of fields does not count.
    public static func == (left: Fields, right: Fields) -> Bool { left.values == right.values }
  }

  /// An object from names and values.
  public static func fields(_ fields: KeyValuePairs<String, JSON>) -> JSON {
    .object(Fields(fields.map { ($0.key, $0.value) }))
  }
}

extension JSON {
  /// A field of an object, or nil.
  public subscript(name: String) -> JSON? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  /// An element of an array, or nil.
  public subscript(index: Int) -> JSON? {
    if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
  }

  /// The number, or nil where this is none.
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The number as an integer, or nil where this is none or has a fraction.
  public var integer: Int? { number.flatMap { Int(exactly: $0) } }
  /// The text, or nil where this is none.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, or nil where this is none.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements, or nil where this is no array.
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  /// The fields, or nil where this is no object.
  public var object: Fields? { if case .object(let value) = self { value } else { nil } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Fields(elements)) }
  public init(nilLiteral: ()) { self = .null }
}
