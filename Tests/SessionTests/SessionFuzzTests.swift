import Diagnostics
import Foundation
import Session
import Testing

/// Programs that are almost right, run to their end: whatever they do, they end with a result. A crash of this test's
/// process is what it looks for.
@Suite("Fuzzing whole programs", .serialized)
struct SessionFuzzTests {
  /// SplitMix64: a failure names its seed and can be repeated.
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

  /// Values at the edges of what functions expect.
  static let oddValues = [
    "0", "-1", "1e300", "nan", "inf", "0.5", "1e18", "9007199254740993", "none", "true", "()", "(1,)", "[]",
    "[1, 2; 3, 4]", "{}",
    "\"\"", "\"abc\"", "zeros(0)", "zeros(2, 0)", "int32([1, 2])", "x -> x", "range(3)", "[true, false]",
    "float64([1, 2])", "dense(2)",
    "1e12", "[nan]", "zeros(1e6, 1e6)", "(1, (2, (3,)))",
  ]

  /// The short conformance programs that read no files.
  static let programs: [String] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Conformance")
    let files =
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return files.filter {
      $0.pathExtension == "glia" && !$0.path.contains("never_crash") && !$0.path.contains("/training/")
    }
    .sorted { $0.path < $1.path }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    .filter { $0.utf8.count < 2_500 }
  }()

  /// A program with one to four of its words changed, doubled or left out.
  static func mutated(_ generator: inout SeededGenerator) -> String {
    guard var text = programs.randomElement(using: &generator) else { return "" }
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let words = text.matches(of: /"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*|[0-9]+(?:\.[0-9]+)?|\S/)
      guard let word = words.randomElement(using: &generator), let other = words.randomElement(using: &generator) else {
        break
      }
      let odd = oddValues.randomElement(using: &generator) ?? "0"
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5:
        let values = words.filter { $0.output.first.map { $0.isNumber || $0 == "\"" } ?? false }
        text.replaceSubrange((values.randomElement(using: &generator) ?? word).range, with: odd)
      case 5, 6: text.replaceSubrange(word.range, with: String(other.output))
      case 7: text.removeSubrange(word.range)
      case 8: text.insert(contentsOf: odd + " ", at: word.range.lowerBound)
      default: text.insert(contentsOf: String(other.output), at: word.range.lowerBound)
      }
    }
    return text
  }

  @Test("a program with small changes ends with a result, and an error has a message")
  func mutatedPrograms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("glia-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let seconds = ProcessInfo.processInfo.environment["GLIA_FUZZ_SECONDS"].flatMap(Double.init)
    let end = seconds.map { Date().addingTimeInterval($0) }
    let first = ProcessInfo.processInfo.environment["GLIA_FUZZ_SEED"].flatMap(UInt64.init) ?? 0
    var seed = first
    var memoryAtStart: Int?
    while end.map({ Date() < $0 }) ?? (seed < first + 800) {
      // The first programs fill caches: kernels, random streams, the heap's reserves.
      if seed == first + 200 { memoryAtStart = Self.residentBytes }
      var generator = SeededGenerator(state: seed)
      let text = Self.mutated(&generator)
      var options = SessionOptions(workingDirectory: folder.path)
      options.runFolder = folder.path
      options.showsProgress = false
      options.timeLimit = 2
      let start = Date()
      let result = Session(options).evaluate(SourceFile(name: "fuzz \(seed)", text: text))
      #expect(Date().timeIntervalSince(start) < 30, "seed \(seed) goes on beyond its time limit")
      // The text of `error("")` is the program's own.
      #expect(result.diagnostics.allSatisfy { $0.kind == .user || !$0.message.isEmpty }, "seed \(seed)")
      if result.status == .failed { #expect(!result.diagnostics.isEmpty, "seed \(seed)") }
      seed += 1
    }
    if let before = memoryAtStart, let after = Self.residentBytes {
      // What is kept for each program (its text, for messages) is a few kilobytes.
      let allowed = Self.allowedGrowth + Int(seed - first) * Self.allowedPerProgram
      #expect(after - before < allowed, "memory grew from \(before >> 20) to \(after >> 20) MB")
    }
  }

  /// What one large tensor that the heap has not given back yet may take.
  static let allowedGrowth = 200 << 20
  static let allowedPerProgram = 20 << 10

  /// The memory that the process has in use; nil where the system does not tell.
  static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 1 ? numbers[1] * Int(sysconf(Int32(_SC_PAGESIZE))) : nil
  }
}
