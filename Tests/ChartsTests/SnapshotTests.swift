import Charts
import FileFormats
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every kind of chart keeps its bytes. After a change that is meant, `GLIA_RECORD=1 swift test --filter ChartsTests`
/// writes the pictures anew; look at them before committing.
@Suite struct SnapshotTests {
  static let folder = String(#filePath.dropLast("SnapshotTests.swift".count)) + "Snapshots"

  @Test(arguments: Samples.all.map(\.name))
  func svgKeepsItsBytes(name: String) throws {
    let chart = try #require(Samples.all.first { $0.name == name }?.chart)
    try compare(chart.svg(), "\(name).svg")
  }

  @Test(arguments: Samples.all.map(\.name))
  func terminalTextKeepsItsBytes(name: String) throws {
    let chart = try #require(Samples.all.first { $0.name == name }?.chart)
    try compare(chart.terminal(TerminalStyle(width: 72, colours: .none)) + "\n", "\(name).txt")
  }

  private func compare(_ text: String, _ file: String) throws {
    let path = "\(SnapshotTests.folder)/\(file)"
    if getenv("GLIA_RECORD") != nil {
      try AtomicFile.write(text, to: path, makingFolders: true)
    } else {
      let kept = try FileReader.text(of: path)
      #expect(kept == text, "\(file) has changed")
    }
  }
}
