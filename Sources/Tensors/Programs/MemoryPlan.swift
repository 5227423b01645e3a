/// Where the values between a program's steps lie in one block of memory: values whose lives do not overlap share space.
struct MemoryPlan {
  /// A value's life: from the step that makes it to the last step that reads it.
  struct Life {
    var root: Int
    var byteCount: Int
    var first: Int
    var last: Int
  }

  private(set) var offsets: [Int: Int] = [:]
  /// Bytes of the block.
  private(set) var byteCount = 0
  /// Bytes that the values would take side by side.
  private(set) var unsharedByteCount = 0

  /// Largest first, each at the lowest place where nothing alive at the same time lies.
  init(_ lives: [Life]) {
    var placed: [(life: Life, offset: Int)] = []
    let sizes = lives.sorted { ($0.byteCount, $1.first) > ($1.byteCount, $0.first) }
    for life in sizes {
      let size = OneDNN.aligned(max(life.byteCount, 1))
      unsharedByteCount += size
      let neighbours = placed.filter { $0.life.first <= life.last && life.first <= $0.life.last }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for neighbour in neighbours {
        if offset + size <= neighbour.offset { break }
        offset = max(offset, neighbour.offset + OneDNN.aligned(max(neighbour.life.byteCount, 1)))
      }
      placed.append((life, offset))
      offsets[life.root] = offset
      byteCount = max(byteCount, offset + size)
    }
  }
}
