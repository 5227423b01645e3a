/// A record's storage: fields in order, found by name; shared until changed.
///
/// A small record is searched; a large one keeps an index.
public final class RecordValue {
  public private(set) var names: [String]
  public private(set) var values: ContiguousArray<Value>
  private var positions: [String: Int]?
  private static let indexedFrom = 9

  public init() {
    names = []
    values = []
  }

  public init(_ fields: [(String, Value)]) {
    names = []
    values = []
    for (name, value) in fields { set(name, value) }
  }

  public init(copying other: RecordValue) {
    names = other.names
    values = other.values
    positions = other.positions
  }

  deinit {
    if !values.isEmpty { DeferredRelease.release(&values) }
  }

  public var count: Int { names.count }

  public func position(of name: String) -> Int? {
    if names.count < RecordValue.indexedFrom { return names.firstIndex(of: name) }
    if positions == nil {
      positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
    return positions?[name]
  }

  public subscript(name: String) -> Value? { position(of: name).map { values[$0] } }

  public func value(at position: Int) -> Value { values[position] }

  /// Changes a field or adds it at the end.
  public func set(_ name: String, _ value: Value) {
    if let position = position(of: name) {
      values[position] = value
    } else {
      positions?[name] = names.count
      names.append(name)
      values.append(value)
    }
  }

  public func set(at position: Int, _ value: Value) { values[position] = value }

  public func remove(_ name: String) {
    guard let position = position(of: name) else { return }
    names.remove(at: position)
    values.remove(at: position)
    positions = nil
  }
}
