@testable import Tensors

/// Convolution, pooling, normalisation, attention, recurrent layers and losses, at points where they are smooth.
extension Samples {
  static var kernels: [Sample] { convolutions + pools + softmaxes + normalisations + attentions + recurrents }

  private static let unit = -1.0...1.0

  static var convolutions: [Sample] {
    func image(
      _ name: String, _ x: Shape, _ kernel: Shape, bias: Bool = false, strides: [Int]? = nil,
      padding: [(Int, Int)]? = nil,
      dilation: [Int]? = nil, groups: Int = 1
    ) -> Sample {
      let shapes = [x, kernel] + (bias ? [[kernel[kernel.count - 1]]] : [])
      return Sample("conv \(name)", shapes.map { ($0, unit) }) {
        try conv(
          $0[0], $0[1], bias: bias ? $0[2] : nil, strides: strides, padding: padding, dilation: dilation, groups: groups
        ).square()
      }
    }
    func transposed(
      _ name: String, _ x: Shape, _ kernel: Shape, strides: [Int]? = nil, padding: [(Int, Int)]? = nil,
      outputSize: [Int]? = nil
    ) -> Sample {
      Sample("conv transposed \(name)", [x, kernel, [kernel[kernel.count - 2]]].map { ($0, unit) }) {
        try convTranspose($0[0], $0[1], bias: $0[2], strides: strides, padding: padding, outputSize: outputSize)
          .square()
      }
    }
    return [
      image("1-d", [2, 5, 2], [3, 2, 3], bias: true),
      image("1-d causal, dilated", [2, 6, 2], [2, 2, 2], padding: [(2, 0)], dilation: [2]),
      image("1-d strided groups", [1, 7, 4], [3, 2, 4], strides: [2], padding: [(1, 1)], groups: 2),
      image("2-d", [2, 4, 5, 2], [3, 3, 2, 2], bias: true),
      image("2-d same", [1, 3, 4, 2], [2, 2, 2, 3], padding: [(0, 1), (0, 1)]),
      image("2-d strides past the end", [1, 6, 5, 1], [3, 3, 1, 2], strides: [2, 3]),
      image("2-d stride above kernel", [1, 5, 7, 2], [2, 2, 2, 2], strides: [3, 3]),
      image("2-d stride above input", [1, 2, 3, 1], [1, 1, 1, 2], strides: [5, 4]),
      image("2-d dilated", [1, 6, 5, 2], [2, 2, 2, 2], dilation: [2, 3]),
      image("2-d groups", [1, 4, 3, 4], [2, 2, 2, 6], groups: 2),
      image("2-d one by one", [2, 3, 3, 3], [1, 1, 3, 2]),
      image("2-d many channels", [1, 3, 3, 17], [2, 2, 17, 18]),
      image("2-d each channel alone", [1, 3, 4, 3], [2, 2, 1, 3], groups: 3),
      Sample("conv depthwise", [([1, 4, 3, 2], unit), ([2, 2, 2, 3], unit)]) {
        try depthwiseConv($0[0], $0[1], padding: [(1, 0), (0, 1)]).square()
      },
      transposed("2-d", [1, 2, 3, 2], [3, 3, 2, 2]),
      transposed("2-d strided", [1, 3, 2, 2], [3, 3, 1, 2], strides: [2, 2]),
      transposed(
        "2-d same", [1, 3, 2, 2], [3, 3, 2, 2], strides: [2, 2], padding: [(0, 1), (0, 1)], outputSize: [6, 4]),
      transposed("2-d stride above kernel", [1, 2, 3, 2], [2, 2, 2, 2], strides: [3, 3], outputSize: [6, 9]),
      transposed("1-d", [1, 4, 2], [3, 2, 2], strides: [2]),
    ]
  }

  static var pools: [Sample] {
    func both(
      _ name: String, _ x: Shape, _ size: [Int], strides: [Int]? = nil, padding: [(Int, Int)]? = nil
    ) -> [Sample] {
      [
        Sample("max pool \(name)", [(x, unit)]) {
          try maxPool($0[0], size: size, strides: strides, padding: padding).square()
        },
        Sample("mean pool \(name)", [(x, unit)]) {
          try avgPool($0[0], size: size, strides: strides, padding: padding).square()
        },
      ]
    }
    return both("1-d", [2, 7, 2], [3], strides: [1])
      + both("1-d padded", [2, 5, 2], [3], strides: [2], padding: [(1, 1)])
      + both("2-d", [2, 4, 4, 3], [2, 2]) + both("2-d overlapping", [1, 5, 4, 2], [3, 2], strides: [1, 1])
      + both("2-d padded", [1, 3, 5, 2], [3, 3], strides: [1, 2], padding: [(1, 1), (1, 1)])
      + both("2-d stride above window", [1, 5, 7, 2], [2, 2], strides: [3, 4])
      + both("2-d many channels", [1, 4, 4, 19], [2, 2])
  }

  static var softmaxes: [Sample] {
    let axes: [(Shape, Int)] = [([5], 0), ([3, 4], -1), ([3, 4], 0), ([2, 3, 4], 1), ([2, 20], -1), ([1, 1], -1)]
    let along = axes.flatMap { shape, axis in
      [
        Sample("softmax \(shape) along \(axis)", [(shape, -2...2)]) { try $0[0].softmax(axis: axis).square() },
        Sample("log softmax \(shape) along \(axis)", [(shape, -2...2)]) { try $0[0].logSoftmax(axis: axis).square() },
      ]
    }
    return along + [
      Sample("cross-entropy of classes", [([3, 4], -2...2)]) {
        try softmaxCrossEntropy($0[0], Tensor(int32: [2, 0, 3], shape: [3])).square()
      },
      Sample("cross-entropy of classes over steps", [([2, 2, 3], -2...2)]) {
        try softmaxCrossEntropy($0[0], Tensor(int32: [2, 0, 1, 1], shape: [2, 2])).square()
      },
      Sample("cross-entropy of rows", [([3, 4], -2...2), ([3, 4], 0...1)]) {
        try softmaxCrossEntropy($0[0], $0[1]).square()
      },
      Sample("sigmoid cross-entropy", [([3, 4], -2...2), ([3, 4], 0...1)]) {
        try sigmoidCrossEntropy($0[0], $0[1]).square()
      },
      Sample("embedding", [([5, 3], unit)]) {
        try embeddingLookup($0[0], Tensor(int32: [1, 4, 1, 0], shape: [2, 2])).square()
      },
    ]
  }

  static var normalisations: [Sample] {
    [
      Sample("layer norm", [([3, 5], unit), ([5], unit), ([5], unit)]) {
        try layerNorm($0[0], gamma: $0[1], beta: $0[2]).square()
      },
      Sample("layer norm plain, wide", [([2, 2, 19], unit)]) { try layerNorm($0[0], epsilon: 1e-2).power(3) },
      Sample("layer norm offset", [([2, 4], unit), ([4], unit)]) { try layerNorm($0[0], beta: $0[1]).square() },
      Sample("rms norm", [([2, 2, 4], unit), ([4], unit)]) { try rmsNorm($0[0], scale: $0[1]).square() },
      Sample("batch norm", [([4, 3], unit), ([3], unit), ([3], unit)]) {
        try batchNorm($0[0], gamma: $0[1], beta: $0[2]).result.square()
      },
      Sample("batch norm of images", [([2, 2, 3, 2], unit)]) { try batchNorm($0[0]).result.power(3) },
      Sample("batch norm with its statistics", [([4, 2], unit), ([2], unit)]) {
        let found = try batchNorm($0[0], gamma: $0[1])
        return try found.result.square().sum() + found.mean.square().sum() + found.variance.square().sum()
      },
      Sample("group norm", [([2, 1, 3, 4], unit), ([4], unit), ([4], unit)]) {
        try groupNorm($0[0], groups: 2, gamma: $0[1], beta: $0[2]).square()
      },
    ]
  }

  static var attentions: [Sample] {
    func core(_ name: String, _ q: Shape, _ k: Shape, _ v: Shape, causal: Bool = false, timeFirst: Bool = false)
      -> Sample
    {
      Sample("attention \(name)", [(q, unit), (k, unit), (v, unit)]) {
        try attentionCore($0[0], $0[1], $0[2], causal: causal, isTimeFirst: timeFirst).square()
      }
    }
    return [
      core("self", [2, 2, 3, 2], [2, 2, 3, 2], [2, 2, 3, 2]),
      core("cross", [1, 2, 2, 3], [1, 2, 4, 3], [1, 2, 4, 2]),
      core("causal", [1, 1, 4, 2], [1, 1, 4, 2], [1, 1, 4, 2], causal: true),
      core("time first", [2, 3, 2, 2], [2, 3, 2, 2], [2, 3, 2, 2], causal: true, timeFirst: true),
      Sample("attention masked", [([2, 1, 2, 2], unit), ([2, 1, 3, 2], unit), ([2, 1, 3, 2], unit)]) {
        let mask = try Tensor(bools: [true, true, false, true, false, true], shape: [2, 3])
        return try attentionCore($0[0], $0[1], $0[2], mask: mask).square()
      },
    ]
  }

  static var recurrents: [Sample] {
    func layer(_ kind: RecurrentKind, _ name: String, bias: Bool = true, masked: Bool = false, steps: Int = 3) -> Sample
    {
      let units = 2
      let shapes: [Shape] =
        [[2, steps, 3], [3, kind.gates * units], [units, kind.gates * units]]
        + (bias ? [kind == .gru ? [2, 3 * units] : [kind.gates * units]] : [])
      return Sample("\(kind) \(name)", shapes.map { ($0, unit) }) {
        let mask =
          masked ? try Tensor(bools: (0..<2 * steps).map { $0 % 3 != 1 && $0 != 0 }, shape: [2, steps]) : nil
        let found = try recurrent(kind, $0[0], kernel: $0[1], recurrent: $0[2], bias: bias ? $0[3] : nil, mask: mask)
        let states = try found.states.square().sum()
        return try found.cells.map { try states + $0.power(3).sum() } ?? states
      }
    }
    return [RecurrentKind.simple, .lstm, .gru].flatMap { kind in
      [
        layer(kind, "sequence"), layer(kind, "without bias", bias: false), layer(kind, "masked", masked: true),
        layer(kind, "one step", steps: 1),
      ]
    }
  }
}
