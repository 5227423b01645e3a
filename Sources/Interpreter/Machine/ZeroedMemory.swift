#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Large blocks of zeros that the system provides page by page, when they are first touched.
enum ZeroedMemory {
  static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? { calloc(1, bytes) }
  static func free(_ pointer: UnsafeMutableRawPointer) {
    #if canImport(Glibc)
      Glibc.free(pointer)
    #else
      Darwin.free(pointer)
    #endif
  }
}
