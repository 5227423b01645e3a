import Tensors

/// What an argument may be: checked in one place, and said in one place.
public indirect enum ArgumentKind {
  /// A whole number within bounds.
  case integer(ClosedRange<Int>)
  /// A number within bounds.
  case number(NumberRange)
  case flag
  case text
  /// One of some words.
  case choice([String])
  /// One whole number for all axes, or a list with one for each.
  case sizes(axes: Int, minimum: Int)
  /// A shape: whole numbers, one of them perhaps -1.
  case shape
  /// Rows and columns to add or cut: a number, a pair, or a pair of pairs ((top, bottom), (left, right)).
  case margins
  /// A list of numbers.
  case numbers
  /// A learning rate: a positive number or a schedule.
  case rate
  case activation
  case initializer
  case regularizer
  case layer
  case function
  case optional(ArgumentKind)

  /// A whole number of at least `minimum`.
  public static func integer(from minimum: Int) -> ArgumentKind { .integer(minimum...Int(Int32.max)) }

  /// What is wanted, for messages and help: `a whole number from 1`.
  public var expectation: String {
    switch self {
    case .integer(let range):
      range.upperBound >= Int(Int32.max)
        ? (range.lowerBound <= -Int(Int32.max) ? "a whole number" : "a whole number of at least \(range.lowerBound)")
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number" + range.text
    case .flag: "true or false"
    case .text: "a string"
    case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .sizes(let axes, let minimum):
      axes == 1
        ? "a whole number of at least \(minimum)"
        : "a whole number of at least \(minimum), or a list of \(axes)"
    case .shape: "sizes (whole numbers; one may be -1)"
    case .margins: "a whole number, a pair (rows, columns) or ((top, bottom), (left, right))"
    case .numbers: "a list of numbers"
    case .rate: "a positive number or a schedule"
    case .activation: "an activation such as relu"
    case .initializer: "an initializer such as he_normal()"
    case .regularizer: "a regularizer such as l2(0.01)"
    case .layer: "a layer"
    case .function: "a function"
    case .optional(let kind): kind.expectation + ", or none"
    }
  }

  /// The setting in its settled form (a lone size of a shape as a list); nil where it does not fit.
  public func settled(_ setting: Setting) -> Setting? {
    switch (self, setting) {
    case (.optional, .none): return setting
    case (.optional(let kind), _): return kind.settled(setting)
    case (.integer(let range), .number(let number)):
      guard let whole = Int(exactly: number), range.contains(whole) else { return nil }
      return setting
    case (.number(let range), .number(let number)): return range.contains(number) ? setting : nil
    case (.flag, .flag), (.text, .text): return setting
    case (.choice(let words), .text(let word)): return words.contains(word) ? setting : nil
    case (.sizes(_, let minimum), .number(let number)):
      guard let whole = Int(exactly: number), whole >= minimum, whole <= Int(Int32.max) else { return nil }
      return setting
    case (.sizes(let axes, let minimum), .list), (.sizes(let axes, let minimum), .tensor):
      guard let sizes = setting.integers, sizes.allSatisfy({ $0 >= minimum }), sizes.count == axes else { return nil }
      return .sizes(sizes)
    case (.shape, .number(let number)): return Int(exactly: number) == nil ? nil : .list([setting])
    case (.shape, .list(let items)):
      if items.count == 1, case .list = items[0] { return settled(items[0]) }
      if items.count == 1, case .tensor = items[0] { return settled(items[0]) }
      guard let sizes = setting.integers, sizes.allSatisfy({ $0 >= -1 }) else { return nil }
      return sizes.filter { $0 == -1 }.count <= 1 ? setting : nil
    case (.shape, .tensor): return setting.integers.flatMap { settled(.sizes($0)) }
    case (.margins, _): return setting.margins == nil ? nil : setting
    case (.numbers, .list), (.numbers, .tensor): return setting.numbers.map { .list($0.map(Setting.number)) }
    case (.rate, .number(let number)): return number >= 0 && number.isFinite ? setting : nil
    case (.rate, .schedule), (.activation, .activation), (.initializer, .initializer): return setting
    case (.regularizer, .regularizer), (.layer, .layer), (.function, .function): return setting
    case (.activation, .function(let function)): return .activation(Activation(function))
    case (.regularizer, .function(let function)): return .regularizer(Regularizer(function))
    case (.layer, .activation(let activation)): return .layer(ActivationLayer(activation))
    case (.layer, .function(let function)): return .layer(Lambda(function))
    default: return nil
    }
  }
}

/// Bounds of a number, each open or closed.
public struct NumberRange: Sendable {
  var lower: Double
  var isLowerOpen: Bool
  var upper: Double
  var isUpperOpen: Bool

  public static let any = NumberRange(lower: -.infinity, isLowerOpen: false, upper: .infinity, isUpperOpen: false)
  public static let notNegative = NumberRange(lower: 0, isLowerOpen: false, upper: .infinity, isUpperOpen: false)
  public static let positive = NumberRange(lower: 0, isLowerOpen: true, upper: .infinity, isUpperOpen: false)
  /// From 0, below 1: a share of units dropped, a momentum.
  public static let fraction = NumberRange(lower: 0, isLowerOpen: false, upper: 1, isUpperOpen: true)
  /// From 0 to 1.
  public static let unit = NumberRange(lower: 0, isLowerOpen: false, upper: 1, isUpperOpen: false)

  func contains(_ number: Double) -> Bool {
    !number.isNaN && (isLowerOpen ? number > lower : number >= lower)
      && (isUpperOpen ? number < upper : number <= upper)
  }

  var text: String {
    let from =
      lower.isFinite ? (isLowerOpen ? " above \(Setting.numberText(lower))" : " from \(Setting.numberText(lower))") : ""
    guard upper.isFinite else { return from }
    return from + (isUpperOpen ? ", below \(Setting.numberText(upper))" : " to \(Setting.numberText(upper))")
  }
}

extension Setting {
  /// A list of whole numbers; nil for anything else.
  public var integers: [Int]? {
    guard let numbers else { return nil }
    var result: [Int] = []
    for number in numbers {
      guard let whole = Int(exactly: number), abs(whole) <= Int(Int32.max) else { return nil }
      result.append(whole)
    }
    return result
  }

  /// A list of numbers, or a tensor of rank 1; nil for anything else.
  public var numbers: [Double]? {
    if case .tensor(let tensor) = self { return tensor.rank == 1 ? try? tensor.doubles() : nil }
    guard case .list(let items) = self else { return nil }
    var result: [Double] = []
    for item in items {
      guard case .number(let number) = item else { return nil }
      result.append(number)
    }
    return result
  }

  /// ((top, bottom), (left, right)); nil where it is no margin.
  public var margins: [(Int, Int)]? {
    if case .number(let number) = self, let whole = Int(exactly: number), whole >= 0, whole <= Int(Int32.max) {
      return [(whole, whole), (whole, whole)]
    }
    if let pair = integers, pair.count == 2, pair.allSatisfy({ $0 >= 0 }) {
      return [(pair[0], pair[0]), (pair[1], pair[1])]
    }
    guard case .list(let items) = self, items.count == 2, let rows = items[0].integers, let columns = items[1].integers,
      rows.count == 2, columns.count == 2, (rows + columns).allSatisfy({ $0 >= 0 })
    else { return nil }
    return [(rows[0], rows[1]), (columns[0], columns[1])]
  }
}
