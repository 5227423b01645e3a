import Interpreter
import Tensors

/// Calls a body for each element of anything that `for` walks, until it gives false.
func walk(_ value: Value, of function: String, _ context: CallContext, _ body: (Value) throws -> Bool) throws {
  switch value {
  case .list(let list):
    for item in list.items { if try !body(item) { return } }
  case .none, .bool, .number, .function:
    throw RuntimeError(.type, "`\(function)` wants a list or something else to walk through, and got \(value.kindText)")
  default:
    let next = try context.makeIterator(value)
    while let item = try next() { if try !body(item) { return } }
  }
}

/// All elements of anything that `for` walks.
func elements(_ value: Value, of function: String, _ context: CallContext) throws -> ContiguousArray<Value> {
  switch value {
  case .list(let list): return list.items
  case .range(let range): return try range.elements()
  default:
    var items: ContiguousArray<Value> = []
    try walk(value, of: function, context) { item in
      items.append(item)
      try checkLength(ofList: items.count)
      return true
    }
    return items
  }
}

/// - Throws: a value error where a list would have more elements than it may.
func checkLength(ofList count: Int) throws {
  guard count <= LanguageLimits.maximumListLength else {
    throw RuntimeError(
      .value, "a list of \(count) elements is too long: at most \(LanguageLimits.maximumListLength) fit")
  }
}

/// What `len` gives.
func elementCount(_ value: Value, of function: String) throws -> Int {
  switch value {
  case .string(let text): return text.count
  case .list(let list): return list.items.count
  case .record(let record): return record.count
  case .range(let range): return range.count
  case .tensor(let tensor):
    guard let count = tensor.shape.first else {
      throw RuntimeError(.type, "`\(function)` wants something with elements, and got a single number")
    }
    return count
  case .object(let object):
    if let count = object.count { return count }
  default: break
  }
  throw RuntimeError(
    .type, "`\(function)` wants a list, tensor, string, record, range or table, and got \(value.kindText)")
}

/// The bool that a function given to `filter`, `any`, `all` decided for.
func condition(_ value: Value, of function: String) throws -> Bool {
  guard let bool = value.asBool else {
    throw RuntimeError(.type, "`\(function)` wants true or false for each element, and got \(value.kindText)")
  }
  return bool
}

extension Sequence where Element == Value {
  /// The elements as numbers, where all are plain numbers.
  var asNumbers: [Double]? {
    var numbers: [Double] = []
    for item in self {
      guard case .number(let number) = item else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The elements as texts, where all are strings.
  var asStrings: [String]? {
    var texts: [String] = []
    for item in self {
      guard case .string(let text) = item else { return nil }
      texts.append(text.text)
    }
    return texts
  }
}
