import Diagnostics
import Tensors

extension Tensor {
  /// A number of the language as a tensor: 0-d float64 that takes its neighbour's dtype.
  public static func weak(_ number: Double) throws -> Tensor { try .number(number) }

  /// A bool of the language as a 0-d tensor.
  public static func single(_ bool: Bool) throws -> Tensor { try .scalar(bool ? 1 : 0, .bool) }

  /// All elements as numbers, row by row; bools as 0 and 1.
  public func numbers() throws -> [Double] { try doubles() }
}

/// Tensors from written elements and from lists: `[1, 2; 3, 4]`, `tensor(((1, 2), (3, 4)))`.
public enum TensorLiteral {
  static func canHold(_ value: Value) -> Bool {
    switch value {
    case .number, .bool, .tensor: true
    default: false
    }
  }

  /// A tensor of a list (to any depth) of numbers, bools and tensors.
  public static func tensor(from value: Value, dtype: DType = .float32) throws -> Tensor {
    switch value {
    case .list(let list): return try stack(list.items, dtype: dtype)
    case .range(let range): return try stack(range.elements(), dtype: dtype)
    default: return try single(value)
    }
  }

  private static func single(_ value: Value) throws -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .number(let number): return try .number(number)
    case .bool(let bool): return try .single(bool)
    default:
      throw RuntimeError(.type, "a tensor holds numbers, bools and tensors, and this has \(value.kindText) in it")
    }
  }

  /// The elements side by side along a new first axis.
  /// - Parameter dtype: of plain numbers.
  public static func stack(_ items: ContiguousArray<Value>, dtype: DType = .float32) throws -> Tensor {
    if let plain = try plain(items, dtype: dtype) { return plain }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(items.count)
    for item in items {
      // Lists inside lists: as deep as a tensor may have axes.
      switch item {
      case .list(let list):
        guard depth(of: list) < Limits.maximumRank else {
          throw RuntimeError(.value, "a tensor has at most \(Limits.maximumRank) axes")
        }
        tensors.append(try stack(list.items, dtype: dtype))
      case .range(let range): tensors.append(try stack(range.elements(), dtype: dtype))
      default: tensors.append(try single(item))
      }
    }
    for (index, tensor) in tensors.enumerated() where tensor.shape != tensors[0].shape {
      throw RuntimeError(
        .shape, "row \(index + 1) does not fit: \(size(tensor)), and row 1 \(size(tensors[0]))",
        hint: "all elements of a tensor have one shape")
    }
    let common = commonType(tensors, numbers: dtype)
    return try Tensor.stack(tensors.map { try converted($0, to: common) }, axis: 0)
  }

  /// Elements in rows: `[1, 2; 3, 4]`.
  static func rows(_ items: ContiguousArray<Value>, counts: [Int], dtype: DType = .float32) throws -> Tensor {
    for (index, count) in counts.enumerated() where count != counts[0] {
      throw RuntimeError(
        .shape,
        "row \(index + 1) has \(Wording.counted(count, "element")), and row 1 has \(counts[0])",
        hint: "the rows of a tensor are equally long")
    }
    let columns = counts.first ?? 0
    if let plain = try plain(items, dtype: dtype) { return try plain.reshape([counts.count, columns]) }
    var rows = ContiguousArray<Value>()
    for row in counts.indices {
      rows.append(.tensor(try stack(ContiguousArray(items[row * columns..<(row + 1) * columns]), dtype: dtype)))
    }
    return try stack(rows, dtype: dtype)
  }

  private static func size(_ tensor: Tensor) -> String {
    switch tensor.rank {
    case 0: "is a single value"
    case 1: "has \(Wording.counted(tensor.shape[0], "element"))"
    default: "has shape \(tensor.shape.shapeText)"
    }
  }

  /// How deep the first elements of lists are nested.
  private static func depth(of list: ListValue) -> Int {
    var depth = 1
    var list = list
    while depth <= Limits.maximumRank, case .list(let inner)? = list.items.first {
      depth += 1
      list = inner
    }
    return depth
  }

  /// Numbers and bools alone, without detours.
  private static func plain(_ items: ContiguousArray<Value>, dtype: DType) throws -> Tensor? {
    var numbers: [Double] = []
    numbers.reserveCapacity(items.count)
    var bools = 0
    for item in items {
      switch item {
      case .number(let number): numbers.append(number)
      case .bool(let bool):
        numbers.append(bool ? 1 : 0)
        bools += 1
      default: return nil
      }
    }
    let type = !items.isEmpty && bools == items.count ? .bool : dtype
    let tensor = try Tensor(uninitialized: Spec(type, [numbers.count]))
    switch type {
    case .float32:
      let target = try tensor.elements(Float.self)
      for (index, number) in numbers.enumerated() { target[index] = Float(number) }
    case .float64:
      let target = try tensor.elements(Double.self)
      for (index, number) in numbers.enumerated() { target[index] = number }
    case .bool:
      let target = try tensor.elements(UInt8.self)
      for (index, number) in numbers.enumerated() { target[index] = number != 0 ? 1 : 0 }
    case .int32:
      return try Tensor(numbers, shape: [numbers.count], dtype: .float64).cast(to: .int32)
    }
    return tensor
  }

  /// The dtype that elements share: that of the tensors among them; numbers take part as `numbers` where there are none.
  private static func commonType(_ tensors: [Tensor], numbers: DType) -> DType {
    var common: DType?
    var hasNumbers = false
    var hasFraction = false
    for tensor in tensors {
      if tensor.spec.isWeak {
        hasNumbers = true
        if let number = tensor.singleNumber, number != number.rounded() { hasFraction = true }
        continue
      }
      let dtype = tensor.dtype
      switch (common, dtype) {
      case (nil, _): common = dtype
      case (.bool?, _), (.int32?, .float32), (.int32?, .float64), (.float32?, .float64): common = dtype
      default: break
      }
    }
    guard let common else { return numbers }
    if hasNumbers, common == .bool || common == .int32 && hasFraction { return numbers }
    return common
  }

  private static func converted(_ tensor: Tensor, to dtype: DType) throws -> Tensor {
    tensor.dtype == dtype && !tensor.spec.isWeak ? tensor : try tensor.cast(to: dtype)
  }
}
