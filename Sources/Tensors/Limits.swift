#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the engine refuses, so that a size is an error and never a crash.
public enum Limits {
  /// Elements of one tensor: what a 32-bit count of blocks can address with room to spare.
  public static let maximumElements = 1 << 40
  /// Axes of one tensor: oneDNN's limit.
  public static let maximumRank = 12
  /// Bytes of all tensors together: nine tenths of the machine's memory.
  public static let maximumBytes: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && pageSize > 0 ? pages / 10 * 9 * pageSize : 1 << 33
  }()

  /// `1.5 GB`, `300 bytes`.
  public static func bytesText(_ bytes: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded)) \(units[unit])" : "\(rounded) \(units[unit])"
  }

  /// The number of elements of a shape.
  /// - Throws: a value error for a negative or impossible size.
  public static func checkedCount(_ shape: Shape, _ dtype: DType = .float32) throws -> Int {
    guard shape.count <= maximumRank else {
      throw TensorError(.value, "a tensor has at most \(maximumRank) axes, and this has \(shape.count)")
    }
    var count = 1
    for size in shape {
      guard size >= 0 else { throw TensorError(.value, "a size cannot be negative: \(shape.shapeText)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= maximumElements else {
        throw TensorError(
          .value,
          "a tensor of shape \(shape.shapeText) has too many elements for this machine's \(bytesText(maximumBytes)) of memory"
        )
      }
      count = product
    }
    return count
  }
}

extension Double {
  /// A number as users write it: `2`, `0.5`, `inf`.
  var plainText: String {
    if let whole = Int(exactly: self), magnitude < 1e15 { return String(whole) }
    return isNaN ? "nan" : isInfinite ? (self < 0 ? "-inf" : "inf") : String(self)
  }
}
