import Interpreter
import Tensors

/// `x[…]` of a symbolic tensor as a step of a functional model: the parts of the index as plain values.
enum GraphIndex {
  static let name = "[]"

  /// A part as a value: a slice is a list (start, stop, step), an axis none, `...` a string.
  static func value(_ part: IndexValue) -> Value {
    func bound(_ bound: Int?) -> Value { bound.map { .number(Double($0)) } ?? .none }
    switch part {
    case .value(let value): return value
    case .slice(let start, let stop, let step): return .items([bound(start), bound(stop), .number(Double(step ?? 1))])
    case .ellipsis: return .text("...")
    case .newAxis: return .none
    }
  }

  /// The part that a value stands for.
  static func part(_ value: Value) throws -> TensorIndex {
    switch value {
    case .none: return .newAxis
    case .string: return .ellipsis
    case .list(let list) where list.items.count == 3 && !(list.items[0].asNumber == nil && !list.items[0].isNone):
      func bound(_ value: Value) -> Int? { value.asNumber.flatMap { Int(exactly: $0) } }
      return .range(start: bound(list.items[0]), end: bound(list.items[1]), step: bound(list.items[2]) ?? 1)
    case .tensor(let tensor) where tensor.rank > 0:
      return tensor.dtype == .bool ? .mask(tensor) : .positions(try tensor.cast(to: .int32))
    default:
      guard let number = value.asNumber, let whole = Int(exactly: number) else {
        throw RuntimeError(
          .type,
          "a symbolic tensor is indexed by whole numbers, slices and int32 tensors, and this is \(value.kindText)")
      }
      return .position(whole)
    }
  }
}
