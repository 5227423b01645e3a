import FileFormats
import Interpreter
import Tables
import Tensors

extension Tensor {
  /// The array of a file: bools, 32-bit integers and floats as they are; other kinds as what holds them.
  convenience init(_ array: RawArray) throws {
    _ = try Limits.checkedCount(array.shape)
    switch array.type {
    case .bool: try self.init(bools: array.doubles().map { $0 != 0 }, shape: array.shape)
    case .int8, .uint8, .int16, .uint16, .int32:
      try self.init(int32: array.doubles().map { Int32($0) }, shape: array.shape)
    case .float16, .bfloat16, .float32: try self.init(array.floats(), shape: array.shape)
    case .uint32, .int64, .uint64:
      let values = array.doubles()
      let whole = values.map { Int32(exactly: $0) }
      if whole.contains(nil) {
        try self.init(values, shape: array.shape, dtype: .float64)
      } else {
        try self.init(int32: whole.compactMap { $0 }, shape: array.shape)
      }
    case .float64: try self.init(array.doubles(), shape: array.shape, dtype: .float64)
    }
  }

  /// The tensor as files hold it.
  func rawArray() throws -> RawArray {
    switch dtype {
    case .float32: try RawArray(floats(), shape: shape)
    case .float64: try RawArray(doubles(), shape: shape)
    case .int32: try RawArray(int32s(), shape: shape)
    case .bool: try RawArray(bools(), shape: shape)
    }
  }

  /// The elements as nested JSON arrays, in the digits of their precision.
  func json() throws -> JSON {
    let values: [JSON] = dtype == .bool ? try bools().map { .bool($0) } : try decimalNumbers().map { .number($0) }
    guard !shape.isEmpty else { return values[0] }
    var level = values
    for (axis, size) in shape.enumerated().reversed() where axis > 0 {
      let rows = shape[..<axis].reduce(1, *)
      level = (0..<rows).map { .array(Array(level[($0 * size)..<(($0 + 1) * size)])) }
    }
    return .array(level)
  }
}

extension Value {
  /// A JSON value as one of the language.
  init(_ json: JSON) {
    switch json {
    case .null: self = .none
    case .bool(let bool): self = .bool(bool)
    case .number(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .array(let items): self = .items(items.map { Value($0) })
    case .object(let fields): self = .fields(fields.pairs.map { ($0.name, Value($0.value)) })
    }
  }

  /// The value as JSON.
  /// - Throws: a type error for functions, layers and other things that JSON cannot hold.
  func json(depth: Int = 0) throws -> JSON {
    guard depth < 200 else { throw RuntimeError(.value, "JSON nested more than 200 deep cannot be written") }
    switch self {
    case .none: return .null
    case .bool(let bool): return .bool(bool)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text.text)
    case .tensor(let tensor): return try tensor.json()
    case .list(let list): return .array(try list.items.map { try $0.json(depth: depth + 1) })
    case .range(let range): return .array(try range.elements().map { try $0.json() })
    case .record(let record):
      return .object(JSON.Fields(try zip(record.names, record.values).map { ($0, try $1.json(depth: depth + 1)) }))
    case .object(let object as TableObject): return object.table.json
    case .object(let object as RunObject): return try object.summary.json(depth: depth + 1)
    default:
      throw RuntimeError(
        .type, "JSON cannot hold \(kindText)", hint: "export its parts: numbers, texts, lists, records, tensors, tables"
      )
    }
  }
}
