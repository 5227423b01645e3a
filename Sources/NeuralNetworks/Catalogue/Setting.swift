import Tensors

/// An argument of a layer, loss, optimizer …: what a constructor was given, and what a configuration gives back.
public indirect enum Setting {
  case none
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([Setting])
  case record([(name: String, value: Setting)])
  case tensor(Tensor)
  case activation(Activation)
  case initializer(Initializer)
  case regularizer(Regularizer)
  case schedule(Schedule)
  case layer(Layer)
  case function(TensorFunction)

  /// A whole number.
  public static func integer(_ value: Int) -> Setting { .number(Double(value)) }

  /// Whole numbers as a list: a shape, a size.
  public static func sizes(_ values: [Int]) -> Setting { .list(values.map(Setting.integer)) }
}

/// A function of tensors that a program gives: `lambda(f)`, an activation, a node of a functional model.
public final class TensorFunction {
  /// As the program calls it; nil for a nameless one.
  public let name: String?
  public let body: ([Tensor]) throws -> [Tensor]
  /// What the host holds behind the function (the language's value); the library never looks inside.
  public let payload: AnyObject?

  public init(name: String? = nil, payload: AnyObject? = nil, _ body: @escaping ([Tensor]) throws -> [Tensor]) {
    self.name = name
    self.payload = payload
    self.body = body
  }
}

extension Setting {
  /// The setting as a program writes it: `64`, `"same"`, `relu`, `l2(0.01)`.
  public var sourceText: String {
    switch self {
    case .none: "none"
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): Setting.numberText(number)
    case .text(let text): "\"\(text)\""
    case .list(let items): "(" + items.map(\.sourceText).joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
    case .record(let fields): "{" + fields.map { "\($0.name): \($0.value.sourceText)" }.joined(separator: ", ") + "}"
    case .tensor(let tensor): "a \(tensor.shape.shapeText) tensor"
    case .activation(let activation): activation.configuration.activationText
    case .initializer(let initializer): initializer.configuration.sourceText
    case .regularizer(let regularizer): regularizer.configuration.sourceText
    case .schedule(let schedule): schedule.configuration.sourceText
    case .layer(let layer): layer.sourceText
    case .function(let function): function.name ?? "a function"
    }
  }

  /// `3`, `0.001`, `1e-07`: whole numbers without a point.
  static func numberText(_ number: Double) -> String {
    if let whole = Int(exactly: number), abs(number) < 1e15 { return String(whole) }
    return String(describing: number)
  }

  /// What came, for a message that says what was wanted instead.
  var kindText: String {
    switch self {
    case .none: "none"
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): Setting.numberText(number)
    case .text(let text): "\"\(text)\""
    case .list: "the list \(sourceText)"
    case .record: "a record"
    case .tensor(let tensor): "a tensor of shape \(tensor.shape.shapeText)"
    case .activation(let activation): "the activation \(activation.configuration.name)"
    case .initializer(let initializer): "the initializer \(initializer.configuration.name)"
    case .regularizer(let regularizer): "the regularizer \(regularizer.configuration.name)"
    case .schedule(let schedule): "the schedule \(schedule.configuration.name)"
    case .layer(let layer): "the layer \(layer.sourceText)"
    case .function: "a function"
    }
  }
}
