#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lists of many elements: growing them and letting go of them.
public enum LargeLists {
  /// From this many elements on (2 MB), new memory is asked for in large pages: the system hands memory out page by
  /// page when it is first touched, which costs more than filling it does.
  private static let largePagesFrom = 1 << 17

  /// Adds an element at the end.
  static func append(_ item: Value, to items: inout ContiguousArray<Value>) {
    if items.count >= largePagesFrom, items.count == items.capacity { reserve(&items, items.count * 2) }
    items.append(item)
  }

  /// The elements of a list, `count` times.
  public static func repeated(_ part: ContiguousArray<Value>, _ count: Int) -> ContiguousArray<Value> {
    let total = part.count * count
    var items: ContiguousArray<Value> = []
    items.reserveCapacity(min(total, largePagesFrom))
    if total > largePagesFrom { reserve(&items, total) }
    if part.count == 1 {
      items.append(contentsOf: repeatElement(part[0], count: count))
    } else {
      for _ in 0..<count { items.append(contentsOf: part) }
    }
    return items
  }

  private static func reserve(_ items: inout ContiguousArray<Value>, _ capacity: Int) {
    #if canImport(Glibc)
      if enlarge(&items, capacity) { return }
    #endif
    items.reserveCapacity(capacity)
  }

  #if canImport(Glibc)
    /// Has the allocator enlarge the buffer, which moves a large block's pages to other addresses instead of copying what
    /// is in them. False where something else holds the buffer, or there is not enough memory.
    private static func enlarge(_ items: inout ContiguousArray<Value>, _ capacity: Int) -> Bool {
      withUnsafeMutablePointer(to: &items) { array in
        let place = UnsafeMutableRawPointer(array).assumingMemoryBound(to: UnsafeMutablePointer<BufferObject>.self)
        // The runtime has objects of this alignment from `malloc`, and gives them back with `free`.
        let stride = MemoryLayout<Value>.stride
        let bytes = wholeLargePages(BufferObject.elementOffset + capacity * stride)
        guard ReferenceCount.canMove(place.pointee), let moved = realloc(place.pointee, bytes) else { return false }
        let buffer = moved.assumingMemoryBound(to: BufferObject.self)
        let room = (bytes - BufferObject.elementOffset) / stride
        buffer.pointee.capacityAndFlag = room << 1 | buffer.pointee.capacityAndFlag & 1
        place.pointee = buffer
        askForLargePages(moved, bytes)
        return true
      }
    }

    /// The size that fills large pages together with what the allocator keeps for itself: the system gives such blocks
    /// addresses between which large pages can be moved whole.
    private static func wholeLargePages(_ bytes: Int) -> Int {
      let page = 2 << 20
      let allocatorBytes = 32
      return (bytes + allocatorBytes + page - 1) / page * page - allocatorBytes
    }

    /// Only advice: where the system does not take it, all works as before. It is given for whole pages, so that the
    /// block stays one mapping and can be moved again.
    private static func askForLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let first = Int(bitPattern: start) / page * page
      let end = (Int(bitPattern: start) + bytes + page - 1) / page * page
      if let place = UnsafeMutableRawPointer(bitPattern: first) { madvise(place, end - first, MADV_HUGEPAGE) }
    }
  #endif
}
