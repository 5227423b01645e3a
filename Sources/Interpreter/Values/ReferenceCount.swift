/// Reference counts of values, without atomic operations and without a call where that is possible.
///
/// Values belong to the one thread at a time that runs their machine, so nobody else counts at the same moment. The
/// runtime keeps an object's counts in the second word of its header (`RefCount.h` of the Swift runtime): bits 33 to 62
/// hold the strong references beyond the first one; bit 63 says that the counts are kept elsewhere or never change, and
/// then the runtime is asked. A test holds this against the runtime.
enum ReferenceCount {
  private static let offset = 8
  private static let one: UInt64 = 1 << 33

  @inline(__always) private static func word(_ object: UnsafeRawPointer) -> UInt64 {
    object.load(fromByteOffset: offset, as: UInt64.self)
  }

  @inline(__always) private static func store(_ word: UInt64, _ object: UnsafeRawPointer) {
    UnsafeMutableRawPointer(mutating: object).storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
  }

  /// True where one reference is all that there is.
  @inline(__always) static func isOne(_ object: UnsafeRawPointer) -> Bool {
    let word = word(object)
    if Int64(bitPattern: word) >= 0 { return word < one }
    return isOneElsewhere(object)
  }

  /// True where one reference is all that there is and the object's own header says so: nothing else knows its address.
  static func canMove(_ object: UnsafeRawPointer) -> Bool { word(object) < one }

  @inline(never) private static func isOneElsewhere(_ object: UnsafeRawPointer) -> Bool {
    // The reference here is borrowed, so it is forgotten again uncounted.
    var reference = Unmanaged<AnyObject>.fromOpaque(object)
    return withUnsafeMutablePointer(to: &reference) {
      // Any Swift class will do: only the count is looked at.
      UnsafeMutableRawPointer($0).withMemoryRebound(to: ListValue.self, capacity: 1) {
        isKnownUniquelyReferenced(&$0.pointee)
      }
    }
  }

  @inline(__always) static func increase(_ object: UnsafeRawPointer) {
    let word = word(object)
    let more = word &+ one
    if Int64(bitPattern: word) >= 0, Int64(bitPattern: more) >= 0 {
      store(more, object)
    } else {
      increaseElsewhere(object)
    }
  }

  @inline(never) private static func increaseElsewhere(_ object: UnsafeRawPointer) {
    _ = Unmanaged<AnyObject>.fromOpaque(object).retain()
  }

  @inline(__always) static func decrease(_ object: UnsafeRawPointer) {
    let word = word(object)
    if Int64(bitPattern: word) >= 0, word >= one {
      store(word &- one, object)
    } else {
      release(object)
    }
  }

  /// The last reference goes, or the counts are elsewhere.
  @inline(never) private static func release(_ object: UnsafeRawPointer) {
    Unmanaged<AnyObject>.fromOpaque(object).release()
  }
}
