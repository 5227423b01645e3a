/// A record's storage: fields in order, found by name; shared until changed.
///
/// The names live in a shape, which records made by the same expression share.
public final class RecordValue {
  var shape: RecordShape
  public internal(set) var values: ContiguousArray<Value>

  public init() {
    shape = RecordShape()
    values = []
  }

  public init(_ fields: [(String, Value)]) {
    shape = RecordShape()
    values = []
    for (name, value) in fields { set(name, value) }
  }

  public init(copying other: RecordValue) {
    shape = other.shape
    values = other.values
  }

  init(shape: RecordShape, values: ContiguousArray<Value>) {
    self.shape = shape
    self.values = values
  }

  deinit {
    if !values.isEmpty { DeferredRelease.release(&values) }
  }

  public var count: Int { values.count }

  /// The fields' names, in order.
  public var names: [String] { shape.keys.map(\.text) }

  public func name(at position: Int) -> String { shape.keys[position].text }

  public func position(of name: String) -> Int? { position(of: StringValue(name)) }

  func position(of key: StringValue) -> Int? {
    let position = shape.find(key)
    return position < 0 ? nil : position
  }

  public subscript(name: String) -> Value? { position(of: name).map { values[$0] } }

  public func value(at position: Int) -> Value { values[position] }

  /// Changes a field or adds it at the end.
  public func set(_ name: String, _ value: Value) { set(StringValue(name), value) }

  func set(_ key: StringValue, _ value: Value) {
    let position = shape.find(key)
    if position >= 0 {
      values[position] = value
    } else {
      if !isKnownUniquelyReferenced(&shape) { shape = RecordShape(shape.keys) }
      shape.append(key)
      values.append(value)
    }
  }

  public func set(at position: Int, _ value: Value) { values[position] = value }

  public func remove(_ name: String) {
    guard let position = position(of: name) else { return }
    var keys = shape.keys
    keys.remove(at: position)
    shape = RecordShape(keys)
    values.remove(at: position)
  }
}

/// The names of a record's fields, in order. A few are searched one by one; many have a hash table.
final class RecordShape {
  // The properties are read through `ShapeObject`.
  /// Another number for each set of names: what a member site compares.
  private var identity: Int
  private(set) var keys: ContiguousArray<StringValue>
  /// Positions + 1, at the place that the hash says or after it; 0 is free. Empty while there are few keys.
  private var table: ContiguousArray<Int32> = []
  private static let searchedUpTo = 8

  nonisolated(unsafe) private static var identities = 0

  private static func nextIdentity() -> Int {
    identities += 1
    return identities
  }

  init(_ keys: ContiguousArray<StringValue> = []) {
    identity = RecordShape.nextIdentity()
    self.keys = keys
    if keys.count > RecordShape.searchedUpTo { rebuild() }
  }

  nonisolated(unsafe) private static var sharedShapes: [[ObjectIdentifier]: RecordShape] = [:]
  /// Records of more fields are made by few literals, and their lists of names are long.
  private static let sharedUpTo = 64

  /// One shape for all literals whose keys are the same strings, so that members of records from different places are
  /// found alike. Whoever holds one never changes it: it is never held once only.
  static func shared(_ keys: ContiguousArray<StringValue>) -> RecordShape {
    guard keys.count <= sharedUpTo else { return RecordShape(keys) }
    // The shapes keep the strings, so no other string comes to have the address of one.
    let names = keys.map { ObjectIdentifier($0) }
    if let shape = sharedShapes[names] { return shape }
    let shape = RecordShape(keys)
    sharedShapes[names] = shape
    return shape
  }

  /// Finds a key for a member site, which remembers it.
  func find(_ site: MemberSite) -> Int {
    let position = find(site.key)
    if position >= 0 { site.remember(identity, position) }
    return position
  }

  /// The position of a key, or -1. Most keys are found by their address, without looking at the text.
  func find(_ key: StringValue) -> Int {
    let wanted = UnsafeRawPointer(Unmanaged.passUnretained(key).toOpaque())
    return keys.withUnsafeBytes { bytes in
      let addresses = bytes.bindMemory(to: UnsafeRawPointer.self)
      if table.isEmpty {
        for index in addresses.indices where addresses[index] == wanted { return index }
        for index in keys.indices where keys[index].isSame(key) { return index }
        return -1
      }
      return table.withUnsafeBufferPointer { table in
        let mask = table.count - 1
        var place = key.hash & mask
        while true {
          let entry = Int(table[place])
          if entry == 0 { return -1 }
          if addresses[entry - 1] == wanted || keys[entry - 1].isSame(key) { return entry - 1 }
          place = (place + 1) & mask
        }
      }
    }
  }

  /// Adds a key that is not there, to a shape that nothing else holds.
  func append(_ key: StringValue) {
    keys.append(key)
    identity = RecordShape.nextIdentity()
    if table.isEmpty {
      if keys.count > RecordShape.searchedUpTo { rebuild() }
    } else if keys.count * 2 > table.count {
      rebuild()
    } else {
      enter(keys.count - 1)
    }
  }

  private func rebuild() {
    var size = 32
    while size < keys.count * 3 { size *= 2 }
    table = ContiguousArray(repeating: 0, count: size)
    for index in keys.indices { enter(index) }
  }

  private func enter(_ index: Int) {
    let mask = table.count - 1
    var place = keys[index].hash & mask
    while table[place] != 0 { place = (place + 1) & mask }
    table[place] = Int32(truncatingIfNeeded: index + 1)
  }
}
