import FileFormats
import Testing

/// A small generator with a seed, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The readers must answer every damaged file with a value or a ``FormatError``.
@Suite struct MutationTests {
  static func samples() throws -> [(String, [UInt8], ([UInt8]) throws -> Void)] {
    let array = try RawArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let image = try Image(width: 4, height: 3, channels: 3, pixels: Array(0..<36))
    let idx: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    let container = Safetensors(metadata: ["format": "glia"], items: [.init(name: "w", array: array)])
    let json = Array(#"{"a": [1, 2.5e-3, true, null, "x\u00e9\n"], "b": {"c": []}}"#.utf8)
    return [
      ("gzip", try Deflate.deflate(Array("hello hello hello".utf8)), { _ = try Deflate.inflate($0, limit: 1 << 20) }),
      ("IDX", idx, { _ = try IDX.read($0, limit: 1 << 20) }),
      ("NPY", try NPY.write(array), { _ = try NPY.read($0) }),
      (
        "NPZ", try NPZ.write([("a", array), ("b", array)], compressed: true),
        { _ = try NPZ.read($0, limit: 1 << 20) }
      ),
      ("PNG", try PNG.write(image), { _ = try PNG.read($0) }),
      ("PNM", PNM.write(image), { _ = try PNM.read($0) }),
      ("PNM text", Array("P3 2 1 255\n1 2 3 4 5 6\n".utf8), { _ = try PNM.read($0) }),
      ("safetensors", try container.serialized(), { _ = try Safetensors(reading: $0) }),
      ("JSON", json, { _ = try JSON.parse($0) }),
    ]
  }

  @Test func damagedFilesGiveFormatErrors() throws {
    for (name, whole, read) in try MutationTests.samples() {
      try read(whole)
      var random = SplitMix(seed: 20)
      for round in 0..<600 {
        var bytes = whole
        for _ in 0...Int.random(in: 0..<4, using: &random) {
          guard !bytes.isEmpty else { break }
          let at = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<6, using: &random) {
          case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          case 2: bytes.removeLast(bytes.count - at)
          case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
          case 4: bytes.remove(at: at)
          default: bytes[at] = 0xFF
          }
        }
        do {
          try read(bytes)
        } catch is FormatError {
        } catch {
          Issue.record("\(name), round \(round): \(error)")
        }
      }
    }
  }

  @Test func everyPrefixIsRefusedOrRead() throws {
    for (name, whole, read) in try MutationTests.samples() {
      for length in 0..<whole.count {
        do {
          try read(Array(whole.prefix(length)))
        } catch is FormatError {
        } catch {
          Issue.record("\(name) cut to \(length): \(error)")
        }
      }
    }
  }
}
