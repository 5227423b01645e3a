import Interpreter
import Tensors

/// Tensors from sizes and values.
func registerMaking(_ catalogue: inout Catalogue) {
  catalogue.add(
    "tensor", "(values)", .making,
    """
    The tensor of a list of numbers, bools, tensors or lists of them, of a range, a number or a tensor; of a table its
    columns side by side.

    The dtype is float32, or bool where every element is a bool. Everything in a list must have one shape.
    """, example: "tensor(((1, 2), (3, 4)))  # [[1, 2],\n#  [3, 4]]  # 2×2"
  ) { a, _ in .tensor(try tensorFromValue(a[0], of: "tensor")) }

  for (dtype, range) in [
    (DType.float32, "7 digits"), (.float64, "16 digits"), (.int32, "whole numbers up to ±2^31"),
    (.bool, "true or false"),
  ] {
    let extra =
      switch dtype {
      case .int32: " `nan`, fractions and values out of range are value errors."
      case .bool: " 0 is false, all else is true."
      default: ""
      }
    catalogue.add(
      dtype.name, "(x)", .making, "The values of a tensor, number or list as \(dtype.name) (\(range)).\(extra)",
      example: dtype == .bool ? "bool(0)  # false" : "\(dtype.name)([1, 2]).dtype  # \(dtype.name)"
    ) { a, _ in
      if dtype == .bool {
        if case .number(let number) = a[0] { return .bool(number != 0) }
        if case .bool = a[0] { return a[0] }
      }
      if dtype == .float64 || dtype == .int32, a[0].isNumberList {
        return .tensor(try float64Tensor(a[0]).cast(to: dtype))
      }
      let source = try tensorFromValue(a[0], of: dtype.name)
      return .tensor(try source.cast(to: dtype))
    }
  }

  catalogue.add(
    "zeros", "(...shape)", .making, "A tensor of zeros. The shape is given as numbers or as one list.",
    example: "zeros(3)  # [0, 0, 0]  # 3"
  ) { a, _ in .tensor(try Tensor.zeros(a.shape(0))) }

  catalogue.add(
    "ones", "(...shape)", .making, "A tensor of ones. The shape is given as numbers or as one list.",
    example: "ones(2)  # [1, 1]  # 2"
  ) { a, _ in .tensor(try Tensor.ones(a.shape(0))) }

  catalogue.add(
    "full", "(shape, value)", .making, "A tensor with one value everywhere. The shape is a number or a list.",
    example: "full((2,), 7)  # [7, 7]  # 2"
  ) { a, _ in
    let shape = try a.shape(0)
    if case .bool(let value) = a[1] { return .tensor(try Tensor.full(shape, value ? 1 : 0, .bool)) }
    if case .tensor(let value) = a[1] { return .tensor(try value.broadcast(to: shape)) }
    return .tensor(try Tensor.full(shape, a.number(1)))
  }

  catalogue.add(
    "eye", "(n)", .making, "The n×n unit matrix: ones on the diagonal, zeros elsewhere.",
    example: "eye(2)  # [[1, 0],\n#  [0, 1]]  # 2×2"
  ) { a, _ in .tensor(try Tensor.eye(a.integer(0, in: 0...Int(Int32.max)))) }

  catalogue.add(
    "linspace", "(a, b, n)", .making, "n numbers at equal distances from a to b, both included.",
    example: "linspace(0, 1, 5)  # [0, 0.25, 0.5, 0.75, 1]  # 5"
  ) { a, _ in .tensor(try Tensor.linspace(a.number(0), a.number(1), a.integer(2, in: 1...Int(Int32.max)))) }

  catalogue.add(
    "zeros_like", "(x)", .making, "Zeros with the shape and dtype of a tensor.",
    example: "zeros_like([3, 4])  # [0, 0]  # 2"
  ) { a, _ in .tensor(try Tensor.zerosLike(a.tensor(0))) }

  catalogue.add(
    "ones_like", "(x)", .making, "Ones with the shape and dtype of a tensor.",
    example: "ones_like([3, 4])  # [1, 1]  # 2"
  ) { a, _ in .tensor(try Tensor.onesLike(a.tensor(0))) }

  catalogue.add(
    "diag", "(x)", .making, "The square matrix with a vector on its diagonal, or the diagonal of a matrix.",
    example: "diag([1, 2; 3, 4])  # [1, 4]  # 2"
  ) { a, _ in .tensor(try a.tensor(0).diag()) }

  catalogue.add(
    "tril", "(x, diagonal = 0)", .making, "A matrix with zeros above a diagonal; 1 is the one above the main one.",
    example: "tril([1, 2; 3, 4])  # [[1, 0],\n#  [3, 4]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).tril(a.integer(1))) }

  catalogue.add(
    "triu", "(x, diagonal = 0)", .making, "A matrix with zeros below a diagonal; 1 is the one above the main one.",
    example: "triu([1, 2; 3, 4])  # [[1, 2],\n#  [0, 4]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).triu(a.integer(1))) }

  catalogue.add(
    "meshgrid", "(a, b)", .making,
    "Two tensors of shape (len b, len a): the first repeats `a` in every row, the second `b` in every column.",
    example: "meshgrid([1, 2, 3], [10, 20])[1]  # [[10, 10, 10],\n#  [20, 20, 20]]  # 2×3"
  ) { a, _ in
    let (x, y) = (try a.tensor(0), try a.tensor(1))
    guard x.rank == 1, y.rank == 1 else {
      throw RuntimeError(
        .shape, "`meshgrid` wants two tensors of rank 1, and got shapes \(x.shape.shapeText) and \(y.shape.shapeText)")
    }
    let shape = [y.count, x.count]
    return .items([.tensor(try x.broadcast(to: shape)), .tensor(try y.expand(1).broadcast(to: shape))])
  }
}
