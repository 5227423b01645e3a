import Diagnostics
import Foundation
import Syntax
import Testing

/// A small seeded generator (SplitMix64): a failure names its seed and can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Runs `body` with seeds from 0 (or `GLIA_FUZZ_SEED`) on: a fixed number of times, or for as long as
/// `GLIA_FUZZ_SECONDS` says.
func fuzz(_ count: UInt64, _ body: (inout SeededGenerator, UInt64) -> Void) {
  let seconds = ProcessInfo.processInfo.environment["GLIA_FUZZ_SECONDS"].flatMap(Double.init)
  let end = seconds.map { Date().addingTimeInterval($0) }
  let first = ProcessInfo.processInfo.environment["GLIA_FUZZ_SEED"].flatMap(UInt64.init) ?? 0
  var seed = first
  while end.map({ Date() < $0 }) ?? (seed < first + count) {
    var generator = SeededGenerator(state: seed)
    body(&generator, seed)
    seed += 1
  }
}

@Suite("Fuzzing the parser")
struct FuzzTests {
  /// What must hold for any text whatever.
  static func check(_ bytes: [UInt8], _ seed: UInt64) {
    let source = SourceFile(name: "fuzz", bytes: bytes)
    let tree = SyntaxTree(parsing: source)
    #expect(tree.diagnostics.count <= SyntaxLimits.maximumErrors + 1, "seed \(seed)")
    #expect((tree.completeness == .complete) == tree.diagnostics.isEmpty, "seed \(seed)")
    #expect(tree.statements.count <= bytes.count, "seed \(seed)")
    var end: Int32 = 0
    for statement in tree.statements {
      #expect(statement.span.start >= end && statement.span.end >= statement.span.start, "seed \(seed)")
      end = statement.span.end
    }
    #expect(Int(end) <= bytes.count, "seed \(seed)")
    for diagnostic in tree.diagnostics { #expect(!diagnostic.rendered().isEmpty, "seed \(seed)") }
    if tree.diagnostics.isEmpty { #expect(!TreeShape.of(tree).contains("<invalid>"), "seed \(seed)") }
  }

  static let words: [String] =
    Keywords.all
    + [
      "x", "f", "1", "2.5", "\"", "\"\"\"", "\"a\"", "\"{", "}\"", "{", "}", "(", ")", "[", "]", ",", ";", ":", ".",
      "...", "->", "=", "+=",
      "==", "<", "+", "-", "*", "//", "^", "@", "|>", ">>", "\n", "\n", "\r\n", "# c\n", "## d\n", "\\", "$", "η", "👍",
      "é", "&&", "'",
      "_", "0x", "1e", ":.2f}", "{x}",
    ]

  @Test("random sequences of tokens")
  func tokens() {
    fuzz(1_000) { generator, seed in
      var text = ""
      for _ in 0..<Int.random(in: 1...60, using: &generator) {
        text += Self.words.randomElement(using: &generator) ?? ""
        if Bool.random(using: &generator) { text += " " }
      }
      Self.check(Array(text.utf8), seed)
    }
  }

  @Test("random bytes")
  func randomBytes() {
    fuzz(500) { generator, seed in
      let count = Int.random(in: 0...200, using: &generator)
      Self.check((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }, seed)
    }
  }

  static let seeds: [[UInt8]] = programs.compactMap { try? Data(contentsOf: $0) }.filter { $0.count < 4_000 }.map(
    Array.init)

  @Test("programs with a part deleted, doubled, moved or changed")
  func mutations() {
    let seeds = Self.seeds
    guard !seeds.isEmpty else { return }
    fuzz(600) { generator, seed in
      var bytes = seeds.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 1...12, using: &generator))
        let part = Array(bytes[start..<end])
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: part, at: start)
        case 2: bytes.insert(contentsOf: part, at: Int.random(in: 0...bytes.count, using: &generator))
        case 3:
          bytes.replaceSubrange(start..<end, with: Array((Self.words.randomElement(using: &generator) ?? "").utf8))
        default: bytes[start] = UInt8.random(in: 0...127, using: &generator)
        }
      }
      Self.check(bytes, seed)
    }
  }

  @Test(
    "what repeats endlessly is an error or fine, never a crash",
    arguments: [
      "(", "[", "{", "-", "not ", "x -> ", "(x) -> ", "if true {", "1 + ", "x.", "f(", "a[", "{a: ", "2^", "\"{",
      "\"\"\"{", "fn f() {", "try {", "if a {} else ", "a |> ", "1 < ", "x = ", ";", "\n", "\\", "'", "##\n", "a.b",
      "f()", "1, ", "\"a\" + ", "(1,) + ", "let x = ", "$",
    ])
  func repeated(_ unit: String) {
    for count in [199, 201, 1_001, 5_000] {
      Self.check(Array(String(repeating: unit, count: count).utf8), UInt64(count))
      Self.check(Array((String(repeating: unit, count: count) + "1").utf8), UInt64(count))
    }
  }
}
