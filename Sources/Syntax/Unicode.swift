// Which bytes and characters make names, and reading UTF-8.

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isHexDigit(_ byte: UInt8) -> Bool {
  isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
}

/// An ASCII letter, digit or `_`.
@inline(__always) func isNameByte(_ byte: UInt8) -> Bool {
  (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || isDigit(byte) || byte == UInt8(ascii: "_")
}

/// A letter of any script.
func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber: true
  default: false
  }
}

/// What may stand inside a name beside letters: digits of any script, and the marks of combined letters.
func continuesName(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .decimalNumber, .nonspacingMark, .spacingMark: true
  default: false
  }
}

/// A mark that belongs to the character before it: an accent, a joiner, a variation selector, a skin tone.
func continuesCharacter(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isGraphemeExtend || scalar.properties.isEmojiModifier || scalar.value == 0x200D
}

extension Lexer {
  /// The character that begins at a byte of valid UTF-8, and its length in bytes.
  func scalar(at index: Int) -> (value: Unicode.Scalar, length: Int) {
    let first = UInt32(bytes[index])
    func next(_ distance: Int) -> UInt32 {
      index + distance < bytes.count ? UInt32(bytes[index + distance] & 0x3F) : 0
    }
    let (value, length): (UInt32, Int) =
      switch first {
      case 0..<0xC0: (first, 1)
      case 0xC0..<0xE0: ((first & 0x1F) << 6 | next(1), 2)
      case 0xE0..<0xF0: ((first & 0x0F) << 12 | next(1) << 6 | next(2), 3)
      default: ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
      }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}

/// Where a text stops being UTF-8 (RFC 3629), or nil where all of it is.
func firstInvalidByte(in bytes: [UInt8]) -> Int? {
  var index = 0
  let count = bytes.count
  while index < count {
    let first = bytes[index]
    if first < 0x80 {
      index += 1
      continue
    }
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, low) = (3, 0xA0)
    case 0xED: (length, high) = (3, 0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, low) = (4, 0x90)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, high) = (4, 0x8F)
    default: return index
    }
    guard index + length <= count, bytes[index + 1] >= low, bytes[index + 1] <= high else { return index }
    for next in bytes[(index + 2)..<(index + length)] where next & 0xC0 != 0x80 { return index }
    index += length
  }
  return nil
}
