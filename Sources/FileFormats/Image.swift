/// A picture of 8 bits a channel: rows from the top, pixels from the left, channels interleaved.
public struct Image: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 grey, 2 grey and opacity, 3 red green blue, 4 red green blue and opacity.
  public let channels: Int
  public let pixels: [UInt8]

  /// The largest number of bytes that a picture may take: 1 GiB.
  public static let limit = 1 << 30

  /// - Throws: ``FormatError`` where the sizes do not fit the pixels.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws(FormatError) {
    guard (1...4).contains(channels) else {
      throw .unsupported(format: "image", reason: "\(channels) channels (1 to 4 are possible)")
    }
    guard let count = Image.byteCount(width, height, channels), count == pixels.count else {
      throw .damaged(format: "image", reason: "\(width)×\(height)×\(channels) does not fit \(pixels.count) bytes")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The bytes of a picture; nil where a size is not positive or the product overflows.
  static func byteCount(_ width: Int, _ height: Int, _ channels: Int) -> Int? {
    guard width > 0, height > 0 else { return nil }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    let (total, more) = area.multipliedReportingOverflow(by: channels)
    return overflow || more ? nil : total
  }

  /// Reads a PNG or PNM file, told apart by its first bytes.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> Image {
    if PNG.isPNG(bytes) { return try PNG.read(bytes) }
    if bytes.first == UInt8(ascii: "P") { return try PNM.read(bytes) }
    throw .unsupported(format: "image", reason: "it is neither PNG nor PNM")
  }
}
