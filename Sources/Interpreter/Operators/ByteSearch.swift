#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds bytes in bytes. In UTF-8 a match always begins where a character's code point does.
public enum ByteSearch {
  /// The first place at or after `start`; nil where there is none.
  public static func first(of part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int)
    -> Int?
  {
    guard let wanted = part.baseAddress, let base = text.baseAddress, part.count > 0 else { return start }
    var position = start
    while text.count - position >= part.count {
      guard let found = memchr(base + position, Int32(wanted[0]), text.count - position - part.count + 1) else {
        return nil
      }
      position = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
      if memcmp(base + position, wanted, part.count) == 0 { return position }
      position += 1
    }
    return nil
  }
}
