/// A block of memory that tensors share: 64-byte aligned, returned to the pool when the last tensor lets go.
public final class Storage {
  public let pointer: UnsafeMutableRawPointer
  /// Bytes that may be used; at least what was asked for.
  public let capacity: Int
  /// True where the block was new and holds zeros until somebody writes.
  let startsZeroed: Bool

  /// - Throws: a value error that names the size where it cannot be had.
  public init(byteCount: Int) throws {
    (pointer, capacity, startsZeroed) = try MemoryPool.shared.take(byteCount: byteCount)
  }

  deinit { MemoryPool.shared.give(pointer, capacity: capacity) }
}
