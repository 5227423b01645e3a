import Interpreter

/// Finds a text in another, byte by byte.
///
/// UTF-8 is self-synchronising: bytes that match begin at the start of a character's code point.
struct TextSearch {
  private let wanted: [UInt8]

  init(for text: String) { wanted = Array(text.utf8) }

  /// The byte offset of the first occurrence; 0 for an empty text.
  func first(in text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in next(in: bytes, from: 0) }
  }

  /// The parts of a text between the occurrences. The text looked for must not be empty.
  /// - Throws: a value error where there are more than a list may have.
  func pieces(of text: String) throws -> [String] {
    var text = text
    return try text.withUTF8 { bytes in
      var parts: [String] = []
      var start = 0
      while !wanted.isEmpty, let found = next(in: bytes, from: start) {
        parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
        start = found + wanted.count
        try checkLength(ofList: parts.count)
      }
      parts.append(String(decoding: bytes[start...], as: UTF8.self))
      return parts
    }
  }

  private func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let head = wanted.first else { return start }
    var position = start
    let last = bytes.count - wanted.count
    while position <= last {
      if bytes[position] == head && wanted.indices.allSatisfy({ bytes[position + $0] == wanted[$0] }) {
        return position
      }
      position += 1
    }
    return nil
  }
}
