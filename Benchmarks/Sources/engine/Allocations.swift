import Tensors

/// How often the system is asked for memory once a training loop has warmed up.
func measureAllocations() throws {
  let x = try Tensor.random([64, 100])
  let y = try Tensor.randomIntegers(0, 10, [64])
  var w = [try Tensor.randomNormal([100, 50]), try Tensor.randomNormal([50, 10])]
  func step() throws {
    let (_, gradients) = try Derivatives.valueAndGradients(at: w) { w in
      try x.matmul(w[0]).relu().matmul(w[1]).logSoftmax(axis: -1).takeAlong(y.expand(-1), axis: 1).mean() * -1
    }
    for index in w.indices { w[index] = try w[index] - gradients[index] * 0.01 }
  }
  for _ in 0..<3 { try step() }
  let before = MemoryPool.shared.systemAllocations
  for _ in 0..<1000 { try step() }
  row("a thousand eager steps", Double(MemoryPool.shared.systemAllocations - before), "blocks asked of the system")
}
