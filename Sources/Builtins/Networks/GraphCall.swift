import Interpreter
import NeuralNetworks
import Syntax
import Tensors
import Training

/// A call of a built-in, or an operator, in a functional model: replayed with data whenever the model is called.
struct GraphCall {
  /// The built-in's name, or the operator's text.
  let name: String
  /// The arguments in the order of the parameters, with places for what is symbolic.
  let arguments: [Value]
  /// What is symbolic, in the order of its places.
  private let symbols: [SymbolicTensor]

  /// Stands where an input of the node goes.
  private final class Place: ObjectValue {
    let position: Int
    init(_ position: Int) { self.position = position }
  }

  /// - Parameter arguments: of which at least one is, or holds, a symbolic tensor.
  init(_ name: String, _ arguments: [Value]) {
    self.name = name
    var symbols: [SymbolicTensor] = []
    func place(_ value: Value) -> Value {
      switch value {
      case .object(let object as SymbolicObject):
        symbols.append(object.symbol)
        return .object(Place(symbols.count - 1))
      case .list(let list) where value.isSymbolic: return .items(list.items.map(place))
      default: return value
      }
    }
    self.arguments = arguments.map(place)
    self.symbols = symbols
  }

  /// Adds the call to the graph.
  func recorded(_ context: CallContext) throws -> Value {
    let function = GraphFunction(name, arguments: encoded) { try self.run($0, context) }
    do { return SymbolicObject.value(try SymbolicTensor.apply(function, symbols)) } catch var error as TensorError {
      error.message = Self.naming(error.message)
      throw error
    } catch var error as RuntimeError {
      error.message = Self.naming(error.message)
      throw error
    }
  }

  /// A message about shapes with the batch axis of symbolic tensors shown as such.
  private static func naming(_ message: String) -> String {
    message.replacing("\(Layer.symbolicBatch)×", with: "batch×")
  }

  /// The call with tensors in the places.
  func run(_ inputs: [Tensor], _ context: CallContext) throws -> [Tensor] {
    func filled(_ value: Value) -> Value {
      switch value {
      case .object(let object as Place): .tensor(inputs[object.position])
      case .list(let list): .items(list.items.map(filled))
      default: value
      }
    }
    let values = ContiguousArray(arguments.map(filled))
    let result: Value
    if name == GraphIndex.name, values.count == 2, case .list(let parts) = values[1] {
      return [try inputs[0].slice(parts.items.map(GraphIndex.part))]
    }
    if let operation = BinaryOperator(rawValue: name), values.count == 2 {
      result = try context.apply(operation, values[0], values[1])
    } else {
      guard let builtin = Catalogue.standard[name] else { throw TensorError(.value, "there is no function \(name)") }
      var bound = BoundArguments(signature: builtin.signature, values: values)
      result = try builtin.body(&bound, context)
    }
    return try tensors(in: result, of: name)
  }

  // MARK: Files

  /// The arguments as a file keeps them; nil where one cannot be written down.
  private var encoded: ConfigValue? {
    let parts = arguments.compactMap(GraphCall.encode)
    return parts.count == arguments.count ? .list(parts) : nil
  }

  private static func encode(_ value: Value) -> ConfigValue? {
    switch value {
    case .none: return ConfigValue.none
    case .bool(let flag): return .flag(flag)
    case .number(let number): return .number(number)
    case .string(let text): return .record([.init("text", .text(text.text))])
    case .object(let object as Place): return .record([.init("input", .number(Double(object.position)))])
    case .list(let list):
      let parts = list.items.compactMap(encode)
      return parts.count == list.items.count ? .list(parts) : nil
    case .tensor(let tensor) where tensor.count <= 4096 && !tensor.isAbstract:
      guard let numbers = try? tensor.doubles() else { return nil }
      return .record([
        .init("tensor", .list(numbers.map { .number($0) })), .init("dtype", .text(tensor.dtype.name)),
        .init("shape", .list(tensor.shape.map { .number(Double($0)) })),
      ])
    default: return nil
    }
  }

  /// The function of a graph in a file.
  /// - Throws: a value error for one that this version does not know.
  static func function(_ name: String, _ arguments: ConfigValue, _ context: CallContext) throws -> GraphFunction {
    guard name == GraphIndex.name || BinaryOperator(rawValue: name) != nil || Catalogue.standard[name] != nil,
      case .list(let parts) = arguments
    else {
      throw TensorError(.value, "the model in the file uses the function `\(name)`, which is not known here")
    }
    let call = GraphCall(name: name, placed: try parts.map(decode))
    return GraphFunction(name, arguments: arguments) { try call.run($0, context) }
  }

  private init(name: String, placed: [Value]) {
    self.name = name
    arguments = placed
    symbols = []
  }

  private static func decode(_ config: ConfigValue) throws -> Value {
    switch config {
    case .none: return .none
    case .flag(let flag): return .bool(flag)
    case .number(let number): return .number(number)
    case .text(let text): return .text(text)
    case .list(let items): return .items(try items.map(decode))
    case .record:
      if case .text(let text)? = config["text"] { return .text(text) }
      if case .number(let position)? = config["input"], let whole = Int(exactly: position), whole >= 0 {
        return .object(Place(whole))
      }
      if case .list(let numbers)? = config["tensor"], case .list(let sizes)? = config["shape"],
        case .text(let name)? = config["dtype"]
      {
        let values = numbers.compactMap { if case .number(let number) = $0 { number } else { nil } }
        let shape = sizes.compactMap { if case .number(let size) = $0 { Int(exactly: size) } else { nil } }
        guard let dtype = DType.allCases.first(where: { $0.name == name }), shape.allSatisfy({ $0 >= 0 }),
          try Limits.checkedCount(shape, dtype) == values.count
        else { throw TensorError(.value, "the model in the file holds a damaged constant") }
        return .tensor(try Tensor(values, shape: shape, dtype: dtype))
      }
      throw TensorError(.value, "the model in the file holds an argument that is not known here")
    }
  }
}

/// How the library finds built-in functions of models in files.
public enum GraphFunctions {
  /// Lets models in files find the built-ins and operators that they use.
  public static func install(_ context: CallContext) {
    ModelFile.functions = { [weak context] name, arguments in
      guard let context else { throw TensorError(.value, "the session that could run `\(name)` has ended") }
      return try GraphCall.function(name, arguments, context)
    }
  }
}
