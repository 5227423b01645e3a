import Tensors

/// A value of the language.
///
/// One machine word of payload and a tag: numbers, bools and none are immediate, all else is a reference. Lists,
/// records, strings and tensors are values to the user: whoever changes one makes sure first that it holds the only
/// reference, or copies.
public enum Value {
  case none
  case bool(Bool)
  case number(Double)
  case string(StringValue)
  case tensor(Tensor)
  case list(ListValue)
  case record(RecordValue)
  case range(RangeValue)
  case function(FunctionValue)
  /// Everything that the language itself knows only by its members, calls and display: tables, layers, optimizers,
  /// charts, modules, errors.
  case object(ObjectValue)
}

extension Value {
  /// A string from text.
  public static func text(_ text: String) -> Value { .string(StringValue(text)) }

  /// A list of values.
  public static func items(_ items: some Sequence<Value>) -> Value { .list(ListValue(ContiguousArray(items))) }

  /// A record from its fields, in order.
  public static func fields(_ fields: [(String, Value)]) -> Value { .record(RecordValue(fields)) }

  /// A list of whole numbers: what `x.shape` gives.
  public static func shape(_ shape: Shape) -> Value { .items(shape.map { .number(Double($0)) }) }

  /// A tensor as a value: a result that is only a number (weak, and not being differentiated) becomes one again.
  public static func result(_ tensor: Tensor) -> Value {
    if tensor.spec.isWeak, tensor.rank == 0, !tensor.isAbstract, !Engine.shared.tape.isTracked(tensor),
      let number = tensor.singleNumber
    {
      return .number(number)
    }
    return .tensor(tensor)
  }

  public var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  /// True where the value can be called.
  public var isCallable: Bool {
    switch self {
    case .function: true
    case .object(let object): object.isCallable
    default: false
    }
  }

  /// What `type(x)` gives.
  public var typeName: String {
    switch self {
    case .none: "none"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .tensor(let tensor): tensor.spec.isWeak ? "number" : "tensor"
    case .list: "list"
    case .record: "record"
    case .range: "range"
    case .function: "function"
    case .object(let object): object.typeName
    }
  }

  /// The type with its article and, for tensors, the shape: `a number`, `a 2×3 tensor`; for messages.
  public var kindText: String {
    switch self {
    case .none: "none"
    case .tensor(let tensor) where !tensor.spec.isWeak:
      tensor.rank == 0 ? "a 0-d tensor" : "a tensor of shape \(tensor.shape.shapeText)"
    default: Wording.withArticle(typeName)
    }
  }

  /// The number that this is: a number, or a 0-d tensor of numbers.
  public var asNumber: Double? {
    switch self {
    case .number(let number): return number
    case .tensor(let tensor): return tensor.dtype == .bool ? nil : tensor.singleNumber
    default: return nil
    }
  }

  /// The bool that this is: a bool, or a 0-d bool tensor.
  public var asBool: Bool? {
    switch self {
    case .bool(let bool): return bool
    case .tensor(let tensor):
      guard tensor.dtype == .bool, let number = tensor.singleNumber else { return nil }
      return number != 0
    default: return nil
    }
  }

  /// Marks an argument that was not given and a variable that has no value yet. Never seen by programs.
  nonisolated(unsafe) static let missing = Value.object(MissingValue.shared)

  var isMissing: Bool {
    if case .object(let object) = self { return object === MissingValue.shared }
    return false
  }
}

final class MissingValue: ObjectValue {
  nonisolated(unsafe) static let shared = MissingValue()
  override var typeName: String { "missing value" }
}

extension Tensor {
  /// The value of a concrete 0-d tensor as a number; 0 and 1 for bools.
  public var singleNumber: Double? {
    guard spec.shape.isEmpty, let data = try? data() else { return nil }
    switch dtype {
    case .float32: return Double(data.load(as: Float.self))
    case .float64: return data.load(as: Double.self)
    case .int32: return Double(data.load(as: Int32.self))
    case .bool: return data.load(as: UInt8.self) != 0 ? 1 : 0
    }
  }
}
