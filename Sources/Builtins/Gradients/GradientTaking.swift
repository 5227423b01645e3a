import Interpreter
import Tensors

/// Takes gradients of a function of the language: what `grad`, `value_and_grad`, `jacobian` and `hessian` share.
struct GradientTaking {
  /// `grad`, `jacobian` …, for messages.
  let name: String
  let function: Value
  /// Positions of the arguments to differentiate with respect to.
  let positions: [Int]

  init(_ name: String, function: Value, positions: [Int] = [0]) {
    self.name = name
    self.function = function
    self.positions = positions
  }

  /// The function's value, and the gradient for each wanted argument in its form.
  func valueAndGradients(_ arguments: CallArguments, _ context: CallContext) throws -> (
    value: Value, gradients: [Value]
  ) {
    var arguments = try positional(arguments)
    var targets = try differentiables(arguments)
    try buildLayers(targets, &arguments, &targets, context)
    var used = false
    let tape = Engine.shared.tape
    let (value, gradients) = try tape.gradients(of: targets.flatMap(\.variables)) { (result: Value) in
      try scalar(result)
    } _: { standIns in
      let start = tape.entries.count
      let result = try call(arguments, targets, standIns, context)
      used = tape.entries.count > start
      return result
    }
    if gradients.allSatisfy({ $0 == nil }), !used, !targets.allSatisfy(\.variables.isEmpty) { try refuseConstant() }
    return (plain(value), try parts(gradients, of: targets))
  }

  /// Arguments in order; named ones are put in their place.
  private func positional(_ arguments: CallArguments) throws -> CallArguments {
    guard let last = positions.max(), last >= arguments.positional.count, !arguments.named.isEmpty,
      case .function(let value) = function, let signature = value.signature
    else { return try checked(arguments) }
    var arguments = arguments
    for parameter in signature.parameters.dropFirst(arguments.positional.count).prefix(
      last + 1 - arguments.positional.count)
    {
      guard let index = arguments.named.firstIndex(where: { $0.name == parameter.name }) else { break }
      arguments.positional.append(arguments.named.remove(at: index).value)
    }
    return try checked(arguments)
  }

  private func checked(_ arguments: CallArguments) throws -> CallArguments {
    for position in positions where position >= arguments.positional.count {
      throw RuntimeError(
        .type,
        "`\(name)` differentiates with respect to argument \(position), and the call gives "
          + Wording.counted(arguments.positional.count, "argument"))
    }
    return arguments
  }

  private func differentiables(_ arguments: CallArguments) throws -> [Differentiable] {
    try positions.map { try Differentiable(arguments.positional[$0], of: name) }
  }

  /// Layers that have not been called yet get their parameters from a call that computes nothing.
  private func buildLayers(
    _ targets: [Differentiable], _ arguments: inout CallArguments, _ rebuilt: inout [Differentiable],
    _ context: CallContext
  ) throws {
    let unbuilt = targets.flatMap(\.unbuiltObjects)
    guard let first = unbuilt.first else { return }
    let given = arguments
    do {
      try first.whileBuilding { _ = try context.call(function, given) }
    } catch is AbstractDataError {
      // The function looks at values: by then its layers were called.
    }
    rebuilt = try differentiables(arguments)
  }

  private func call(
    _ arguments: CallArguments, _ targets: [Differentiable], _ standIns: [Tensor], _ context: CallContext
  ) throws -> Value {
    var arguments = arguments
    var start = 0
    var nested: () throws -> Value = { .none }
    var slices: [[Tensor]] = []
    for (position, target) in zip(positions, targets) {
      let slice = Array(standIns[start..<(start + target.variables.count)])
      arguments.positional[position] = target.argument(with: slice)
      slices.append(slice)
      start += target.variables.count
    }
    nested = { try context.call(function, arguments) }
    for (target, slice) in zip(targets, slices) {
      let inner = nested
      nested = { try target.withParameters(slice, inner) }
    }
    return try nested()
  }

  /// The result as the single value that is differentiated.
  private func scalar(_ result: Value) throws -> Tensor {
    switch result {
    case .tensor(let tensor) where tensor.dtype.isFloat && tensor.rank == 0: return tensor
    case .tensor(let tensor) where tensor.rank > 0:
      throw RuntimeError(
        .shape,
        "`\(name)` wants a function whose result is a number (or 0-d), and it gave a tensor of shape \(tensor.shape.shapeText)",
        hint: "reduce it first: sum(…) or mean(…); jacobian(f) takes the derivative of every element")
    case .number(let number): return try Tensor.number(number)
    case .tensor(let tensor):
      throw RuntimeError(
        .type,
        "`\(name)` wants a function whose result is a number, and it gave \(tensor.dtype.name), which has no derivative"
      )
    default:
      throw RuntimeError(
        .type, "`\(name)` wants a function whose result is a number (or 0-d), and it gave \(result.kindText)")
    }
  }

  /// A result that no argument can change is a mistake; one that another path would change has gradient zero.
  private func refuseConstant() throws {
    if case .function(let value) = function, let mentions = value.mentionsParameters(at: positions), mentions { return }
    throw RuntimeError(
      .value, "`\(name)`: the function's result does not depend on its argument, so there is no derivative to take",
      hint: "use the function's own parameter in its result; values from outside it are constants")
  }

  private func parts(_ gradients: [Tensor?], of targets: [Differentiable]) throws -> [Value] {
    var start = 0
    return try targets.map { target in
      let tensors = try target.variables.enumerated().map { position, variable in
        try gradients[start + position] ?? Tensor.zerosLike(variable)
      }
      start += target.variables.count
      return target.gradient(from: tensors)
    }
  }

  /// A number where the tensor is only a number.
  private func plain(_ value: Value) -> Value {
    if case .tensor(let tensor) = value { return .result(tensor) }
    return value
  }
}
