/// A list's storage; shared until changed.
public final class ListValue {
  public var items: ContiguousArray<Value>

  public init(_ items: ContiguousArray<Value> = []) { self.items = items }

  deinit {
    if !items.isEmpty { DeferredRelease.release(&items) }
  }
}

/// A lazy arithmetic sequence: `start + i * step`, up to and without `stop`.
public final class RangeValue {
  public let start: Double
  public let stop: Double
  public let step: Double

  public init(start: Double, stop: Double, step: Double) {
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// How many elements: never more than 2^53, past which whole numbers are not exact.
  public var count: Int {
    let steps = ((stop - start) / step).rounded(.up)
    return steps > 0 ? Int(min(steps, 9_007_199_254_740_992)) : 0
  }

  public func element(at position: Int) -> Double { start + Double(position) * step }

  /// True where a number is one of the elements.
  public func contains(_ number: Double) -> Bool {
    let position = (number - start) / step
    return position >= 0 && position < Double(count) && position == position.rounded()
      && element(at: Int(position)) == number
  }
}
