#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Text. Indexed by character (grapheme); ASCII text is known to be so and indexed directly.
public final class StringValue {
  // The first property is read through `StringObject`.
  private var knownHash = 0
  public private(set) var text: String
  /// What has been learnt of the text: nil until asked.
  private var measured: Measure?

  private enum Measure {
    /// Every byte is one character.
    case ascii(count: Int)
    /// The place of every 32nd character.
    case marks([String.Index], count: Int)
  }

  private static let markDistance = 32

  public init(_ text: String) { self.text = text }

  /// The number of characters.
  public var count: Int {
    switch measure() {
    case .ascii(let count), .marks(_, let count): count
    }
  }

  /// True where each byte is one character. (`\r\n` is one character of two bytes and does not count as plain.)
  public var isPlain: Bool {
    if case .ascii = measure() { return true }
    return false
  }

  /// The character at a position that lies inside.
  public func character(at position: Int) -> Character { text[index(of: position)] }

  /// The text of a range of positions inside.
  public func slice(_ range: Range<Int>) -> String {
    String(text[index(of: range.lowerBound)..<index(of: range.upperBound)])
  }

  /// Where a position is in the text; `count` gives the end.
  public func index(of position: Int) -> String.Index {
    switch measure() {
    case .ascii: return text.utf8.index(text.startIndex, offsetBy: position)
    case .marks(let marks, let count):
      if position >= count { return text.endIndex }
      return text.index(marks[position / Self.markDistance], offsetBy: position % Self.markDistance)
    }
  }

  /// A hash of the text's bytes, never 0; kept once computed.
  var hash: Int {
    if knownHash != 0 { return knownHash }
    let found = text.withUTF8 { bytes -> UInt64 in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      return hash ^ (hash >> 29)
    }
    knownHash = max(1, Int(truncatingIfNeeded: found & 0x7fff_ffff_ffff_ffff))
    return knownHash
  }

  /// True where the texts have the same code points.
  func isSame(_ other: StringValue) -> Bool {
    if self === other { return true }
    if knownHash != 0, other.knownHash != 0, knownHash != other.knownHash { return false }
    return order(other) == 0
  }

  /// Negative, zero or positive: how the texts compare by code point.
  func order(_ other: StringValue) -> Int {
    text.withUTF8 { a in
      other.text.withUTF8 { b in
        let shared = min(a.count, b.count)
        if shared > 0, let x = a.baseAddress, let y = b.baseAddress {
          let order = memcmp(x, y, shared)
          if order != 0 { return Int(order) }
        }
        return a.count - b.count
      }
    }
  }

  /// Adds text at the end. For whoever holds the only reference.
  func append(_ more: StringValue) {
    if case .ascii(let count)? = measured, case .ascii(let added)? = more.measured {
      measured = .ascii(count: count + added)
    } else {
      measured = nil
    }
    text += more.text
    knownHash = 0
  }

  /// Strings of one ASCII character, made once.
  nonisolated(unsafe) private static let singles: [StringValue] = (0..<128).map { code in
    let value = StringValue(String(UnicodeScalar(UInt8(code))))
    value.measured = code == 13 ? nil : .ascii(count: 1)
    return value
  }

  /// The character at a position that lies inside, as a string.
  func single(at position: Int) -> StringValue {
    if isPlain {
      let byte = text.withUTF8 { $0[position] }
      return StringValue.singles[Int(byte)]
    }
    return StringValue(String(character(at: position)))
  }

  private func measure() -> Measure {
    if let measured { return measured }
    let found = StringValue.measured(&text)
    measured = found
    return found
  }

  private static func measured(_ text: inout String) -> Measure {
    let plain = text.withUTF8 { bytes -> Bool in
      var combined: UInt8 = 0
      var hasReturn = false
      for byte in bytes {
        combined |= byte
        if byte == 13 { hasReturn = true }
      }
      return combined < 128 && !hasReturn
    }
    if plain { return .ascii(count: text.utf8.count) }
    var marks: [String.Index] = []
    var count = 0
    var index = text.startIndex
    while index < text.endIndex {
      if count % markDistance == 0 { marks.append(index) }
      index = text.index(after: index)
      count += 1
    }
    return .marks(marks, count: count)
  }
}
