#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lists of many elements: growing them and letting go of them.
enum LargeLists {
  /// From this many elements on (2 MB), new memory is asked for in large pages: the system hands memory out page by
  /// page when it is first touched, which costs more than filling it does.
  private static let largePagesFrom = 1 << 17

  /// Adds an element at the end.
  static func append(_ item: Value, to items: inout ContiguousArray<Value>) {
    if items.count >= largePagesFrom, items.count == items.capacity { reserve(&items, items.count * 2) }
    items.append(item)
  }

  private static func reserve(_ items: inout ContiguousArray<Value>, _ capacity: Int) {
    #if canImport(Glibc)
      let grown = ContiguousArray<Value>(unsafeUninitializedCapacity: capacity) { memory, count in
        guard let start = memory.baseAddress else { return }
        askForLargePages(start, capacity * MemoryLayout<Value>.stride)
        count = items.count
        let isMoved = items.handOver { start.moveInitialize(from: $0, count: $1) }
        if !isMoved {
          for position in 0..<count { (start + position).initialize(to: items[position]) }
        }
      }
      items = grown
    #else
      items.reserveCapacity(capacity)
    #endif
  }

  #if canImport(Glibc)
    private static func askForLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let first = (Int(bitPattern: start) + page - 1) / page * page
      let end = (Int(bitPattern: start) + bytes) / page * page
      // Only advice: where the system does not take it, all works as before.
      if let place = UnsafeMutableRawPointer(bitPattern: first) { madvise(place, end - first, MADV_HUGEPAGE) }
    }
  #endif
}
