#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private func systemFree(_ block: UnsafeMutableRawPointer) { free(block) }

/// What the system could still give, so that a large request is refused instead of ending the process.
enum SystemMemory {
  /// Requests below this many bytes are not worth a look at the system's files.
  static let smallRequest = 64 << 20

  /// Blocks of this many bytes come in large pages, which cost a five-hundredth of the faults, and start as zeros.
  private static let largePage = 2 << 20

  /// True where a new block of a size holds zeros.
  static func isZeroed(_ capacity: Int) -> Bool { capacity >= largePage }

  /// A new block at a multiple of 64, of large pages where it is large; nil where the system refuses.
  static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer? {
    guard capacity >= largePage else { return aligned_alloc(64, capacity) }
    let flags = MAP_PRIVATE | MAP_ANON
    guard let start = mmap(nil, capacity + largePage, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED
    else { return nil }
    // The block starts at a large page; what is left at both ends goes back.
    let block = UnsafeMutableRawPointer(
      bitPattern: (UInt(bitPattern: start) + UInt(largePage - 1)) & ~UInt(largePage - 1))
    guard let block else { return nil }
    let before = block - start
    if before > 0 { munmap(start, before) }
    if before < largePage { munmap(block + capacity, largePage - before) }
    #if os(Linux)
      madvise(block, capacity, MADV_HUGEPAGE)
    #endif
    return block
  }

  /// Gives a block of `allocate` back.
  static func free(_ block: UnsafeMutableRawPointer, _ capacity: Int) {
    if capacity >= largePage { munmap(block, capacity) } else { systemFree(block) }
  }

  /// Bytes available without swapping, as the kernel estimates them and as the container's limit allows; nil where the
  /// system does not say.
  static func available() -> Int? {
    var least: Int?
    func consider(_ bytes: Int?) {
      guard let bytes else { return }
      least = min(least ?? bytes, max(0, bytes))
    }
    consider(fileNumber("/proc/meminfo", after: "MemAvailable:").map { $0 &* 1024 })
    // A container's limit, in both versions of control groups; file pages that it may drop count as free.
    let groups = [
      ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file "),
      (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file "
      ),
    ]
    for (limit, use, statistics, droppable) in groups {
      guard let limit = fileNumber(limit), let use = fileNumber(use) else { continue }
      consider(limit &- use &+ (fileNumber(statistics, after: droppable) ?? 0))
    }
    return least
  }

  /// The first whole number in a file, or on the line that starts with a word.
  private static func fileNumber(_ path: String, after word: String = "") -> Int? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix(word) else { continue }
      let digits = text.dropFirst(word.count).drop { $0 == " " }.prefix { $0.isNumber }
      return Int(digits)
    }
    return nil
  }
}
