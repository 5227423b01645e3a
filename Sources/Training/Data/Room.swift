import Tensors

/// Refuses sizes that this machine's memory cannot hold, before anything of that size is made.
enum Room {
  /// - Parameter numbers: how many 64-bit numbers the work will hold at once; nil where counting them overflowed.
  /// - Throws: a value error that says how much memory it would take and how much there is.
  static func require(_ numbers: Int?, for what: String) throws {
    let free = max(0, Limits.maximumBytes - MemoryPool.shared.bytesInUse)
    guard let numbers, numbers >= 0, numbers <= free / 8 else {
      let wanted = numbers.map { Limits.bytesText($0.multipliedReportingOverflow(by: 8).overflow ? Int.max : $0 * 8) }
      throw TensorError(
        .value, "\(what) needs \(wanted ?? "far more") of memory, and there are \(Limits.bytesText(free))")
    }
  }

  /// A product; nil where it overflows.
  static func product(_ factors: Int...) -> Int? {
    factors.reduce(1 as Int?) { product, factor in
      guard let product else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? nil : next
    }
  }
}
