/// The digest SHA-256 (FIPS 180-4): it names a source in run.json, so that one knows what has run.
public enum SHA256 {
  /// The digest as 64 hexadecimal digits.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    var state = initialState
    var words = [UInt32](repeating: 0, count: 64)
    for start in stride(from: 0, to: bytes.count - bytes.count % 64, by: 64) {
      compress(bytes[start..<(start + 64)], &state, &words)
    }
    // The rest, a one bit, zeros, and the length in bits.
    var tail = Array(bytes[(bytes.count - bytes.count % 64)...]) + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    let length = UInt64(bytes.count) &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
    }
    for start in stride(from: 0, to: tail.count, by: 64) { compress(tail[start..<(start + 64)], &state, &words) }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func compress(_ block: ArraySlice<UInt8>, _ state: inout [UInt32], _ words: inout [UInt32]) {
    var index = block.startIndex
    for word in 0..<16 {
      words[word] =
        UInt32(block[index]) << 24 | UInt32(block[index + 1]) << 16 | UInt32(block[index + 2]) << 8
        | UInt32(block[index + 3])
      index += 4
    }
    for word in 16..<64 {
      let a = words[word - 15]
      let b = words[word - 2]
      let first = rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)
      let second = rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10)
      words[word] = words[word - 16] &+ first &+ words[word - 7] &+ second
    }
    var s = state
    for round in 0..<64 {
      let sum1 = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)
      let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
      let first = s[7] &+ sum1 &+ choice &+ constants[round] &+ words[round]
      let sum0 = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)
      let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
      s = [first &+ sum0 &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
    }
    for index in 0..<8 { state[index] = state[index] &+ s[index] }
  }

  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value >> count | value << (32 - count) }

  /// The first 32 bits of the fractional parts of the square roots of the first eight primes.
  private static let initialState: [UInt32] = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
  /// The same of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { fraction(cubeRoot(Double($0))) }

  private static let primes: [Int] = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }

  private static func fraction(_ value: Double) -> UInt32 { UInt32((value - value.rounded(.down)) * 4_294_967_296) }

  /// Newton's iteration; 52 bits are more than the 32 that are needed.
  private static func cubeRoot(_ value: Double) -> Double {
    var root = value / 3 + 1
    for _ in 0..<60 { root -= (root * root * root - value) / (3 * root * root) }
    return root
  }
}
