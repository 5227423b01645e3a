import Tensors

/// What a call of an operation costs on a few elements, where the kernel itself is next to nothing.
func measureCalls() throws {
  let x = try Tensor.randomNormal([4, 4])
  let y = try Tensor.random([4, 4])
  let line = try Tensor.random([4])
  let positions = try Tensor(int32: [0, 2], shape: [2])
  let mask = try x.greater(0)
  let functions: [(String, () throws -> Tensor)] = [
    ("add", { try x + y }), ("add a row", { try x + line }), ("add a number", { try x + 1 }), ("exp", { try x.exp() }),
    ("power", { try x.power(2) }), ("compare", { try x.greater(y) }), ("where", { try Tensor.where(mask, x, y) }),
    ("cast", { try x.cast(to: .float64) }), ("sum", { try x.sum() }), ("sum along an axis", { try x.sum(axes: [0]) }),
    ("mean", { try x.mean() }), ("max", { try x.max(axes: [1]) }), ("variance", { try x.variance(axes: [0]) }),
    ("argmax", { try x.argmax(axis: 1) }), ("reshape", { try x.reshape([2, 8]) }),
    ("transpose", { try x.transpose() }), ("slice", { try x.slice([.range(start: 1, end: 3, step: 1)]) }),
    ("slice of columns", { try x.slice([.all, .range(start: 1, end: 3, step: 1)]) }),
    ("position", { try x.slice([.position(1)]) }), ("gather", { try x.gather(positions) }),
    ("concat", { try Tensor.concat([x, y]) }), ("stack", { try Tensor.stack([x, y]) }),
    ("matmul", { try x.matmul(y) }), ("matrix times vector", { try x.matmul(line) }),
    ("softmax", { try x.softmax(axis: -1) }), ("relu", { try x.relu() }), ("gelu", { try x.gelu() }),
    ("zeros", { try Tensor.zeros([4, 4]) }), ("rand", { try Tensor.random([4, 4]) }),
    ("cumsum", { try x.cumsum(axis: 0) }), ("sort", { try x.sort() }),
  ]
  for (name, function) in functions {
    row(name, try fastest { for _ in 0..<1000 { _ = try function() } } * 1e6, "ns")
  }
}
