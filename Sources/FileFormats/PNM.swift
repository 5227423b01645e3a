/// Portable any-map pictures: P1 and P4 (bits), P2 and P5 (grey), P3 and P6 (colour), as text or as bytes.
///
/// Source: Netpbm's format pages.
public enum PNM {
  /// Reads a picture; values up to another maximum than 255 are scaled.
  ///
  /// - Throws: ``FormatError``.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> Image {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"), (49...54).contains(bytes[1]) else {
      throw .damaged(format: "PNM", reason: "it does not start with P1 to P6")
    }
    let kind = Int(bytes[1] - 48)
    var scanner = PNMScanner(bytes: bytes, at: 2)
    let width = try scanner.number("the width")
    let height = try scanner.number("the height")
    let isBits = kind == 1 || kind == 4
    let maximum = isBits ? 1 : try scanner.number("the maximum")
    guard (1...65535).contains(maximum) else { throw .damaged(format: "PNM", reason: "the maximum \(maximum)") }
    let channels = kind == 3 || kind == 6 ? 3 : 1
    guard let count = Image.byteCount(width, height, channels), count <= Image.limit else {
      throw .damaged(format: "PNM", reason: "the size \(width)×\(height)")
    }
    // Text needs at least one byte a value, bytes at least one bit: a huge size cannot hide in a small file.
    guard count <= (bytes.count - scanner.at) * (kind == 4 ? 8 : 1) else {
      throw .damaged(format: "PNM", reason: "\(width)×\(height) pixels do not fit \(bytes.count - scanner.at) bytes")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    switch kind {
    case 1: for _ in 0..<count { pixels.append(try scanner.bit() ? 0 : 255) }
    case 2, 3: for _ in 0..<count { pixels.append(scaled(try scanner.number("a value"), maximum)) }
    case 4:
      let rowBytes = (width + 7) / 8
      let body = try scanner.body(rowBytes * height)
      for row in 0..<height {
        for column in 0..<width {
          let byte = body[body.startIndex + row * rowBytes + column / 8]
          pixels.append(byte >> UInt8(7 - column % 8) & 1 == 1 ? 0 : 255)
        }
      }
    default:
      let wide = maximum > 255
      let body = try scanner.body(count * (wide ? 2 : 1))
      for index in 0..<count {
        let at = body.startIndex + (wide ? 2 * index : index)
        let value = wide ? Int(body[at]) << 8 | Int(body[at + 1]) : Int(body[at])
        pixels.append(scaled(value, maximum))
      }
    }
    return try Image(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// The bytes of a P5 (grey) or P6 (colour) file; opacity is left out, as the format has none.
  public static func write(_ image: Image) -> [UInt8] {
    let colour = image.channels >= 3
    var bytes = Array("\(colour ? "P6" : "P5")\n\(image.width) \(image.height)\n255\n".utf8)
    if image.channels == 1 || image.channels == 3 { return bytes + image.pixels }
    let kept = colour ? 3 : 1
    for start in stride(from: 0, to: image.pixels.count, by: image.channels) {
      bytes += image.pixels[start..<start + kept]
    }
    return bytes
  }

  private static func scaled(_ value: Int, _ maximum: Int) -> UInt8 {
    UInt8((min(value, maximum) * 255 + maximum / 2) / maximum)
  }
}

/// Reads the numbers of a PNM header or text body, past spaces and comments.
private struct PNMScanner {
  let bytes: [UInt8]
  var at: Int

  private mutating func skipSpace() {
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "#") {
        while at < bytes.count, bytes[at] != 10 { at += 1 }
      } else if bytes[at] == 32 || (9...13).contains(bytes[at]) {
        at += 1
      } else {
        return
      }
    }
  }

  mutating func number(_ what: String) throws(FormatError) -> Int {
    skipSpace()
    let start = at
    var value = 0
    while at < bytes.count, (48...57).contains(bytes[at]), value < 1 << 32 {
      value = value * 10 + Int(bytes[at] - 48)
      at += 1
    }
    guard at > start else { throw .damaged(format: "PNM", reason: "\(what) is missing") }
    return value
  }

  mutating func bit() throws(FormatError) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == 48 || bytes[at] == 49 else {
      throw .damaged(format: "PNM", reason: "a bit is missing")
    }
    at += 1
    return bytes[at - 1] == 49
  }

  /// The body: what follows the one white-space character after the header.
  mutating func body(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    at += 1
    guard count <= bytes.count - at else {
      throw .damaged(format: "PNM", reason: "the pixels need \(count) bytes, \(max(0, bytes.count - at)) are there")
    }
    return bytes[at..<at + count]
  }
}
