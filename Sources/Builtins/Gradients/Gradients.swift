import Interpreter
import Tensors

/// Functions that make derivatives of functions.
func registerGradients(_ catalogue: inout Catalogue) {
  catalogue.add(
    "grad", "(f, wrt = 0)", .gradients,
    """
    The function that gives the derivative of `f`, whose result must be a number (or 0-d).

    It takes f's arguments and gives the gradient with respect to the first one, or to the one at position `wrt`, or a
    list of gradients where `wrt` is a list. An argument may be a number, a float tensor, a list or record of them, or a
    layer; the gradient has the same form, for a layer a record from parameter name to tensor. What was not on the path
    has gradient zero. It composes: `grad(grad(f))`. Method: reverse-mode automatic differentiation of what ran.
    """, example: "grad(x -> x ^ 3)(2)  # 12"
  ) { a, _ in
    let (positions, isList) = try wanted(&a)
    let taking = GradientTaking("grad", function: try a.callable(0), positions: positions)
    return derived("grad", a[0]) { arguments, context in
      let gradients = try taking.valueAndGradients(arguments, context).gradients
      return isList ? .items(gradients) : gradients[0]
    }
  }

  catalogue.add(
    "value_and_grad", "(f, wrt = 0)", .gradients,
    "As `grad`, but the function gives the pair (value, gradient) from one run of `f`.",
    example: "value_and_grad(x -> x ^ 2)(3)  # (9, 6)"
  ) { a, _ in
    let (positions, isList) = try wanted(&a)
    let taking = GradientTaking("value_and_grad", function: try a.callable(0), positions: positions)
    return derived("value_and_grad", a[0]) { arguments, context in
      let (value, gradients) = try taking.valueAndGradients(arguments, context)
      return .items([value, isList ? .items(gradients) : gradients[0]])
    }
  }

  catalogue.add(
    "jacobian", "(f, wrt = 0)", .gradients,
    """
    The function that gives all derivatives of a function from a tensor (or number) to a tensor (or number).

    Its result has the shape of f's result followed by the shape of the argument.
    """, example: "jacobian(x -> x ^ 2)([1, 2])  # [[2, 0],\n#  [0, 4]]  # 2×2"
  ) { a, _ in
    let function = try a.callable(0)
    let position = try a.integer(1, in: 0...1_000_000)
    return derived("jacobian", function) { arguments, context in
      try jacobian("jacobian", arguments, position: position) { try context.call(function, $0) }
    }
  }

  catalogue.add(
    "hessian", "(f, wrt = 0)", .gradients,
    """
    The function that gives the second derivatives of a function whose result is a number: the Jacobian of its gradient.

    Its result has the shape of the argument twice.
    """, example: "hessian(x -> x[0] ^ 2 * x[1])([1, 2])  # [[4, 2],\n#  [2, 0]]  # 2×2"
  ) { a, _ in
    let function = try a.callable(0)
    let position = try a.integer(1, in: 0...1_000_000)
    let taking = GradientTaking("hessian", function: function, positions: [position])
    return derived("hessian", function) { arguments, context in
      try jacobian("hessian", arguments, position: position) {
        try taking.valueAndGradients($0, context).gradients[0]
      }
    }
  }

  catalogue.add(
    "stop_gradient", "(x)", .gradients, "The same value, through which no gradient flows: a constant to `grad`.",
    example: "grad(x -> stop_gradient(x) * x)(3)  # 3"
  ) { a, _ in try stopped(a[0]) }

  catalogue.add(
    "check_gradient", "(f, x, step = 1e-5)", .gradients,
    """
    Compares the gradient of `f` at `x` with central differences in float64, and gives a table of the largest errors.

    There is a row for each tensor or number inside x: its name, how many elements it has, and the largest relative
    error, |g - d| / max(1, |g|, |d|). Below about 1e-6 the gradient is right. `step` is the half distance,
    relative to the element where that is above 1.
    """, example: "check_gradient(x -> sum(x ^ 2), [1, 2]).relative_error[0] < 1e-6  # true"
  ) { a, c in try checkGradient(&a, c) }
}

/// `wrt` as positions, and whether it was a list.
private func wanted(_ a: inout BoundArguments) throws -> ([Int], Bool) {
  guard case .list = a[1] else { return ([try a.integer(1, in: 0...1_000_000)], false) }
  let positions = try a.integers(1)
  guard !positions.isEmpty, positions.allSatisfy({ $0 >= 0 }), Set(positions).count == positions.count else {
    throw RuntimeError(.value, "`\(a.function)` wants different positions of arguments from 0 for `wrt`")
  }
  return (positions, true)
}

/// A function made of another one, with its parameters.
private func derived(
  _ title: String, _ function: Value, _ body: @escaping (CallArguments, CallContext) throws -> Value
) -> Value {
  var name = "f"
  var signature: Signature?
  if case .function(let value) = function {
    name = value.name ?? "f"
    signature = value.signature
  }
  return .function(
    HostFunction("\(title)(\(name))", signature: signature, payload: ValueBox(function)) { try body($0, $1) })
}

/// The value without its history, to any depth.
private func stopped(_ value: Value) throws -> Value {
  switch value {
  case .tensor(let tensor): return .result(try tensor.stopGradient())
  case .list(let list): return .items(try list.items.map(stopped))
  case .record(let record): return .fields(try zip(record.names, record.values).map { ($0, try stopped($1)) })
  default: return value
  }
}
