import CPNG

/// Portable Network Graphics, through libpng's simplified interface, which reports errors instead of jumping.
public enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether the bytes begin like a PNG file.
  public static func isPNG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

  /// Reads a picture: grey or colour, with or without opacity, as the file is; palettes become colours, 16 bits 8.
  ///
  /// - Throws: ``FormatError`` where the file is damaged or takes more than ``Image/limit``.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> Image {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    let begun = bytes.withUnsafeBytes { png_image_begin_read_from_memory(&control, $0.baseAddress, $0.count) }
    guard begun != 0 else { throw .damaged(format: "PNG", reason: message(control)) }
    // The two lowest bits of the format are opacity and colour: palettes are read as what they stand for.
    control.format &= 3
    // A 16-bit file without a gamma has the usual one.
    control.flags |= 4
    let channels = [1, 2, 3, 4][Int(control.format)]
    let width = Int(control.width)
    let height = Int(control.height)
    guard let size = Image.byteCount(width, height, channels), size <= Image.limit else {
      throw .tooLarge(format: "PNG", bytes: Image.byteCount(width, height, channels) ?? Int.max, limit: Image.limit)
    }
    var finished: Int32 = 0
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      buffer.initialize(repeating: 0)
      finished = png_image_finish_read(&control, nil, buffer.baseAddress, 0, nil)
      count = size
    }
    guard finished != 0 else { throw .damaged(format: "PNG", reason: message(control)) }
    return try Image(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// The bytes of a PNG file; the same picture gives the same bytes.
  public static func write(_ image: Image) throws(FormatError) -> [UInt8] {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    guard let width = png_uint_32(exactly: image.width), let height = png_uint_32(exactly: image.height) else {
      throw .unsupported(format: "PNG", reason: "a picture of \(image.width)×\(image.height)")
    }
    control.width = width
    control.height = height
    control.format = png_uint_32(image.channels - 1)
    // What deflate may add at most, chunk headers, and the fixed chunks.
    let raw = image.pixels.count + image.height
    let bound = raw + raw / 64 + 4096
    var written = bound
    var finished: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      finished = image.pixels.withUnsafeBytes {
        png_image_write_to_memory(&control, buffer.baseAddress, &written, 0, $0.baseAddress, 0, nil)
      }
      count = finished != 0 ? min(written, bound) : 0
    }
    guard finished != 0 else { throw .damaged(format: "PNG", reason: message(control)) }
    return bytes
  }

  private static func message(_ control: png_image) -> String {
    withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
