#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An sRGB colour of 8 bits a channel.
public struct Color: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from a number such as `0x0072B2`.
  public init(_ hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// `#0072b2`.
  public var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The perceived lightness, from 0 (black) to 1 (white): relative luminance after WCAG 2.
  public var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The colour a part of the way to another.
  public func mixed(with other: Color, _ share: Double) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(bounded: min(max(Double(a) + (Double(b) - Double(a)) * share, 0), 255).rounded())
    }
    return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// A colour by lightness (0 to 1), chroma (0 to about 0.3) and hue in degrees, in which equal steps look equal;
  /// what the screen cannot show is cut.
  ///
  /// Source: Björn Ottosson, "A perceptual color space for image processing" (Oklab), 2020.
  public static func perceptual(lightness: Double, chroma: Double, hue: Double) -> Color {
    let a = chroma * cos(hue * .pi / 180)
    let b = chroma * sin(hue * .pi / 180)
    func cubed(_ x: Double) -> Double { x * x * x }
    let long = cubed(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let medium = cubed(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let short = cubed(lightness - 0.0894841775 * a - 1.2914855480 * b)
    func channel(_ value: Double) -> UInt8 {
      let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
      return UInt8(bounded: (min(max(encoded, 0), 1) * 255).rounded())
    }
    return Color(
      red: channel(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
      green: channel(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
      blue: channel(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short))
  }
}

/// The colour that a mark is drawn with.
public enum Ink: Hashable, Sendable {
  /// The next colour of the palette that no earlier mark of the panel has taken.
  case automatic
  /// A colour of the palette, which has a light and a dark form; numbers beyond its end begin again.
  case series(Int)
  /// The colour of secondary text and reference lines.
  case muted
  /// One colour, light or dark.
  case fixed(Color)
}

/// The colours of series: distinguishable with the common forms of colour blindness, each in a form for light and one
/// for dark backgrounds.
///
/// Source of the choice: Okabe and Ito, "Color Universal Design", 2008; the dark forms are lighter.
public enum Palette {
  /// Colours on a light background.
  public static let light: [Color] = [0x0072B2, 0xD55E00, 0x009E73, 0xB65A92, 0xE69F00, 0x56B4E9, 0x7A5A00, 0x6E7781]
    .map { Color($0) }
  /// Colours on a dark background.
  public static let dark: [Color] = [0x58A6E6, 0xF58549, 0x2FC498, 0xE08DC0, 0xF2B632, 0x8FD3FA, 0xC9A54A, 0x9DA7B1]
    .map { Color($0) }

  /// The number of colours.
  public static var count: Int { light.count }

  /// The colour of a series on a light background; numbers beyond the end begin again.
  public static func light(_ index: Int) -> Color { light[((index % count) + count) % count] }

  /// The colour of a series on a dark background.
  public static func dark(_ index: Int) -> Color { dark[((index % count) + count) % count] }
}

/// Colours for values: equal steps of the value look like equal steps of the colour.
public enum Colormap: String, CaseIterable, Sendable {
  /// From dark violet over blue and green to light yellow.
  case sequential
  /// From blue over near white to red, for values around a middle.
  case diverging
  /// From near white to dark blue, for counts.
  case blues
  /// From black to white.
  case grey

  /// The colour of a value between 0 and 1; what lies outside is cut, not-a-number is grey.
  public func color(_ value: Double) -> Color {
    guard !value.isNaN else { return Color(0x9AA0A6) }
    let t = min(max(value, 0), 1)
    switch self {
    case .sequential:
      return .perceptual(lightness: 0.24 + 0.7 * t, chroma: 0.13 + 0.03 * sin(.pi * t), hue: 295 - 190 * t)
    case .diverging:
      let distance = abs(2 * t - 1)
      return .perceptual(
        lightness: 0.97 - 0.47 * distance, chroma: 0.17 * distance, hue: t < 0.5 ? 250 : 32)
    case .blues: return .perceptual(lightness: 0.975 - 0.54 * t, chroma: 0.008 + 0.13 * t, hue: 250)
    case .grey:
      let level = UInt8(bounded: (t * 255).rounded())
      return Color(red: level, green: level, blue: level)
    }
  }
}
