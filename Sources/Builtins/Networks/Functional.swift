import Interpreter
import NeuralNetworks
import Tensors

/// The functional model: `input` and `model`.
func registerFunctional(_ catalogue: inout Catalogue) {
  catalogue.add(
    "input", "(...shape, dtype = \"float32\", name = none)", .models,
    """
    A symbolic tensor for samples of a shape (without the batch axis): the start of a functional model.

    Layers, operators and built-ins work on it, and `model(x, y)` makes a layer of what lies between:
    `let x = input(32); let y = x |> dense(8, relu) |> dense(1); let net = model(x, y)`.
    """, example: "input(32).shape  # (none, 32)"
  ) { a, _ in
    let name = try a.choice(1, DType.allCases.map(\.name))
    let dtype = DType.allCases.first { $0.name == name } ?? .float32
    return .object(SymbolicObject(try SymbolicTensor.input(a.shape(0), dtype: dtype, name: a.optionalString(2))))
  }

  catalogue.add(
    "model", "(inputs, outputs)", .models,
    "The layer that leads from symbolic inputs to symbolic outputs; several of either are lists. A layer used twice shares its weights.",
    example: """
      let x = input(2)
      let net = model(x, x * 2 + 1)
      net([[1, 2]])  # [[3, 5]]  # 1×2
      """
  ) { a, _ in
    .object(LayerObject(try GraphModel(inputs: symbols(a, 0), outputs: symbols(a, 1))))
  }
}

private func symbols(_ a: BoundArguments, _ position: Int) throws -> [SymbolicTensor] {
  let values: ContiguousArray<Value>
  if case .list(let list) = a[position] { values = list.items } else { values = [a[position]] }
  return try values.map { value in
    guard case .object(let object as SymbolicObject) = value else {
      throw RuntimeError(
        .type, "`model` wants symbolic tensors for `\(a.name(position))`, and got \(value.kindText)",
        hint: "begin with input(…): let x = input(32)")
    }
    return object.symbol
  }
}
