import Tensors

/// The networks of the workloads; shapes as in `peers.py`.
enum Nets {
  typealias Loss = (_ w: [Tensor], _ inputs: [Tensor]) throws -> Tensor

  static func mean(_ losses: Tensor) throws -> Tensor { try losses.mean() }

  static func mlp(_ sizes: [Int], last: @escaping (Tensor) throws -> Tensor = { $0 }) -> (
    Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor
  ) {
    var network = Network()
    for (a, b) in zip(sizes, sizes.dropFirst()) {
      _ = network.parameter(a, b)
      _ = network.parameter(b)
    }
    let layers = sizes.count - 1
    return (
      network,
      { w, x in
        var x = x
        for layer in 0..<layers {
          x = try x.matmul(w[2 * layer]) + w[2 * layer + 1]
          if layer < layers - 1 { x = try x.relu() }
        }
        return try last(x)
      }
    )
  }

  static func cnn(training: Bool) -> (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor) {
    var n = Network()
    for shape in [[3, 3, 1, 32], [32], [3, 3, 32, 64], [64], [9216, 128], [128], [128, 10], [10]] {
      n.shapes.append(shape)
    }
    return (
      n,
      { w, x in
        var x = try conv(x, w[0], bias: w[1]).relu()
        x = try conv(x, w[2], bias: w[3]).relu()
        x = try maxPool(x, size: [2, 2])
        if training {
          let keep = try Tensor.random(x.shape).greaterEqual(0.25).cast(to: .float32)
          x = try x * (keep * (1 / 0.75))
        }
        x = try x.reshape([x.shape[0], 9216])
        x = try (x.matmul(w[4]) + w[5]).relu()
        return try x.matmul(w[6]) + w[7]
      }
    )
  }

  static func resnet() -> (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor) {
    var n = Network()
    func convolution(_ size: Int, _ a: Int, _ b: Int) {
      n.shapes += [[size, size, a, b], [b], [b]]
    }
    convolution(3, 3, 16)
    let plan = [(16, 16, 1), (16, 32, 2), (32, 64, 2)].flatMap { a, b, stride in
      (0..<3).map { ($0 == 0 ? a : b, b, $0 == 0 ? stride : 1) }
    }
    for (a, b, stride) in plan {
      convolution(3, a, b)
      convolution(3, b, b)
      if stride != 1 { convolution(1, a, b) }
    }
    n.shapes += [[64, 10], [10]]
    return (
      n,
      { w, x in
        var next = 0
        func layer(_ x: Tensor, _ size: Int, _ stride: Int) throws -> Tensor {
          defer { next += 3 }
          let padding = (1...2).map { ConvolutionGeometry.samePadding(input: x.shape[$0], size: size, stride: stride) }
          let y = try conv(x, w[next], strides: [stride, stride], padding: padding)
          return try batchNorm(y, gamma: w[next + 1] + 1, beta: w[next + 2]).result
        }
        var x = try layer(x, 3, 1).relu()
        for (_, _, stride) in plan {
          let a = try layer(x, 3, stride).relu()
          let b = try layer(a, 3, 1)
          x = try (b + (stride != 1 ? layer(x, 1, stride) : x)).relu()
        }
        return try x.mean(axes: [1, 2]).matmul(w[next]) + w[next + 1]
      }
    )
  }

  static func recurrentNet(_ kind: RecurrentKind) -> (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor) {
    var n = Network()
    let g = kind.gates
    n.shapes = [[32, g * 128], [128, g * 128], kind == .gru ? [2, 3 * 128] : [g * 128], [128, 10], [10]]
    return (
      n,
      { w, x in
        let states = try recurrent(kind, x, kernel: w[0], recurrent: w[1], bias: w[2]).states
        let last = try states.split(sizes: [99, 1], axis: 1)[1].reshape([x.shape[0], 128])
        return try last.matmul(w[3]) + w[4]
      }
    )
  }

  static func gpt() -> (Network, (_ w: [Tensor], _ x: Tensor) throws -> Tensor) {
    var n = Network()
    let (width, heads, context, hidden) = (128, 4, 128, 512)
    n.shapes = [[65, width], [context, width]]
    for _ in 0..<4 {
      n.shapes += [[width], [width]]
      for _ in 0..<4 { n.shapes += [[width, width], [width]] }
      n.shapes += [[width], [width], [width, hidden], [hidden], [hidden, width], [width]]
    }
    n.shapes += [[width], [width], [width, 65]]
    return (
      n,
      { w, tokens in
        var next = 2
        func take() -> Tensor {
          defer { next += 1 }
          return w[next]
        }
        let batch = tokens.shape[0]
        var x = try embeddingLookup(w[0], tokens) + w[1]
        func norm(_ x: Tensor) throws -> Tensor { try layerNorm(x, gamma: take() + 1, beta: take(), epsilon: 1e-5) }
        func dense(_ x: Tensor) throws -> Tensor { try x.matmul(take()) + take() }
        for _ in 0..<4 {
          let y = try norm(x)
          let shape = [batch, context, heads, width / heads]
          let (q, k, v) = (try dense(y).reshape(shape), try dense(y).reshape(shape), try dense(y).reshape(shape))
          let mixed = try attentionCore(q, k, v, causal: true, isTimeFirst: true).reshape([batch, context, width])
          x = try x + dense(mixed)
          x = try x + dense(dense(norm(x)).tanhGelu())
        }
        return try norm(x).matmul(take())
      }
    )
  }
}
