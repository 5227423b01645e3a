import Tensors

/// A call's arguments bound to the parameters of a constructor, checked, with defaults filled in.
public struct Arguments {
  let constructor: String
  private var values: [String: Setting] = [:]
  private var axes: [String: Int] = [:]
  /// The parameters that the call named or gave by position.
  private(set) var given: Set<String> = []

  /// - Throws: a type error for too many, doubled, unknown or missing arguments; a value error for one out of range.
  public init(
    constructor: String, parameters: [ParameterDescription], positional: [Setting],
    named: [(name: String, value: Setting)]
  ) throws {
    self.constructor = constructor
    var position = 0
    for value in positional {
      guard position < parameters.count else {
        throw TensorError(
          .type, "\(constructor) takes at most \(parameters.count) arguments, and got \(positional.count)")
      }
      let parameter = parameters[position]
      if parameter.isRest {
        if case .list(let items)? = values[parameter.name] {
          values[parameter.name] = .list(items + [value])
        } else {
          values[parameter.name] = .list([value])
        }
      } else {
        values[parameter.name] = value
        position += 1
      }
      given.insert(parameter.name)
    }
    for (name, value) in named {
      guard parameters.contains(where: { $0.name == name }) else {
        let names = parameters.map(\.name).joined(separator: ", ")
        throw TensorError(.type, "\(constructor) has no parameter `\(name)`", hint: "its parameters are \(names)")
      }
      guard given.insert(name).inserted else {
        throw TensorError(.type, "\(constructor) got `\(name)` twice")
      }
      values[name] = value
    }
    for parameter in parameters {
      switch parameter.kind {
      case .sizes(let count, _), .optional(.sizes(let count, _)): axes[parameter.name] = count
      default: break
      }
      guard let value = values[parameter.name] ?? parameter.defaultValue ?? (parameter.isRest ? .list([]) : nil) else {
        throw TensorError(.type, "\(constructor) needs `\(parameter.name)`: \(parameter.kind.expectation)")
      }
      let isDefault = !given.contains(parameter.name)
      if case .none = value, isDefault {
        values[parameter.name] = value
        continue
      }
      do {
        values[parameter.name] = try Arguments.settle(value, parameter, constructor)
      } catch let error as TensorError where error.hint == nil {
        guard case .activation(let activation) = value, let meant = parameters.first(where: \.takesActivation) else {
          throw error
        }
        throw TensorError(
          error.kind, error.message, hint: "name it: `\(meant.name): \(activation.configuration.activationText)`")
      }
    }
  }

  private static func settle(
    _ value: Setting, _ parameter: ParameterDescription, _ constructor: String
  ) throws -> Setting {
    if parameter.isRest, case .list(let items) = value {
      if case .shape = parameter.kind {
        if let settled = parameter.kind.settled(value) { return settled }
      } else {
        let settled = items.compactMap { parameter.kind.settled($0) }
        if settled.count == items.count { return .list(settled) }
      }
    } else if let settled = parameter.kind.settled(value) {
      return settled
    }
    var kind = TensorError.Kind.type
    switch (parameter.kind, value) {
    case (.integer, .number), (.number, .number), (.rate, .number), (.sizes, .number), (.choice, .text): kind = .value
    default: break
    }
    var hint: String?
    if case .activation = parameter.kind, case .layer(let layer) = value {
      hint = "a layer with weights of its own comes after: \(constructor)(…) >> \(layer.sourceText)"
    }
    if case .activation = parameter.kind, case .text(let name) = value {
      hint = "activations are functions, without quotes: `\(parameter.name): \(name)`"
    }
    throw TensorError(
      kind, "\(constructor) wants \(parameter.kind.expectation) for `\(parameter.name)`, and got \(value.kindText)",
      hint: hint)
  }

  /// The settled value; `none` for a name the constructor does not have.
  public subscript(name: String) -> Setting { values[name] ?? .none }

  private func mismatch(_ name: String) -> TensorError {
    TensorError(.type, "\(constructor) cannot use \(self[name].kindText) for `\(name)`")
  }

  public func integer(_ name: String) throws -> Int {
    guard case .number(let number) = self[name], let whole = Int(exactly: number) else { throw mismatch(name) }
    return whole
  }

  public func optionalInteger(_ name: String) throws -> Int? {
    if case .none = self[name] { return nil }
    return try integer(name)
  }

  public func number(_ name: String) throws -> Double {
    guard case .number(let number) = self[name] else { throw mismatch(name) }
    return number
  }

  public func optionalNumber(_ name: String) throws -> Double? {
    if case .none = self[name] { return nil }
    return try number(name)
  }

  public func flag(_ name: String) throws -> Bool {
    guard case .flag(let flag) = self[name] else { throw mismatch(name) }
    return flag
  }

  public func text(_ name: String) throws -> String {
    guard case .text(let text) = self[name] else { throw mismatch(name) }
    return text
  }

  /// Whole numbers: sizes along each axis, a shape.
  public func integers(_ name: String) throws -> [Int] {
    if let axes = axes[name], case .number = self[name] {
      return Array(repeating: try integer(name), count: axes)
    }
    guard let integers = self[name].integers else { throw mismatch(name) }
    return integers
  }

  public func optionalIntegers(_ name: String) throws -> [Int]? {
    if case .none = self[name] { return nil }
    return try integers(name)
  }

  public func numbers(_ name: String) throws -> [Double] {
    guard let numbers = self[name].numbers else { throw mismatch(name) }
    return numbers
  }

  public func margins(_ name: String) throws -> [(Int, Int)] {
    guard let margins = self[name].margins else { throw mismatch(name) }
    return margins
  }

  /// A rate: a number counts as a constant schedule.
  public func schedule(_ name: String) throws -> Schedule {
    switch self[name] {
    case .number(let number): return .constant(number)
    case .schedule(let schedule): return schedule
    default: throw mismatch(name)
    }
  }

  public func activation(_ name: String) throws -> Activation {
    guard case .activation(let activation) = self[name] else { throw mismatch(name) }
    return activation
  }

  public func initializer(_ name: String) throws -> Initializer {
    guard case .initializer(let initializer) = self[name] else { throw mismatch(name) }
    return initializer
  }

  public func regularizer(_ name: String) throws -> Regularizer? {
    switch self[name] {
    case .none: return nil
    case .regularizer(let regularizer): return regularizer
    default: throw mismatch(name)
    }
  }

  public func layer(_ name: String) throws -> Layer {
    guard case .layer(let layer) = self[name] else { throw mismatch(name) }
    return layer
  }

  public func optionalLayer(_ name: String) throws -> Layer? {
    if case .none = self[name] { return nil }
    return try layer(name)
  }

  public func layers(_ name: String) throws -> [Layer] {
    guard case .list(let items) = self[name] else { throw mismatch(name) }
    return try items.map { item in
      guard case .layer(let layer) = item else { throw mismatch(name) }
      return layer
    }
  }

  public func function(_ name: String) throws -> TensorFunction {
    guard case .function(let function) = self[name] else { throw mismatch(name) }
    return function
  }
}
