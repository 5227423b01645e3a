import NeuralNetworks
import Tensors
import Testing

extension OneThread {
  /// Layers with random settings on random shapes, sizes of 1 included, against finite differences in float64.
  @Suite struct RandomShapeTests {
    @Test(arguments: 1...6) func gradients(_ seed: Int) throws {
      Generator.shared.seed(UInt64(seed))
      func pick(_ range: ClosedRange<Int>) throws -> Int {
        Int(try Tensor.randomIntegers(range.lowerBound, range.upperBound + 1, [1]).item())
      }
      let (batch, steps, width, units) = (try pick(1...3), try pick(1...4), try pick(1...3), try pick(1...3))
      let (rows, columns) = (try pick(1...6), try pick(1...6))
      let size = try pick(1...3)
      let isSame = try pick(0...1) == 1 || rows < size || columns < size
      let padding: (name: String, value: Setting) = ("padding", .text(isSame ? "same" : "valid"))
      let strides: (name: String, value: Setting) = ("strides", .integer(try pick(1...3)))
      let images = [batch, rows, columns, width]
      let sequence = [batch, steps, width]
      let kernel = Setting.integer(size)
      let cases: [(String, [Setting], [(name: String, value: Setting)], Shape)] = [
        ("dense", [.integer(units), .activation(try activation("gelu"))], [], [batch, steps, width]),
        ("conv2d", [.integer(units), kernel], [padding, strides], images),
        ("conv2d_transpose", [.integer(units), kernel], [padding, strides], images),
        ("depthwise_conv2d", [kernel], [padding, strides, ("multiplier", .integer(units))], images),
        ("separable_conv2d", [.integer(units), kernel], [padding, strides], images),
        ("conv1d", [.integer(units), kernel], [("padding", .text("causal"))], sequence),
        ("avg_pool2d", [kernel], [padding, strides], images),
        ("max_pool2d", [kernel], [padding, strides], images),
        ("lstm", [.integer(units)], [("return_sequences", .flag(steps % 2 == 0))], sequence),
        ("gru", [.integer(units)], [("return_sequences", .flag(steps % 2 == 1))], sequence),
        ("attention", [.integer(units)], [("dim", .integer(size)), ("causal", .flag(batch == 2))], sequence),
        ("transformer_block", [.integer(1), .integer(units)], [("norm_first", .flag(batch == 1))], sequence),
        ("layer_norm", [], [], sequence),
        ("group_norm", [.integer(width)], [], images),
        ("rms_norm", [], [], sequence),
      ]
      for (name, positional, named, shape) in cases {
        let layer = try layer(name, positional, named)
        let x = try Tensor.random(shape, .float64) * 2 - 1
        _ = try layer(x)
        let targets = layer.trainableParameters.map(\.parameter)
        for target in targets { try target.set(Tensor.random(target.shape, .float64) - 0.4) }
        let variables = [x] + targets.map(\.value)
        func loss(_ variables: [Tensor]) throws -> Tensor {
          try Parameter.withStandIns(targets, Array(variables.dropFirst())) {
            let y = try layer(variables[0])
            return try (y * y * 0.5 + y).sum()
          }.result
        }
        let label = Comment(rawValue: "\(layer.sourceText) on \(shape), seed \(seed)")
        let checks = try Derivatives.check(at: variables, loss)
        for check in checks { #expect(check.largestError < 1e-4, label) }
        try checkThroughProgram(variables, loss, label)
      }
    }

    /// A program's value and gradients, against differences of the program's value along a random direction.
    private func checkThroughProgram(_ variables: [Tensor], _ loss: ([Tensor]) throws -> Tensor, _ label: Comment)
      throws
    {
      let program = try Program.trace(inputs: variables.map(\.spec)) {
        let found = try Derivatives.valueAndGradients(at: $0, loss)
        return [found.value] + found.gradients
      }
      let directions = try variables.map { try Tensor.random($0.shape, .float64) - 0.5 }
      let h = 1e-6
      let up = try program.run(zip(variables, directions).map { try $0 + $1 * h })[0].item()
      let down = try program.run(zip(variables, directions).map { try $0 - $1 * h })[0].item()
      let slopes = try zip(program.run(variables).dropFirst(), directions).map { try ($0 * $1).sum().item() }
      let slope = slopes.reduce(0, +)
      #expect(abs((up - down) / (2 * h) - slope) < 1e-5 * max(1, abs(slope), abs(up)), label)
    }

    @Test func edges() throws {
      // A constant column has no variance; huge values do not overflow a normalisation's result into nan.
      let constant = try Tensor.full([4, 3], 7)
      #expect(try layer("layer_norm")(constant).isFinite().all().item() == 1)
      #expect(try layer("batch_norm")([constant], LayerContext(isTraining: true))[0].isFinite().all().item() == 1)
      let one = try layer("batch_norm")
      #expect(try one([Tensor.full([1, 3], 5)], LayerContext(isTraining: true))[0].doubles() == [0, 0, 0])
      // Softmax of ±1e4 is exact, and its cross-entropy finite.
      let extreme = try activation("softmax")(Tensor([1e4, -1e4], shape: [1, 2]))
      #expect(try extreme.doubles() == [1, 0])
      let loss = try #require(Catalogue.losses.first { $0.name == "cross_entropy" }).make()
      #expect(try loss(extreme, Tensor(int32: [1], shape: [1])).item() == 20000)
      // Strides larger than the input, windows larger than the image.
      #expect(
        try layer("conv2d", [.number(2), .number(1)], [("strides", .number(9))])(Tensor.ones([1, 3, 3, 1])).shape == [
          1, 1, 1, 2,
        ])
      #expect(throws: TensorError.self) { try layer("max_pool2d", [.number(5)])(Tensor.ones([1, 3, 3, 1])) }
      // A nan passes through; it does not become a number on the way.
      #expect(
        try layer("dense", [.number(2), .activation(activation("relu"))])(Tensor([.nan, 1], shape: [1, 2])).isNaN()
          .any().item() == 1)
    }
  }
}
