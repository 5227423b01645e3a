import Diagnostics
import Tensors

/// Arguments bound to a built-in's parameters, with typed access that throws the user's error: which argument of which
/// function, what was wanted, what came.
public struct BoundArguments {
  public let signature: Signature
  public var values: ContiguousArray<Value>

  public init(signature: Signature, values: ContiguousArray<Value>) {
    self.signature = signature
    self.values = values
  }

  public subscript(position: Int) -> Value { values[position] }
  public var count: Int { values.count }

  /// The function's name, for messages.
  public var function: String { signature.function }

  public func isNone(_ position: Int) -> Bool { values[position].isNone }

  /// A parameter's name, for messages.
  public func name(_ position: Int) -> String {
    position < signature.parameters.count ? signature.parameters[position].name : "argument \(position + 1)"
  }

  /// `` `zeros` wants a whole number for `shape`, and got a string ``.
  public func mismatch(_ position: Int, wanted: String, hint: String? = nil) -> RuntimeError {
    mismatch(name(position), values[position], wanted: wanted, hint: hint)
  }

  public func mismatch(_ parameter: String, _ value: Value, wanted: String, hint: String? = nil) -> RuntimeError {
    RuntimeError(.type, "`\(function)` wants \(wanted) for `\(parameter)`, and got \(value.kindText)", hint: hint)
  }

  /// The argument taken out, so that its storage can be changed in place where nothing else holds it.
  public mutating func take(_ position: Int) -> Value {
    let value = values[position]
    values[position] = .none
    return value
  }
}

// MARK: Numbers, bools, text

extension BoundArguments {
  /// A number, or a 0-d tensor as one.
  public func number(_ position: Int) throws -> Double {
    if case .number(let number) = values[position] { return number }
    guard let number = values[position].asNumber else { throw mismatch(position, wanted: "a number") }
    return number
  }

  /// A number inside a range.
  public func number(_ position: Int, in range: ClosedRange<Double>) throws -> Double {
    let number = try number(position)
    guard range.contains(number) else {
      let bounds =
        range.upperBound == .infinity
        ? "of at least \(NumberText.short(range.lowerBound))"
        : "from \(NumberText.short(range.lowerBound)) to \(NumberText.short(range.upperBound))"
      throw RuntimeError(
        .value, "`\(function)` wants a number \(bounds) for `\(name(position))`, and got \(NumberText.short(number))")
    }
    return number
  }

  public func optionalNumber(_ position: Int) throws -> Double? { isNone(position) ? nil : try number(position) }

  /// A whole number inside a range.
  public func integer(_ position: Int, in range: ClosedRange<Int> = -9_007_199_254_740_992...9_007_199_254_740_992)
    throws
    -> Int
  {
    try integer(values[position], for: name(position), in: range)
  }

  /// An element of an argument as a whole number.
  public func integer(_ value: Value, for parameter: String, in range: ClosedRange<Int>) throws -> Int {
    guard let number = value.asNumber else { throw mismatch(parameter, value, wanted: "a whole number") }
    guard let whole = Int(exactly: number) else {
      throw RuntimeError(
        .value, "`\(function)` wants a whole number for `\(parameter)`, and got \(NumberText.short(number))")
    }
    guard range.contains(whole) else {
      let largest = 9_007_199_254_740_992
      let bounds =
        range.upperBound >= largest
        ? "of at least \(range.lowerBound)"
        : range.lowerBound <= -largest
          ? "of at most \(range.upperBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw RuntimeError(.value, "`\(function)` wants a whole number \(bounds) for `\(parameter)`, and got \(whole)")
    }
    return whole
  }

  public func optionalInteger(
    _ position: Int, in range: ClosedRange<Int> = -9_007_199_254_740_992...9_007_199_254_740_992
  ) throws -> Int? {
    isNone(position) ? nil : try integer(position, in: range)
  }

  /// A position in something of `count` elements: negative counts from the end.
  public func position(_ position: Int, count: Int) throws -> Int {
    let written = try integer(position)
    let place = written < 0 ? written + count : written
    guard place >= 0, place < count else {
      throw RuntimeError(
        .index, "`\(name(position))` of `\(function)` is \(written), and there are \(Wording.counted(count, "element"))"
      )
    }
    return place
  }

  public func boolean(_ position: Int) throws -> Bool {
    guard let bool = values[position].asBool else { throw mismatch(position, wanted: "true or false") }
    return bool
  }

  public func optionalBoolean(_ position: Int) throws -> Bool? { isNone(position) ? nil : try boolean(position) }

  public func string(_ position: Int) throws -> String {
    guard case .string(let string) = values[position] else { throw mismatch(position, wanted: "a string") }
    return string.text
  }

  public func optionalString(_ position: Int) throws -> String? { isNone(position) ? nil : try string(position) }

  /// One of a few words.
  public func choice(_ position: Int, _ choices: [String]) throws -> String {
    let list = Wording.alternatives(choices.map { "\"\($0)\"" })
    guard case .string(let string) = values[position] else { throw mismatch(position, wanted: list) }
    guard choices.contains(string.text) else {
      let meant = Suggestion.nearest(to: string.text, among: choices).map { "did you mean \"\($0)\"?" }
      throw RuntimeError(
        .value, "`\(function)` wants \(list) for `\(name(position))`, and got \"\(string.text)\"", hint: meant)
    }
    return string.text
  }
}

// MARK: Collections, functions

extension BoundArguments {
  public func list(_ position: Int) throws -> ListValue {
    guard case .list(let list) = values[position] else { throw mismatch(position, wanted: "a list") }
    return list
  }

  /// The elements of a list or a range.
  public func items(_ position: Int) throws -> ContiguousArray<Value> {
    switch values[position] {
    case .list(let list): return list.items
    case .range(let range): return try range.elements()
    default:
      throw mismatch(
        position, wanted: "a list",
        hint: {
          if case .tensor = values[position] { return "`list(…)` makes a list of a tensor's rows" } else { return nil }
        }())
    }
  }

  /// The elements of a list or a range, for changing: without a copy where nothing else holds the list.
  public mutating func takeItems(_ position: Int) throws -> ContiguousArray<Value> {
    guard case .list(var list) = values[position] else { return try items(position) }
    values[position] = .none
    guard isKnownUniquelyReferenced(&list) else { return list.items }
    var items: ContiguousArray<Value> = []
    swap(&items, &list.items)
    return items
  }

  public func record(_ position: Int) throws -> RecordValue {
    guard case .record(let record) = values[position] else { throw mismatch(position, wanted: "a record") }
    return record
  }

  /// A function, layer or other value that can be called.
  public func callable(_ position: Int) throws -> Value {
    guard values[position].isCallable else { throw mismatch(position, wanted: "a function") }
    return values[position]
  }

  public func optionalCallable(_ position: Int) throws -> Value? { isNone(position) ? nil : try callable(position) }

  /// A thing of one class (a layer, a table, an optimizer).
  public func object<Object: ObjectValue>(_ position: Int, _ type: Object.Type, wanted: String) throws -> Object {
    guard case .object(let object) = values[position], let wantedObject = object as? Object else {
      throw mismatch(position, wanted: wanted)
    }
    return wantedObject
  }
}

// MARK: Tensors

extension BoundArguments {
  /// A tensor. Numbers become weak 0-d tensors, bools 0-d ones, lists of numbers float32 tensors.
  public func tensor(_ position: Int) throws -> Tensor {
    switch values[position] {
    case .tensor(let tensor): return tensor
    case .number(let number): return try .weak(number)
    case .bool(let bool): return try .single(bool)
    case .list, .range:
      do {
        return try TensorLiteral.tensor(from: values[position])
      } catch let error as RuntimeError where error.kind == .type {
        throw mismatch(position, wanted: "a tensor", hint: error.message)
      }
    default: throw mismatch(position, wanted: "a tensor")
    }
  }

  public func optionalTensor(_ position: Int) throws -> Tensor? { isNone(position) ? nil : try tensor(position) }

  /// The tensors of a list.
  public func tensors(_ position: Int) throws -> [Tensor] {
    if case .tensor(let tensor) = values[position] {
      throw mismatch(
        position, wanted: "a list of tensors",
        hint: "write `(a, b)`; this is one tensor of shape \(tensor.shape.shapeText)")
    }
    return try items(position).enumerated().map { index, item in
      switch item {
      case .tensor(let tensor): return tensor
      case .number(let number): return try .weak(number)
      case .bool(let bool): return try .single(bool)
      case .list, .range: return try TensorLiteral.tensor(from: item)
      default:
        throw RuntimeError(
          .type, "`\(function)` wants tensors in `\(name(position))`, and element \(index) is \(item.kindText)")
      }
    }
  }

  /// What stands in a row in a list, a range or a vector, `(2, 3)`, `range(2)` or `[2, 3]`; nil for anything else.
  public func row(_ value: Value) throws -> ContiguousArray<Value>? {
    switch value {
    case .list(let list): return list.items
    case .range(let range): return try range.elements()
    case .tensor(let tensor) where tensor.rank == 1 && !tensor.isAbstract:
      return ContiguousArray(try tensor.doubles().map { .number($0) })
    default: return nil
    }
  }

  /// Axes: none (nil: all), one, or several. Negative axes stay as they are; their range is the operation's to check.
  public func axes(_ position: Int) throws -> [Int]? {
    if isNone(position) { return nil }
    guard let row = try row(values[position]) else { return [try integer(position, in: -64...64)] }
    return try row.map { try integer($0, for: name(position), in: -64...64) }
  }

  public func axis(_ position: Int) throws -> Int { try integer(position, in: -64...64) }

  public func optionalAxis(_ position: Int) throws -> Int? { isNone(position) ? nil : try axis(position) }

  /// A shape from a rest parameter: numbers, or one list of them. Sizes must not be negative, unless `wildcard` allows
  /// one -1.
  public func shape(_ position: Int, wildcard: Bool = false) throws -> Shape {
    var parts = try row(values[position]) ?? [values[position]]
    if parts.count == 1, let inner = try row(parts[0]) { parts = inner }
    return try parts.map { part in
      let size = try integer(part, for: name(position), in: (wildcard ? -1 : 0)...Int.max)
      return size
    }
  }

  /// One number for all of `count` axes, or a list with one for each: strides, pool sizes, paddings.
  public func sizes(_ position: Int, count: Int, in range: ClosedRange<Int> = 1...1_000_000) throws -> [Int] {
    guard let row = try row(values[position]) else {
      return Array(repeating: try integer(position, in: range), count: count)
    }
    guard row.count == count else {
      throw RuntimeError(
        .value,
        "`\(function)` wants 1 or \(Wording.counted(count, "number")) for `\(name(position))`, and got \(row.count)"
      )
    }
    return try row.map { try integer($0, for: name(position), in: range) }
  }
}
