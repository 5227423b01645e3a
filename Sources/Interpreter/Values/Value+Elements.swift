import Diagnostics
import Tensors

extension RangeValue {
  /// All elements.
  /// - Throws: a value error where there are more than a list may have.
  public func elements() throws -> ContiguousArray<Value> {
    let count = self.count
    guard count <= LanguageLimits.maximumListLength else {
      throw RuntimeError(
        .value, "a list of \(count) elements is too long: at most \(LanguageLimits.maximumListLength) fit",
        hint: "loop over the range itself: it holds no elements")
    }
    var items = ContiguousArray<Value>()
    items.reserveCapacity(count)
    for position in 0..<count { items.append(.number(element(at: position))) }
    return items
  }
}
