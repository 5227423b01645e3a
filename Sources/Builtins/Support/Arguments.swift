import Interpreter
import Tensors

extension BoundArguments {
  /// Whole numbers from a rest parameter, one list, one number or a vector.
  func integers(_ position: Int) throws -> [Int] {
    var parts = try row(values[position]) ?? [values[position]]
    if parts.count == 1, let inner = try row(parts[0]) { parts = inner }
    return try parts.map { try integer($0, for: name(position), in: -9_007_199_254_740_992...9_007_199_254_740_992) }
  }

  /// A tensor of numbers; lists of numbers and ranges as float64, so that no digit is lost.
  func numericTensor(_ position: Int) throws -> Tensor {
    switch values[position] {
    case .list(let list):
      if let numbers = list.items.asNumbers { return try Tensor(numbers, shape: [numbers.count], dtype: .float64) }
      return try tensor(position)
    case .range:
      let numbers = try items(position).asNumbers ?? []
      return try Tensor(numbers, shape: [numbers.count], dtype: .float64)
    default: return try tensor(position)
    }
  }

  /// Positions or class numbers: an int32 tensor, or whole numbers in a float tensor or a list.
  /// - Throws: a type error for fractions.
  func positions(_ position: Int) throws -> Tensor {
    let tensor = try numericTensor(position)
    switch tensor.dtype {
    case .int32: return tensor
    case .bool: throw mismatch(position, wanted: "whole numbers", hint: "int32(x) makes them of bools")
    case .float32, .float64:
      if tensor.isAbstract { return try tensor.cast(to: .int32) }
      if let fraction = try tensor.doubles().first(where: { Int32(exactly: $0) == nil }) {
        throw RuntimeError(
          .value, "`\(function)` wants whole numbers for `\(name(position))`, and got \(NumberText.short(fraction))")
      }
      return try tensor.cast(to: .int32)
    }
  }

  /// Widths for `pad`: a number, or a number or pair for each axis.
  func paddings(_ position: Int, rank: Int) throws -> [(Int, Int)] {
    let range = 0...Int(Int32.max)
    var sides = try row(values[position])
    if case .tensor(let pairs) = values[position], pairs.rank == 2, !pairs.isAbstract {
      let (numbers, width) = (try pairs.doubles(), pairs.shape[1])
      sides = ContiguousArray(
        (0..<pairs.shape[0]).map { .items(numbers[($0 * width)..<(($0 + 1) * width)].map { .number($0) }) })
    }
    guard let sides else {
      let width = try integer(position, in: range)
      return Array(repeating: (width, width), count: rank)
    }
    guard sides.count == rank else {
      throw RuntimeError(
        .value,
        "`\(function)` wants a number, or \(Wording.counted(rank, "width")) (one for each axis), and got \(sides.count)"
      )
    }
    return try sides.map { item in
      guard let pair = try row(item) else {
        let width = try integer(item, for: name(position), in: range)
        return (width, width)
      }
      guard pair.count == 2 else { throw mismatch(position, wanted: "a pair (before, after) for each axis") }
      return (
        try integer(pair[0], for: name(position), in: range),
        try integer(pair[1], for: name(position), in: range)
      )
    }
  }
}
