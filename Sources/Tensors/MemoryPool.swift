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

  private var kept: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 4 * Int.bitWidth)
  /// Bytes handed out and not yet given back.
  public private(set) var bytesInUse = 0
  /// The most that was ever handed out at once since `resetPeak`.
  public private(set) var peakBytes = 0
  /// Bytes kept for reuse.
  public private(set) var bytesKept = 0
  /// How often the system was asked for memory.
  public private(set) var systemAllocations = 0

  /// Starts a new measurement of `peakBytes`.
  public func resetPeak() { peakBytes = bytesInUse }

  /// A block of at least `byteCount` bytes; its contents are undefined unless `isZeroed`.
  func take(byteCount: Int) throws -> (pointer: UnsafeMutableRawPointer, capacity: Int, isZeroed: Bool) {
    let (bucket, capacity) = MemoryPool.bucket(for: byteCount)
    bytesInUse += capacity
    if bytesInUse > peakBytes { peakBytes = bytesInUse }
    if let block = kept[bucket].popLast() {
      bytesKept -= capacity
      return (block, capacity, false)
    }
    do {
      return (try allocate(capacity, for: byteCount), capacity, SystemMemory.isZeroed(capacity))
    } catch {
      bytesInUse -= capacity
      throw error
    }
  }

  private func allocate(_ capacity: Int, for byteCount: Int) throws -> UnsafeMutableRawPointer {
    let limit = Limits.maximumBytes
    guard bytesInUse <= limit else {
      let free = Limits.bytesText(max(0, limit - (bytesInUse - capacity)))
      throw TensorError(.value, "this needs \(Limits.bytesText(byteCount)) of memory, and there are \(free)")
    }
    if bytesInUse + bytesKept > limit { releaseKept() }
    try check(capacity, elementsOf: 1)
    guard let block = SystemMemory.allocate(capacity) else {
      throw TensorError(.value, "the system has no \(Limits.bytesText(byteCount)) of memory left")
    }
    systemAllocations += 1
    return block
  }

  /// Asks whether the system could give so many elements of a size, here or in an array.
  /// - Throws: a value error that says what is there where it could not.
  func check(_ count: Int, elementsOf size: Int) throws {
    let bytes = count.multipliedReportingOverflow(by: size)
    if !bytes.overflow && bytes.partialValue < SystemMemory.smallRequest { return }
    let wanted = bytes.overflow ? Int.max : bytes.partialValue
    if let free = SystemMemory.available(), free < wanted { releaseKept() }
    if let free = SystemMemory.available(), free < wanted {
      throw TensorError(
        .value, "this needs \(Limits.bytesText(wanted)) of memory, and there are \(Limits.bytesText(free))")
    }
  }

  func give(_ block: UnsafeMutableRawPointer, capacity: Int) {
    kept[MemoryPool.bucket(for: capacity).index].append(block)
    bytesInUse -= capacity
    bytesKept += capacity
  }

  /// Gives every kept block back to the system.
  public func releaseKept() { trim(to: 0) }

  /// Gives kept blocks back to the system, the largest first, until no more than `most` bytes are kept.
  public func trim(to most: Int) {
    for bucket in kept.indices.reversed() {
      while bytesKept > most, let block = kept[bucket].popLast() {
        let capacity = MemoryPool.capacity(of: bucket)
        SystemMemory.free(block, capacity)
        bytesKept -= capacity
      }
    }
  }

  /// The bytes of a bucket's blocks.
  static func capacity(of bucket: Int) -> Int {
    guard bucket > 0 else { return 64 }
    let base = 1 << (bucket / 4)
    return base + base / 4 * (bucket % 4 + 1)
  }

  /// The bucket that serves a size, and the bytes of its blocks: 1¼, 1½, 1¾ and 2 times each power of two, in multiples
  /// of 64.
  static func bucket(for byteCount: Int) -> (index: Int, capacity: Int) {
    guard byteCount > 64 else { return (0, 64) }
    let exponent = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount  // 2^exponent < byteCount <= 2^(exponent + 1)
    let base = 1 << exponent
    let step = max(base / 4, 64)
    let capacity = (byteCount + step - 1) / step * step
    return (exponent * 4 + (capacity - base) * 4 / base - 1, capacity)
  }
}
