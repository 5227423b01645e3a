import Interpreter
import NeuralNetworks
import Tensors

/// `compile`.
func registerCompiling(_ catalogue: inout Catalogue) {
  catalogue.add(
    "compile", "(f)", .gradients,
    """
    The function `f` of tensors, run as one planned program: memory planned once, elementwise chains fused.

    It gives f's numbers within rounding. There is a program for each combination of shapes. A function whose control flow
    looks at values, that prints or trains, or that reads a `var`, runs step by step instead; `g.explanation` of a call's
    function says which.
    """, example: "compile(x -> sum(x ^ 2))([3, 4])  # 25"
  ) { a, c in .object(CompiledFunction(try a.callable(0), c)) }
}

/// A function with its programs, one for each combination of shapes.
final class CompiledFunction: ObjectValue {
  private let function: Value
  /// The layers that the function uses: their weights are inputs of its programs.
  private let layers: [Layer]
  /// Why it runs step by step; nil where it need not.
  private var obstacle: String?
  private var programs: [[Spec]: Plan] = [:]

  /// A program and the form of its result.
  private struct Plan {
    let program: Program
    let isList: Bool
  }

  init(_ function: Value, _ context: CallContext) {
    self.function = function
    let found = CompiledFunction.uses([function], context)
    layers = found.layers
    obstacle = found.obstacle
  }

  override var typeName: String { "function" }
  override var isCallable: Bool { true }
  override func text(_ style: DisplayStyle) -> String { "<compiled \(function.text(.nested))>" }
  override var memberNames: [String] { ["explanation"] }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    guard name == "explanation" else { return nil }
    if let obstacle { return .text("runs step by step: \(obstacle)") }
    let texts = programs.values.map(\.program.explanation)
    return .text(texts.isEmpty ? "not called yet" : texts.sorted().joined(separator: "\n"))
  }

  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    let tensors = arguments.positional.compactMap { value -> Tensor? in
      if case .tensor(let tensor) = value, !tensor.isAbstract { return tensor }
      return nil
    }
    // A gradient through it needs every operation; other arguments than tensors have no shape to plan for.
    guard obstacle == nil, arguments.named.isEmpty, tensors.count == arguments.positional.count,
      Engine.shared.tape.depth == 0, let plan = try plan(for: tensors, arguments, context)
    else { return try context.call(function, arguments) }
    let results = try plan.program.run(tensors + parameters.map(\.value))
    return plan.isList ? .items(results.map { .tensor($0) }) : .tensor(results[0])
  }

  private var parameters: [Parameter] { layers.flatMap { $0.parameters.map(\.parameter) } }

  private func plan(for tensors: [Tensor], _ arguments: CallArguments, _ context: CallContext) throws -> Plan? {
    let parameters = parameters
    let specs = tensors.map(\.spec) + parameters.map(\.value.spec)
    if let plan = programs[specs] { return plan }
    guard layers.allSatisfy(\.isBuilt) else { return nil }
    var isList = false
    let random = Generator.shared.state
    defer { Generator.shared.state = random }
    do {
      let program = try Program.trace(inputs: specs) { inputs in
        let own = ContiguousArray(inputs[..<tensors.count].map { Value.tensor($0) })
        let stood = try Parameter.withStandIns(parameters, Array(inputs[tensors.count...])) {
          try context.call(function, CallArguments(positional: own))
        }
        guard zip(stood.values, inputs[tensors.count...]).allSatisfy({ $0 === $1 }) else { throw AbstractDataError() }
        if case .list = stood.result { isList = true }
        return try CompiledFunction.results(stood.result)
      }
      let plan = Plan(program: program, isList: isList)
      programs[specs] = plan
      return plan
    } catch is AbstractDataError {
      obstacle = "it looks at values, prints, trains, or changes a layer"
      return nil
    }
  }

  /// The tensors of a result: one, or a flat list of them.
  private static func results(_ value: Value) throws -> [Tensor] {
    switch value {
    case .tensor(let tensor) where tensor.isAbstract: return [tensor]
    case .list(let list) where !list.items.isEmpty:
      return try list.items.map { item in
        guard case .tensor(let tensor) = item, tensor.isAbstract else { throw AbstractDataError() }
        return tensor
      }
    default: throw AbstractDataError()
    }
  }

  /// The program's own functions inside a layer.
  static func functions(in layer: Layer) -> [Value] {
    var found: [Value] = []
    for (_, setting) in layer.configuration.settings {
      if case .function(let function) = setting, let box = function.payload as? ValueBox { found.append(box.value) }
      if case .activation(let activation) = setting {
        for case (_, .function(let function)) in activation.configuration.settings {
          if let box = function.payload as? ValueBox { found.append(box.value) }
        }
      }
    }
    if let custom = layer as? CustomLayer, let box = custom.payload as? ValueBox { found.append(box.value) }
    return found + layer.children.flatMap { functions(in: $0.layer) }
  }

  /// The layers that functions can reach, and what keeps them from being a program.
  static func uses(_ roots: [Value], _ context: CallContext) -> (layers: [Layer], obstacle: String?) {
    var layers: [Layer] = []
    var pending = roots
    var steps = 0
    while let next = pending.popLast() {
      steps += 1
      let dependencies = Dependencies(of: next, in: context)
      if dependencies.readsVariables || steps > 1000 { return ([], "it reads a `var`, or calls what may change") }
      for value in dependencies.values {
        switch value {
        case .function(let function as HostFunction):
          if let inner = function.payload as? ValueBox {
            pending.append(inner.value)
          } else if function.payload == nil {
            return ([], "it calls \(function.name ?? "a function") whose parts are not known")
          }
        case .object(let object as LayerObject):
          if !layers.contains(where: { $0 === object.layer }) {
            layers.append(object.layer)
            pending += functions(in: object.layer)
          }
        case .object(let object):
          if !(object is SettingObject || object is TableObject) {
            return ([], "it uses \(value.kindText), which may change")
          }
        default: break
        }
      }
    }
    return (layers, nil)
  }
}
