import Interpreter
import Tensors

/// All derivatives of a result with respect to one argument: one run, one backward pass for each element of the result.
func jacobian(
  _ name: String, _ arguments: CallArguments, position: Int, _ body: (CallArguments) throws -> Value
) throws -> Value {
  guard position < arguments.positional.count else {
    throw RuntimeError(
      .type,
      "`\(name)` differentiates with respect to argument \(position), and the call gives "
        + Wording.counted(arguments.positional.count, "argument"))
  }
  let argument = arguments.positional[position]
  let variable: Tensor
  switch argument {
  case .number(let number): variable = try Tensor.number(number)
  case .tensor(let tensor) where tensor.dtype.isFloat: variable = tensor
  default:
    throw RuntimeError(
      .type, "`\(name)` differentiates with respect to a number or a float tensor, and got \(argument.kindText)")
  }
  let derivatives = try Derivatives.jacobian(at: variable) { standIn in
    var arguments = arguments
    arguments.positional[position] = .tensor(standIn)
    switch try body(arguments) {
    case .tensor(let tensor) where tensor.dtype.isFloat: return tensor
    case .number(let number): return try Tensor.number(number)
    case let other:
      throw RuntimeError(
        .type, "`\(name)` wants a function whose result is a float tensor or a number, and it gave \(other.kindText)")
    }
  }
  return .result(derivatives)
}
