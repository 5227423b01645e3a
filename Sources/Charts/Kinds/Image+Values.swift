import FileFormats

extension Image {
  /// A picture from numbers, as tensors hold them: row after row, channels interleaved (1 grey, 3 colour, 4 with
  /// opacity).
  ///
  /// Grey values are stretched from the smallest to the largest, or over `range`. Colours from 0 to 1, or from 0 to 255
  /// where one is larger than 1, are taken as they are.
  ///
  /// - Throws: ``FormatError`` where the sizes do not fit.
  public static func from(
    _ values: [Double], width: Int, height: Int, channels: Int = 1, range: ClosedRange<Double>? = nil,
    isInverted: Bool = false
  ) throws(FormatError) -> Image {
    var low = 0.0
    var high = 1.0
    let finite = values.lazy.filter(\.isFinite)
    if let range {
      (low, high) = (range.lowerBound, range.upperBound)
    } else if channels < 3 {
      (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    } else if let largest = finite.max(), largest > 1 {
      high = 255
    }
    let scale = high > low ? 255 / (high - low) : 0
    let pixels = values.map { value -> UInt8 in
      guard value.isFinite else { return 0 }
      let level = UInt8(bounded: min(max((value - low) * scale, 0), 255).rounded())
      return isInverted ? 255 - level : level
    }
    return try Image(width: width, height: height, channels: channels, pixels: pixels)
  }
}
