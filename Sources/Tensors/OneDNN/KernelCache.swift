/// Prepared kernels of the operations whose preparation is costly, by operation and sizes.
///
/// A network meets few combinations of sizes; the cache forgets everything when it holds too many.
final class KernelCache {
  /// Which computation: the operation's name and every number that its preparation depends on.
  struct Key: Hashable {
    var name: String
    var numbers: [Int]
  }

  nonisolated(unsafe) static let shared = KernelCache()
  private static let limit = 1024
  private var kernels: [Key: Kernel] = [:]

  func kernel(_ name: String, _ numbers: [Int], make: () throws -> Kernel) rethrows -> Kernel {
    let key = Key(name: name, numbers: numbers)
    if let found = kernels[key] { return found }
    let made = try make()
    if kernels.count >= KernelCache.limit { kernels.removeAll() }
    kernels[key] = made
    return made
  }
}
