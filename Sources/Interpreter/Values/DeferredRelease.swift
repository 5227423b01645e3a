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
    items = []
    depth -= 1
    if depth == 0, !waiting.isEmpty { releaseWaiting() }
  }

  /// Lets go of the value at a place, and leaves none there.
  static func release(_ place: ValuePointer) {
    if place.isPlain { return }
    if depth >= maximumDepth {
      waiting.append([place.pointee])
      place.clear()
      return
    }
    depth += 1
    place.clear()
    depth -= 1
    if depth == 0, !waiting.isEmpty { releaseWaiting() }
  }

  private static func releaseWaiting() {
    while let next = waiting.popLast() { releaseOne(next) }
  }

  private static func releaseOne(_ items: consuming ContiguousArray<Value>) {
    depth += 1
    items = []
    depth -= 1
  }
}
