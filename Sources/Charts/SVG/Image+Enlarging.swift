import FileFormats

extension Image {
  /// The picture with each pixel repeated, so that its shorter side has about so many; larger ones stay as they are.
  func enlarged(to side: Int) -> Image {
    let factor = min(12, side / max(1, min(width, height)))
    guard factor > 1, max(width, height) * factor <= 1024 else { return self }
    var enlarged: [UInt8] = []
    enlarged.reserveCapacity(pixels.count * factor * factor)
    for row in 0..<height {
      var line: [UInt8] = []
      for column in 0..<width {
        let start = (row * width + column) * channels
        for _ in 0..<factor { line += pixels[start..<start + channels] }
      }
      for _ in 0..<factor { enlarged += line }
    }
    return (try? Image(width: width * factor, height: height * factor, channels: channels, pixels: enlarged)) ?? self
  }
}
