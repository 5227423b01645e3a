import Diagnostics
import Foundation
import Syntax
import Testing

@Suite("Programs of the repository")
struct ProgramTests {
  @Test("a conformance program parses unless it is one that must not")
  func conformance() throws {
    for url in programs {
      let expectation =
        (try? String(contentsOf: url.deletingPathExtension().appendingPathExtension("err"), encoding: .utf8)) ?? ""
      let source = SourceFile(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
      let tree = SyntaxTree(parsing: source)
      if expectation.contains("kind: syntax") {
        #expect(!tree.diagnostics.isEmpty, "\(url.lastPathComponent)")
      } else if !expectation.contains("exit: ") {
        #expect(tree.diagnostics.isEmpty, "\(tree.diagnostics.map { $0.rendered() })")
      }
    }
  }
}
