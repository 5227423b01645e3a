import Diagnostics
import Tensors

extension Tensor {
  /// A number of the language as a tensor: 0-d float64 that takes its neighbour's dtype.
  public static func weak(_ number: Double) throws -> Tensor {
    let tensor = try Tensor(uninitialized: Spec(.float64, [], isWeak: true))
    try tensor.data().storeBytes(of: number, as: Double.self)
    return tensor
  }

  /// A bool of the language as a 0-d tensor.
  public static func single(_ bool: Bool) throws -> Tensor {
    let tensor = try Tensor(uninitialized: Spec(.bool, []))
    try tensor.data().storeBytes(of: bool ? 1 : 0, as: UInt8.self)
    return tensor
  }

  /// All elements as numbers, row by row; bools as 0 and 1.
  public func numbers() throws -> [Double] {
    switch dtype {
    case .float32: try elements(Float.self).map(Double.init)
    case .float64: try Array(elements(Double.self))
    case .int32: try elements(Int32.self).map(Double.init)
    case .bool: try elements(UInt8.self).map { $0 != 0 ? 1 : 0 }
    }
  }
}

/// Tensors from written elements and from lists: `[1, 2; 3, 4]`, `tensor(((1, 2), (3, 4)))`.
public enum TensorLiteral {
  /// A tensor of a list (to any depth) of numbers, bools and tensors.
  public static func tensor(from value: Value) throws -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .number(let number): return try .weak(number)
    case .bool(let bool): return try .single(bool)
    case .list(let list): return try stack(list.items)
    case .range(let range): return try stack(range.elements())
    default: throw RuntimeError(.type, "a tensor holds numbers, bools and tensors, and this is \(value.kindText)")
    }
  }

  /// The elements side by side along a new first axis.
  public static func stack(_ items: ContiguousArray<Value>) throws -> Tensor {
    var numbers: [Double] = []
    numbers.reserveCapacity(items.count)
    var isBool = true
    for item in items {
      if case .number(let number) = item {
        isBool = false
        numbers.append(number)
      } else if case .bool(let bool) = item {
        numbers.append(bool ? 1 : 0)
      } else {
        break
      }
    }
    guard numbers.count == items.count else { throw RuntimeError(.type, "a tensor holds numbers") }
    if isBool, !items.isEmpty {
      let tensor = try Tensor(uninitialized: Spec(.bool, [items.count]))
      let target = try tensor.elements(UInt8.self)
      for (index, number) in numbers.enumerated() { target[index] = number != 0 ? 1 : 0 }
      return tensor
    }
    let tensor = try Tensor(uninitialized: Spec(.float32, [items.count]))
    let target = try tensor.elements(Float.self)
    for (index, number) in numbers.enumerated() { target[index] = Float(number) }
    return tensor
  }
}
