import Interpreter
import Tensors

/// `check_gradient(f, x)`: everything in 64 bits, the parameters of layers too.
func checkGradient(_ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  let function = try a.callable(0)
  let step = try a.number(2, in: 1e-12...1e3)
  let target = try Differentiable(a[1], of: "check_gradient")
  let checks = try Derivatives.check(at: target.variables, step: step) { tensors in
    let result = try target.withParameters(tensors) {
      try context.call(function, target.argument(with: tensors))
    }
    switch result {
    case .tensor(let tensor) where tensor.count == 1 && tensor.dtype.isFloat: return tensor
    case .number(let number): return try Tensor.number(number)
    default:
      throw RuntimeError(
        .type, "`check_gradient` wants a function whose result is a number, and it gave \(result.kindText)")
    }
  }
  return try makeTable([
    ("name", .items(target.names.map { .text($0) })),
    ("elements", .items(target.variables.map { .number(Double($0.count)) })),
    ("relative_error", .items(checks.map { .number($0.largestError) })),
  ])
}
