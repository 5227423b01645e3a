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

/// Text. Indexed by character (grapheme); ASCII text is known to be so and indexed directly.
public final class StringValue {
  public var text: String
  public init(_ text: String) { self.text = text }
}

/// A list's storage; shared until changed.
public final class ListValue {
  public var items: ContiguousArray<Value>
  public init(_ items: ContiguousArray<Value> = []) { self.items = items }
}

/// A lazy arithmetic sequence.
public final class RangeValue {
  public let start: Double
  public let stop: Double
  public let step: Double
  public init(start: Double, stop: Double, step: Double) {
    self.start = start
    self.stop = stop
    self.step = step
  }
  public var count: Int { step == 0 ? 0 : max(0, Int(((stop - start) / step).rounded(.up))) }
}
