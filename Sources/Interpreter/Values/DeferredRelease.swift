/// Lets go of nested values without nesting calls: a list a million deep is released in a loop.
///
/// Releasing a container releases what it holds, which may be the next container. Beyond a depth the contents wait in a
/// queue that the outermost release empties.
enum DeferredRelease {
  /// How many releases may nest on the process's stack.
  private static let maximumDepth = 64

  nonisolated(unsafe) private static var depth = 0
  nonisolated(unsafe) private static var waiting: [ContiguousArray<Value>] = []

  /// Empties `items`.
  static func release(_ items: inout ContiguousArray<Value>) {
    if depth >= maximumDepth {
      waiting.append(items)
      items = []
      return
    }
    depth += 1
    empty(&items)
    depth -= 1
    if depth == 0, !waiting.isEmpty { releaseWaiting() }
  }

  /// A function of its own, not inlined: else the optimizer may let the release happen after `depth` is counted down,
  /// and the nesting would have no limit.
  @inline(never)
  private static func empty(_ items: inout ContiguousArray<Value>) {
    // Element by element: numbers cost no call.
    _ = items.handOver { elements, count in
      for position in 0..<count { (elements + position).clear() }
    }
    items = []
  }

  @inline(never)
  private static func empty(_ place: ValuePointer) { place.clear() }

  /// Lets go of the value at a place, and leaves none there.
  static func release(_ place: ValuePointer) {
    if place.isPlain { return }
    if depth >= maximumDepth {
      waiting.append([place.pointee])
      place.clear()
      return
    }
    depth += 1
    empty(place)
    depth -= 1
    if depth == 0, !waiting.isEmpty { releaseWaiting() }
  }

  private static func releaseWaiting() {
    while var next = waiting.popLast() {
      depth += 1
      empty(&next)
      depth -= 1
    }
  }
}
