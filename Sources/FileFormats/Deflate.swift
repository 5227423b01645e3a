import CZlib

/// Compression with zlib: gzip files, and the bare deflate streams inside zip files.
public enum Deflate {
  /// What surrounds the compressed data.
  public enum Wrapping: Sendable {
    /// A gzip header and checksum (RFC 1952).
    case gzip
    /// Nothing (RFC 1951), as inside zip files.
    case none

    var windowBits: Int32 {
      switch self {
      case .gzip: MAX_WBITS + 16
      case .none: -MAX_WBITS
      }
    }
  }

  /// The most bytes that inflating gives unless told otherwise: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// Whether the bytes begin like a gzip file.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The inflated content; gzip members that follow one another are joined.
  ///
  /// - Parameter limit: the most bytes the result may have; a small file can inflate to a thousand times its size.
  /// - Throws: ``FormatError`` where the data are damaged, cut short or inflate beyond `limit`.
  public static func inflate(
    _ bytes: [UInt8], wrapping: Wrapping = .gzip, limit: Int = defaultLimit
  ) throws(FormatError) -> [UInt8] {
    try inflate(bytes[...], wrapping: wrapping, limit: limit)
  }

  static func inflate(_ bytes: ArraySlice<UInt8>, wrapping: Wrapping, limit: Int) throws(FormatError) -> [UInt8] {
    let format = wrapping == .gzip ? "gzip" : "deflate"
    var output: [UInt8] = []
    output.reserveCapacity(min(bytes.count &* 4, limit, 1 << 26))
    let outcome = bytes.withUnsafeBufferPointer { input in
      inflateAll(input, windowBits: wrapping.windowBits, limit: limit, into: &output)
    }
    switch outcome {
    case .done: return output
    case .cutShort: throw .damaged(format: format, reason: "the data end early")
    case .tooLarge: throw .tooLarge(format: format, bytes: output.count, limit: limit)
    case .failed(let reason): throw .damaged(format: format, reason: reason)
    }
  }

  /// The compressed content. The same bytes give the same result: no time is written.
  ///
  /// - Parameter level: 1 is fastest, 9 smallest.
  public static func deflate(
    _ bytes: [UInt8], wrapping: Wrapping = .gzip, level: Int = 6
  ) throws(FormatError) -> [UInt8] {
    let format = wrapping == .gzip ? "gzip" : "deflate"
    var stream = z_stream()
    let level = Int32(min(max(level, 0), 9))
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, wrapping.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .unsupported(format: format, reason: "zlib does not start") }
    defer { deflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var output: [UInt8] = []
    let finished = bytes.withUnsafeBufferPointer { input in
      var consumed = 0
      while true {
        let step = min(input.count - consumed, 1 << 30)
        stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
        stream.avail_in = UInt32(step)
        consumed += step
        let flush = consumed == input.count ? Z_FINISH : Z_NO_FLUSH
        var code = Z_OK
        repeat {
          code = chunk.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            return CZlib.deflate(&stream, flush)
          }
          output += chunk.prefix(chunk.count - Int(stream.avail_out))
        } while stream.avail_out == 0
        if code == Z_STREAM_END { return true }
        if code != Z_OK || flush == Z_FINISH { return false }
      }
    }
    guard finished else { throw .unsupported(format: format, reason: "zlib stopped early") }
    return output
  }

  /// The CRC-32 of zip and gzip.
  public static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress, buffer.count))
    }
  }

  private enum Outcome {
    case done, cutShort, tooLarge
    case failed(String)
  }

  private static func inflateAll(
    _ input: UnsafeBufferPointer<UInt8>, windowBits: Int32, limit: Int, into output: inout [UInt8]
  ) -> Outcome {
    var stream = z_stream()
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return .failed("zlib does not start")
    }
    defer { inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var offered = 0
    while true {
      if stream.avail_in == 0 {
        let step = min(input.count - offered, 1 << 30)
        stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offered) }
        stream.avail_in = UInt32(step)
        offered += step
      }
      let code = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      let made = chunk.count - Int(stream.avail_out)
      guard made <= limit - output.count else { return .tooLarge }
      output += chunk.prefix(made)
      switch code {
      case Z_STREAM_END:
        let left = input.count - offered + Int(stream.avail_in)
        // Another gzip member may follow; anything else after the end is ignored, as gunzip does.
        guard windowBits > MAX_WBITS, left >= 2, let next = stream.next_in, next[0] == 0x1F, next[1] == 0x8B else {
          return .done
        }
        guard inflateReset(&stream) == Z_OK else { return .failed("zlib does not restart") }
      case Z_OK: continue
      case Z_BUF_ERROR:
        if stream.avail_in == 0 && offered == input.count { return .cutShort }
        if made == 0 && stream.avail_in > 0 { return .failed("no progress") }
      default:
        return .failed(stream.msg.map { String(cString: $0) } ?? "error \(code)")
      }
    }
  }
}
