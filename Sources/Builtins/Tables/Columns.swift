import Interpreter
import Tables
import Tensors

extension Column {
  /// Numbers as a tensor of rank 1, texts as a list, with none for missing ones.
  ///
  /// Numbers are float32 like all tensors; where that would change a whole number (a long identifier), float64.
  func asValue() throws -> Value {
    switch self {
    case .numbers(let numbers):
      let losesDigits = numbers.contains { $0 == $0.rounded() && $0.isFinite && Double(Float($0)) != $0 }
      return .tensor(try Tensor(numbers, shape: [numbers.count], dtype: losesDigits ? .float64 : .float32))
    case .texts(let texts): return .items(texts.map { $0.map { .text($0) } ?? .none })
    case .bools(let bools): return .tensor(try Tensor(bools: bools, shape: [bools.count]))
    }
  }

  /// A column from a tensor of rank 1, a range, or a list of numbers, of bools, or of texts and none.
  init(_ value: Value, name: String) throws {
    func refused(_ what: String) -> RuntimeError {
      RuntimeError(
        .type, "a column is a tensor of rank 1 or a list of numbers, bools or strings, and `\(name)` \(what)")
    }
    switch value {
    case .tensor(let tensor):
      guard tensor.rank == 1 else {
        if tensor.rank == 2, tensor.shape[1] == 1 {
          self = try Column(.tensor(tensor.flatten()), name: name)
          return
        }
        throw RuntimeError(
          .shape, "a column is a tensor of rank 1, and `\(name)` has shape \(tensor.shape.shapeText)",
          hint: "give a column for each of its columns: x[:, 0]")
      }
      self = tensor.dtype == .bool ? .bools(try tensor.bools()) : .numbers(try tensor.decimalNumbers())
    case .range: self = .numbers(try tensorFromValue(value, of: "table").doubles())
    case .list(let list): self = try Column.from(list.items, refused)
    default: throw refused("is \(value.kindText)")
    }
  }

  private static func from(_ items: ContiguousArray<Value>, _ refused: (String) -> RuntimeError) throws -> Column {
    if let numbers = items.asNumbers { return .numbers(numbers) }
    var bools: [Bool] = []
    for item in items { if case .bool(let bool) = item { bools.append(bool) } }
    if bools.count == items.count { return .bools(bools) }
    let scalars = items.compactMap(\.asNumber)
    if scalars.count == items.count { return .numbers(try items.map { try $0.decimalNumber() }) }
    return .texts(
      try items.map { item in
        switch item {
        case .string(let text): return text.text
        case .none: return nil
        default: throw refused("mixes strings with \(item.kindText)")
        }
      })
  }
}

extension Value {
  /// A number in the decimal digits that are shown for its precision.
  fileprivate func decimalNumber() throws -> Double {
    if case .tensor(let tensor) = self { return try tensor.flatten().decimalNumbers()[0] }
    return asNumber ?? .nan
  }
}

extension Tensor {
  /// The elements as numbers whose shortest decimal text is that of the element: float32's 0.1 is 0.1, not
  /// 0.10000000149, so that files hold what was meant and read back as the same float32.
  func decimalNumbers() throws -> [Double] {
    guard dtype == .float32 else { return try doubles() }
    return try floats().map { value in
      let wide = Double(value)
      return wide == wide.rounded() || !value.isFinite ? wide : Double(value.description) ?? wide
    }
  }
}

/// A table from columns as values.
func makeTable(_ columns: [(String, Value)]) throws -> Value {
  let made = try columns.map { (name: $0.0, values: try Column($0.1, name: $0.0)) }
  return try tabular { .object(TableObject(try Table(made))) }
}
