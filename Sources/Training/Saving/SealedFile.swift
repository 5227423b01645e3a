import FileFormats
import Tensors

/// A safetensors file of Glia's own: a description as JSON in the metadata entry `glia`, and a checksum over everything,
/// so that a single wrong bit is found before anything is built from it.
struct SealedFile {
  /// The metadata entry that holds the description.
  static let entry = "glia"
  private static let seal = "checksum"
  static let version = 1

  var description: JSON
  var container: Safetensors

  init(description: JSON, items: [Safetensors.Item]) {
    self.description = description
    let text = description.text()
    container = Safetensors(
      metadata: ["format": "glia", SealedFile.entry: text, SealedFile.seal: SealedFile.checksum(text, items)],
      items: items)
  }

  /// Reads and checks a file.
  /// - Throws: a format error where it is damaged, nil where it is a sound file of someone else.
  init?(reading bytes: [UInt8]) throws(FormatError) {
    container = try Safetensors(reading: bytes)
    guard let text = container.metadata[SealedFile.entry] else { return nil }
    guard container.metadata[SealedFile.seal] == SealedFile.checksum(text, container.items) else {
      throw .damaged(format: "Glia", reason: "the checksum does not fit the content")
    }
    description = try JSON.parse(text)
    guard let version = description["version"]?.integer, version <= SealedFile.version else {
      throw .unsupported(format: "Glia", reason: "it was written by a newer version")
    }
  }

  func bytes() throws(FormatError) -> [UInt8] { try container.serialized() }

  /// The arrays by name.
  var arrays: [String: RawArray] {
    Dictionary(container.items.map { ($0.name, $0.array) }, uniquingKeysWith: { first, _ in first })
  }

  /// A checksum of the checksums of the text and of every array with its name, type and shape.
  private static func checksum(_ text: String, _ items: [Safetensors.Item]) -> String {
    var sums: [UInt8] = []
    func add(_ bytes: [UInt8]) {
      let sum = Deflate.checksum(bytes[...])
      for shift in [0, 8, 16, 24] as [UInt32] { sums.append(UInt8(truncatingIfNeeded: sum >> shift)) }
    }
    add(Array(text.utf8))
    for item in items {
      add(Array("\(item.name) \(item.array.type.rawValue) \(item.array.shape)".utf8))
      add(item.array.bytes)
    }
    let sum = String(Deflate.checksum(sums[...]), radix: 16)
    return String(repeating: "0", count: 8 - sum.count) + sum
  }
}
