import Tensors

extension Catalogue {
  /// Initializers without randomness.
  static var constantInitializers: [Descriptor<Initializer>] {
    [
      Descriptor(
        "zeros_init", .initializers, [],
        Documentation("Zeros.", example: "zeros_init()((2, 2))")
      ) { _ in Initializer { try Tensor.zeros($0, $1) } },
      Descriptor(
        "ones_init", .initializers, [],
        Documentation("Ones.", example: "ones_init()((2, 2))")
      ) { _ in Initializer { try Tensor.ones($0, $1) } },
      Descriptor(
        "constant_init", .initializers, [ParameterDescription("value", .number(.any), default: .number(0))],
        Documentation("One number everywhere.", example: "constant_init(0.5)((2,))  # [0.5, 0.5]")
      ) { arguments in
        let value = try arguments.number("value")
        return Initializer { try Tensor.full($0, value, $1) }
      },
      Descriptor(
        "identity_init", .initializers,
        [ParameterDescription("gain", .number(.any), default: .number(1), "the number on the diagonal")],
        Documentation(
          "The identity matrix; an oblong matrix gets ones on its diagonal.", shapes: "(rows, columns)",
          example: "identity_init()((2, 2))  # [[1, 0], [0, 1]]")
      ) { arguments in
        let gain = try arguments.number("gain")
        return Initializer { shape, dtype in
          guard shape.count == 2 else {
            throw TensorError(.shape, "identity_init makes matrices, and was asked for shape \(shape.shapeText)")
          }
          var values = [Double](repeating: 0, count: try Limits.checkedCount(shape, dtype))
          for position in 0..<min(shape[0], shape[1]) { values[position * shape[1] + position] = gain }
          return try Tensor(values, shape: shape, dtype: dtype)
        }
      },
    ]
  }
}
