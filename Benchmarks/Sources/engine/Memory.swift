import CLimits
import Tensors

/// Rates of memory: each array a function reads or writes counts once.
func measureMemory() throws {
  let rows = 4096
  let columns = 4096
  let n = rows * columns
  let (x, y, z) = (
    try Tensor.randomNormal([rows, columns]), try Tensor.randomNormal([rows, columns]),
    try Tensor.random([rows, columns])
  )
  let (a, b, c) = (try x.elements(Float.self), try y.elements(Float.self), try z.elements(Float.self))
  let target = try Tensor.ones([rows, columns])
  let to = try target.elements(Float.self)
  func rate(_ name: String, arrays: Double, _ body: () throws -> Void) rethrows {
    row(name, arrays * 4 * Double(n) / (try fastest(body)) / 1e9, "GB/s")
  }
  rate("read (limit)", arrays: 1) { limit_read(a.baseAddress, n) }
  rate("copy (limit)", arrays: 2) { limit_copy(to.baseAddress, a.baseAddress, n) }
  rate("triad (limit)", arrays: 3) { limit_triad(to.baseAddress, b.baseAddress, c.baseAddress, n) }
  let gain = try Tensor.random([columns])
  let shift = try Tensor.random([columns])
  let functions: [(String, Double, () throws -> Tensor)] = [
    ("sum", 1, { try x.sum() }), ("sum along rows", 1, { try x.sum(axes: [1]) }),
    ("sum along columns", 1, { try x.sum(axes: [0]) }), ("max along rows", 1, { try x.max(axes: [1]) }),
    ("add", 3, { try x + y }), ("add a row", 2, { try x + gain }), ("square", 2, { try x.power(2) }),
    ("power 3", 2, { try x.power(3) }), ("power -1", 2, { try z.power(-1) }), ("power 0.5", 2, { try z.power(0.5) }),
    ("power 1.7", 2, { try z.power(1.7) }), ("sqrt", 2, { try z.sqrt() }), ("exp", 2, { try x.exp() }),
    ("log", 2, { try z.log() }), ("tanh", 2, { try x.tanh() }), ("sigmoid", 2, { try x.sigmoid() }),
    ("sin", 2, { try x.sin() }), ("cos", 2, { try x.cos() }), ("tan", 2, { try x.tan() }), ("erf", 2, { try x.erf() }),
    ("floor divide", 3, { try x.floorDivide(z) }), ("modulo", 3, { try x.modulo(z) }), ("relu", 2, { try x.relu() }),
    ("gelu", 2, { try x.gelu() }), ("greater and where", 4.5, { try Tensor.where(x.greater(0), x, y) }),
    ("softmax", 2, { try x.softmax(axis: -1) }), ("log_softmax", 2, { try x.logSoftmax(axis: -1) }),
    ("layer_norm", 2, { try layerNorm(x, gamma: gain, beta: shift) }),
  ]
  for (name, arrays, function) in functions { try rate(name, arrays: arrays) { _ = try function() } }
  let chain = try Program.trace(inputs: [x, y, z].map(\.spec)) {
    [try ($0[0] * $0[1] + $0[2]).tanh() * $0[0].sigmoid()]
  }
  try rate("chain of five, planned", arrays: 4) { _ = try chain.run([x, y, z]) }
  let light = try Program.trace(inputs: [x, y, z].map(\.spec)) { [try ($0[0] * $0[1] + $0[2]) * 0.5 - $0[0]] }
  try rate("chain of four, arithmetic", arrays: 4) { _ = try light.run([x, y, z]) }
}
