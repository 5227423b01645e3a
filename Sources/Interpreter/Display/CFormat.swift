#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers through the C library's formatting, which rounds exactly.
enum CFormat {
  /// `%.{precision}f`
  static func fixed(_ number: Double, precision: Int) -> String { text("%.*f", number, precision) }
  /// `%.{precision}e`
  static func scientific(_ number: Double, precision: Int) -> String { text("%.*e", number, precision) }
  /// `%.{precision}g`
  static func general(_ number: Double, precision: Int) -> String { text("%.*g", number, precision) }

  private static func text(_ format: String, _ number: Double, _ precision: Int) -> String {
    let precision = Int32(clamping: max(0, min(precision, 10_000)))
    // The longest: all 309 digits before the point and the precision after it.
    let capacity = 340 + Int(precision)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      let length = withVaList([precision, number]) { vsnprintf(base, capacity, format, $0) }
      let bytes = UnsafeRawBufferPointer(start: base, count: max(0, min(Int(length), capacity - 1)))
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
