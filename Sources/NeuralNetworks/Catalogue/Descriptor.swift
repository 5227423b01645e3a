import Tensors

/// A parameter of a constructor: name, kind, default, meaning.
public struct ParameterDescription {
  public let name: String
  public let kind: ArgumentKind
  /// Nil: the parameter is required.
  public let defaultValue: Setting?
  /// What it means, where the name does not say it.
  public let meaning: String
  /// True where it gathers all further positional arguments: `reshape_to(…shape)`, `parallel(a, b, …)`.
  public let isRest: Bool

  public init(
    _ name: String, _ kind: ArgumentKind, default defaultValue: Setting? = nil, _ meaning: String = "",
    isRest: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.meaning = meaning
    self.isRest = isRest
  }

  /// True where it is an activation, or none.
  var takesActivation: Bool {
    switch kind {
    case .activation, .optional(.activation): true
    default: false
    }
  }
}

/// What `help` says; prose never repeats a default.
public struct Documentation {
  /// One line.
  public let summary: String
  /// Plain Markdown: what to know before using it.
  public let details: String
  public let formula: String
  /// Input to output, without the batch axis unless said.
  public let shapes: String
  /// The paper, book or lecture.
  public let source: String
  /// A program in Glia that a test runs.
  public let example: String

  public init(
    _ summary: String, details: String = "", formula: String = "", shapes: String = "", source: String = "",
    example: String
  ) {
    self.summary = summary
    self.details = details
    self.formula = formula
    self.shapes = shapes
    self.source = source
    self.example = example
  }
}

/// The families of the catalogue.
public enum Family: String, Sendable, CaseIterable {
  case layers, activations, losses, optimizers, schedules, initializers, regularizers
}

/// Anything that a constructor of the catalogue makes: it can say how to make it again.
public protocol Configurable {
  /// How it was made; set by the descriptor.
  var configuration: Configuration { get set }
}

/// A constructor's name and its arguments: enough to make the thing again.
public struct Configuration {
  public var name: String
  public var settings: [(name: String, value: Setting)]
  /// How many of the settings have no default, hence are shown by position.
  var requiredCount: Int
  /// True where a call's first argument is a tensor, so that settings need their names: `leaky_relu(alpha: 0.2)`.
  var takesSubject = false
  /// The setting that gathers positional arguments.
  var restName: String?
  /// Names of the settings that differ from their defaults.
  var changed: Set<String>

  public init(_ name: String, settings: [(name: String, value: Setting)] = []) {
    self.name = name
    self.settings = settings
    requiredCount = 0
    changed = Set(settings.map(\.name))
  }

  public subscript(name: String) -> Setting? { settings.first { $0.name == name }?.value }

  /// The call that makes it, without arguments that have their default: `dense(64, activation: relu)`.
  public var sourceText: String {
    // Functions of the program have no constructor.
    if name == "function", case .function(let function)? = settings.first?.value {
      return function.name ?? "a function"
    }
    var parts: [String] = []
    for (position, setting) in settings.enumerated() {
      if setting.name == restName, case .list(let items) = setting.value {
        parts += items.map(\.sourceText)
      } else if position < requiredCount || position == 0 && !takesSubject && changed.contains(setting.name) {
        parts.append(setting.value.sourceText)
      } else if changed.contains(setting.name) {
        parts.append("\(setting.name): \(setting.value.sourceText)")
      }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }

  /// As an activation is given: `relu`, or `leaky_relu(alpha: 0.2)`.
  var activationText: String { changed.isEmpty && name != "function" ? name : sourceText }
}

/// One constructor of the catalogue: everything that the language, help, completion, saving and the tests need.
public struct Descriptor<Product: Configurable> {
  public let name: String
  public let family: Family
  public let parameters: [ParameterDescription]
  public let documentation: Documentation
  /// Arguments that make a small specimen for tests.
  public let sample: [Setting]
  /// Input shapes for the specimen, with the batch axis (layers).
  public let sampleInputs: [Shape]
  private let body: (Arguments) throws -> Product

  public init(
    _ name: String, _ family: Family, _ parameters: [ParameterDescription], _ documentation: Documentation,
    sample: [Setting] = [], sampleInputs: [Shape] = [], make: @escaping (Arguments) throws -> Product
  ) {
    self.name = name
    self.family = family
    self.parameters = parameters
    self.documentation = documentation
    self.sample = sample
    self.sampleInputs = sampleInputs
    body = make
  }

  /// Makes the thing from arguments as written in a call.
  /// - Throws: a type or value error that names the parameter, what it may be and what came.
  public func make(_ positional: [Setting] = [], _ named: [(name: String, value: Setting)] = []) throws -> Product {
    try make(Arguments(constructor: name, parameters: parameters, positional: positional, named: named))
  }

  /// Makes the thing again from what it gave back.
  public func make(_ configuration: Configuration) throws -> Product {
    let known = Set(parameters.map(\.name))
    return try make([], configuration.settings.filter { known.contains($0.name) })
  }

  private func make(_ arguments: Arguments) throws -> Product {
    var product = try body(arguments)
    var configuration = Configuration(name)
    for parameter in parameters { configuration.settings.append((parameter.name, arguments[parameter.name])) }
    configuration.requiredCount = parameters.prefix { $0.defaultValue == nil && !$0.isRest }.count
    configuration.takesSubject = family == .activations || family == .losses
    configuration.restName = parameters.first(where: \.isRest)?.name
    configuration.changed = arguments.given.filter { name in
      guard let parameter = parameters.first(where: { $0.name == name }), let value = parameter.defaultValue else {
        return true
      }
      return (parameter.kind.settled(value) ?? value).sourceText != arguments[name].sourceText
    }
    product.configuration = configuration
    return product
  }

  /// The parameters as a signature of the language: `(units, activation = linear, …)`.
  public var signatureText: String {
    let parts = parameters.map { parameter -> String in
      if parameter.isRest { return "..." + parameter.name }
      guard let value = parameter.defaultValue else { return parameter.name }
      return "\(parameter.name) = \(value.sourceText)"
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }
}
