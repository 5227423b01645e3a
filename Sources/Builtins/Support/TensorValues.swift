import Interpreter
import Tensors

/// The tensor of a number, bool, list of them to any depth, range or tensor.
func tensorFromValue(_ value: Value, of function: String) throws -> Tensor {
  switch value {
  case .tensor(let tensor): return tensor
  case .number, .bool, .list, .range: return try TensorLiteral.tensor(from: value)
  case .object(let object):
    if let column = object as? TensorConvertible { return try column.asTensor() }
    fallthrough
  default:
    throw RuntimeError(.type, "`\(function)` wants a tensor, a number or a list of numbers, and got \(value.kindText)")
  }
}

/// An object that can be taken as a tensor.
protocol TensorConvertible {
  func asTensor() throws -> Tensor
}

extension Value {
  /// True for a list of numbers, which `float64` then takes in full precision.
  var isNumberList: Bool {
    switch self {
    case .list(let list): list.items.asNumbers != nil
    case .range: true
    default: false
    }
  }
}

/// A list of numbers in 64 bits.
func float64Tensor(_ value: Value) throws -> Tensor {
  switch value {
  case .list(let list):
    let numbers = list.items.asNumbers ?? []
    return try Tensor(numbers, shape: [numbers.count], dtype: .float64)
  case .range(let range): return try Tensor(range.elements().asNumbers ?? [], shape: [range.count], dtype: .float64)
  default: return try tensorFromValue(value, of: "float64").cast(to: .float64)
  }
}
