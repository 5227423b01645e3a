import Interpreter
import Tensors

/// Functions that move elements about without changing them.
func registerShape(_ catalogue: inout Catalogue) {
  catalogue.add(
    "reshape", "(x, ...shape)", .shape,
    "The same elements, row by row, in another shape. One size may be -1: it is worked out from the others.",
    example: "reshape([1, 2, 3, 4], 2, -1)  # [[1, 2],\n#  [3, 4]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).reshape(a.shape(1, wildcard: true))) }

  catalogue.add(
    "transpose", "(x, ...axes)", .shape, "The axes in another order; without `axes`, reversed. `x.T` is the same.",
    example: "transpose(zeros(2, 3, 4), 0, 2, 1).shape  # (2, 4, 3)"
  ) { a, _ in
    let axes = try a.integers(1)
    return .tensor(try a.tensor(0).transpose(axes.isEmpty ? nil : axes))
  }

  catalogue.add(
    "squeeze", "(x, axis = none)", .shape, "Without the axes of size 1, or without one of them.",
    example: "squeeze(zeros(1, 3, 1)).shape  # (3,)"
  ) { a, _ in .tensor(try a.tensor(0).squeeze(a.optionalInteger(1))) }

  catalogue.add(
    "expand", "(x, axis)", .shape, "With a new axis of size 1 at a position.",
    example: "expand([1, 2], 0).shape  # (1, 2)"
  ) { a, _ in .tensor(try a.tensor(0).expand(a.integer(1))) }

  catalogue.add(
    "concat", "(xs, axis = 0)", .shape,
    "The tensors of a list one after another along an axis; their other sizes must agree.",
    example: "concat(([1, 2], [3]))  # [1, 2, 3]  # 3"
  ) { a, _ in .tensor(try Tensor.concat(a.tensors(0), axis: a.integer(1))) }

  catalogue.add(
    "stack", "(xs, axis = 0)", .shape,
    "The tensors of a list side by side along a new axis; their shapes must be equal.",
    example: "stack(([1, 2], [3, 4]))  # [[1, 2],\n#  [3, 4]]  # 2×2"
  ) { a, _ in .tensor(try Tensor.stack(a.tensors(0), axis: a.integer(1))) }

  catalogue.add(
    "pad", "(x, widths, value = 0)", .shape,
    """
    The tensor with values put around it.

    `widths` is a number (every axis, both sides), or a list with a number or a pair (before, after) for each axis.
    """, example: "pad([1, 2], 1)  # [0, 1, 2, 0]  # 4"
  ) { a, _ in
    let x = try a.tensor(0)
    return .tensor(try x.pad(a.paddings(1, rank: x.rank), value: a.number(2)))
  }

  catalogue.add(
    "tile", "(x, repetitions)", .shape, "The whole tensor repeated along each axis; a number repeats the last axis.",
    example: "tile([1, 2], 2)  # [1, 2, 1, 2]  # 4"
  ) { a, _ in .tensor(try a.tensor(0).tile(a.integers(1))) }

  catalogue.add(
    "repeat", "(x, n, axis = none)", .shape,
    "Each element n times in a row along an axis; without axis, of the flattened tensor. A text or list is repeated whole.",
    example: "repeat([1, 2], 2)  # [1, 1, 2, 2]  # 4"
  ) { a, _ in
    switch a[0] {
    case .string(let text):
      let count = try a.integer(1, in: 0...maximumTextLength)
      guard text.text.utf8.count <= maximumTextLength / max(1, count) else {
        throw RuntimeError(.value, "this text would have more than \(maximumTextLength) bytes")
      }
      return .text(String(repeating: text.text, count: count))
    case .list(let list):
      let count = try a.integer(1, in: 0...maximumListLength / max(1, list.items.count))
      return .list(ListValue(LargeLists.repeated(list.items, count)))
    default:
      let x = try a.tensor(0)
      let count = try a.integer(1, in: 0...Int(Int32.max))
      if let axis = try a.optionalInteger(2) { return .tensor(try x.repeatElements(count, axis: axis)) }
      return .tensor(try x.flatten().repeatElements(count, axis: 0))
    }
  }

  catalogue.add(
    "broadcast", "(x, shape)", .shape, "The tensor stretched to a shape, by the rules of arithmetic.",
    example: "broadcast([1, 2], (2, 2))  # [[1, 2],\n#  [1, 2]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).broadcast(to: a.shape(1))) }

  catalogue.add(
    "flip", "(x, axis)", .shape, "The elements in opposite order along an axis.",
    example: "flip([1, 2, 3], 0)  # [3, 2, 1]  # 3"
  ) { a, _ in .tensor(try a.tensor(0).flip(a.integer(1))) }

  catalogue.add(
    "roll", "(x, n, axis = none)", .shape,
    "The elements moved n places along an axis; what leaves at one end comes in at the other. Without axis, flattened.",
    example: "roll([1, 2, 3], 1, 0)  # [3, 1, 2]  # 3"
  ) { a, _ in
    let x = try a.tensor(0)
    let count = try a.integer(1)
    if let axis = try a.optionalInteger(2) { return .tensor(try x.roll(count, axis)) }
    return .tensor(try x.flatten().roll(count, 0).reshape(x.shape))
  }
}

/// The longest text and list that one call may make.
let maximumTextLength = 1 << 30
let maximumListLength = 1 << 28

/// `split(x, parts, axis: 0)` for tensors.
func splitTensor(_ a: inout BoundArguments) throws -> Value {
  let x = try a.tensor(0)
  let axis = try a.integer(2)
  let parts: [Tensor]
  if a.isNone(1) {
    throw RuntimeError(.type, "`split` wants a number of parts or a list of sizes for a tensor")
  } else if try a.row(a[1]) != nil {
    parts = try x.split(sizes: a.integers(1), axis: axis)
  } else {
    parts = try x.split(parts: a.integer(1, in: 1...Int(Int32.max)), axis: axis)
  }
  return .items(parts.map { .tensor($0) })
}
