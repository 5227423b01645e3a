import Interpreter
import Tensors

/// An argument taken apart for differentiation: the tensors inside it, and how to put things of their form together.
///
/// A number is a weak float64 scalar, so numbers are differentiated in 64 bits. Lists and records may nest to any
/// depth. A layer's tensors are its parameters; its gradient is a record from parameter path to tensor.
struct Differentiable {
  /// What stands where a tensor was.
  private indirect enum Form {
    case number(Int)
    case tensor(Int)
    case list([Form])
    case record([(name: String, form: Form)])
    case layer(any DifferentiableObject, Range<Int>)
  }

  private let form: Form
  /// The tensors, in order of appearance.
  let variables: [Tensor]
  /// What messages and tables call them: `w`, `layers[0].b`, `0.kernel`; `x` for a lone one.
  let names: [String]

  /// - Throws: a type error that says which part cannot be differentiated.
  init(_ value: Value, of function: String) throws {
    var found: [(name: String, tensor: Tensor)] = []
    form = try Differentiable.form(value, path: "", of: function, depth: 0, &found)
    variables = found.map(\.tensor)
    names = found.map { $0.name.isEmpty ? "x" : $0.name.hasPrefix(".") ? String($0.name.dropFirst()) : $0.name }
  }

  private static func form(
    _ value: Value, path: String, of function: String, depth: Int, _ variables: inout [(name: String, tensor: Tensor)]
  ) throws -> Form {
    guard depth < LanguageLimits.maximumDisplayDepth else {
      throw RuntimeError(
        .value, "`\(function)` takes arguments nested up to \(LanguageLimits.maximumDisplayDepth) deep")
    }
    switch value {
    case .number(let number):
      variables.append((path, try Tensor.number(number)))
      return .number(variables.count - 1)
    case .tensor(let tensor):
      guard tensor.dtype.isFloat else {
        throw notDifferentiable(
          "an \(tensor.dtype.name) tensor", path, function, hint: "float32(x) makes a tensor that can be differentiated"
        )
      }
      variables.append((path, tensor))
      return .tensor(variables.count - 1)
    case .list(let list):
      return .list(
        try list.items.enumerated().map {
          try form($1, path: "\(path)[\($0)]", of: function, depth: depth + 1, &variables)
        })
    case .record(let record):
      return .record(
        try zip(record.names, record.values).map {
          ($0, try form($1, path: "\(path).\($0)", of: function, depth: depth + 1, &variables))
        })
    case .object(let object):
      guard let object = object as? any DifferentiableObject else { fallthrough }
      let start = variables.count
      variables += try object.differentiableTensors().map { (path.isEmpty ? $0.name : "\(path).\($0.name)", $0.tensor) }
      return .layer(object, start..<variables.count)
    default: throw notDifferentiable(value.kindText, path, function, hint: nil)
    }
  }

  private static func notDifferentiable(_ what: String, _ path: String, _ function: String, hint: String?)
    -> RuntimeError
  {
    let place = path.isEmpty ? "" : " (at `\(path.hasPrefix(".") ? String(path.dropFirst()) : path)` of the argument)"
    return RuntimeError(
      .type,
      "`\(function)` differentiates with respect to numbers, float tensors, lists and records of them, and layers, "
        + "and got \(what)\(place)", hint: hint)
  }

  /// The argument with other tensors in it. Layers are passed as themselves: `withParameters` puts tensors into them.
  func argument(with tensors: [Tensor]) -> Value { rebuilt(form, tensors, keepsLayers: true) }

  /// The gradient in the argument's form.
  func gradient(from tensors: [Tensor]) -> Value { rebuilt(form, tensors, keepsLayers: false) }

  private func rebuilt(_ form: Form, _ tensors: [Tensor], keepsLayers: Bool) -> Value {
    switch form {
    case .number(let position): return keepsLayers ? .tensor(tensors[position]) : .result(tensors[position])
    case .tensor(let position): return .tensor(tensors[position])
    case .list(let parts): return .items(parts.map { rebuilt($0, tensors, keepsLayers: keepsLayers) })
    case .record(let parts):
      return .fields(parts.map { ($0.name, rebuilt($0.form, tensors, keepsLayers: keepsLayers)) })
    case .layer(let object, let range):
      if keepsLayers { return .object(object.objectValue) }
      let names = (try? object.differentiableTensors().map(\.name)) ?? []
      return .fields(zip(names, tensors[range]).map { ($0, .tensor($1)) })
    }
  }

  /// Runs a body while the argument's layers hold other tensors as their parameters.
  func withParameters<Result>(_ tensors: [Tensor], _ body: () throws -> Result) throws -> Result {
    var layers: [(any DifferentiableObject, Range<Int>)] = []
    collect(form, &layers)
    return try within(layers[...], tensors, body)
  }

  private func within<Result>(
    _ layers: ArraySlice<(any DifferentiableObject, Range<Int>)>, _ tensors: [Tensor], _ body: () throws -> Result
  ) throws -> Result {
    guard let (object, range) = layers.first else { return try body() }
    return try object.withTensors(Array(tensors[range])) { try within(layers.dropFirst(), tensors, body) }
  }

  private func collect(_ form: Form, _ layers: inout [(any DifferentiableObject, Range<Int>)]) {
    switch form {
    case .number, .tensor: break
    case .list(let parts): for part in parts { collect(part, &layers) }
    case .record(let parts): for part in parts { collect(part.form, &layers) }
    case .layer(let object, let range): layers.append((object, range))
    }
  }

  /// Layers whose parameters are not there yet: they are made at their first call.
  var unbuiltObjects: [any DifferentiableObject] {
    var layers: [(any DifferentiableObject, Range<Int>)] = []
    collect(form, &layers)
    return layers.map(\.0).filter { !$0.isBuilt }
  }
}

/// A thing with parameters that gradients can be taken of.
protocol DifferentiableObject: AnyObject {
  var objectValue: ObjectValue { get }
  var isBuilt: Bool { get }
  /// The trainable parameters by path.
  func differentiableTensors() throws -> [(name: String, tensor: Tensor)]
  /// Runs a body while the parameters are these tensors.
  func withTensors<Result>(_ tensors: [Tensor], _ body: () throws -> Result) throws -> Result
  /// Runs a body in which calls only find out shapes and make parameters, and compute nothing.
  func whileBuilding(_ body: () throws -> Void) throws
}
