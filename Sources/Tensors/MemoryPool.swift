#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps freed blocks by size, so that a loop stops asking the system for memory after its first turns.
///
/// Sizes are rounded up to four steps per power of two. The engine runs on one thread; kernels' own threads do not
/// allocate here.
public final class MemoryPool {
  nonisolated(unsafe) public static let shared = MemoryPool()

  private var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 256)
  /// Bytes handed out and not yet given back.
  public private(set) var bytesInUse = 0
  /// Bytes kept for reuse.
  public private(set) var bytesKept = 0
  /// How often the system was asked for memory.
  public private(set) var systemAllocations = 0

  /// A block of at least `byteCount` bytes, its contents undefined.
  func take(byteCount: Int) throws -> (UnsafeMutableRawPointer, Int) {
    let (bucket, capacity) = MemoryPool.bucket(for: byteCount)
    if let block = free[bucket].popLast() {
      bytesKept -= capacity
      bytesInUse += capacity
      return (block, capacity)
    }
    let limit = Limits.maximumBytes
    guard bytesInUse + capacity <= limit else {
      throw TensorError(
        .value, "this needs \(Limits.bytesText(byteCount)) of memory, and there are \(Limits.bytesText(max(0, limit - bytesInUse)))")
    }
    if bytesInUse + bytesKept + capacity > limit { releaseKept() }
    guard let block = aligned_alloc(64, capacity) else {
      throw TensorError(.value, "the system has no \(Limits.bytesText(byteCount)) of memory left")
    }
    systemAllocations += 1
    bytesInUse += capacity
    return (block, capacity)
  }

  func give(_ block: UnsafeMutableRawPointer, capacity: Int) {
    let (bucket, _) = MemoryPool.bucket(for: capacity)
    free[bucket].append(block)
    bytesInUse -= capacity
    bytesKept += capacity
  }

  /// Gives every kept block back to the system.
  public func releaseKept() {
    for bucket in free.indices {
      for block in free[bucket] { Glibc.free(block) }
      free[bucket].removeAll()
    }
    bytesKept = 0
  }

  /// The bucket that serves a size, and the bytes of its blocks (a multiple of 64).
  static func bucket(for byteCount: Int) -> (index: Int, capacity: Int) {
    let size = max(byteCount, 64)
    let exponent = Int.bitWidth - 1 - (size - 1).leadingZeroBitCount  // 2^exponent < size <= 2^(exponent + 1), or size 64
    let base = 1 << exponent
    if size <= base { return (exponent * 4, base) }
    let step = max(base / 4, 64)
    let steps = (size - base + step - 1) / step
    return (exponent * 4 + steps * (step * 4 / base == 1 ? 1 : 4 * step / base), base + steps * step)
  }
}
