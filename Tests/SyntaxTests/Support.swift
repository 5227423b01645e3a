import Diagnostics
import Foundation
import Syntax
import Testing

/// Parses a text under the name `test.glia`.
func tree(_ text: String) -> SyntaxTree { SyntaxTree(parsing: SourceFile(name: "test.glia", text: text)) }

/// What a user sees of the mistakes in a text.
func rendered(_ text: String) -> String {
  tree(text).diagnostics.map { $0.rendered() }.joined(separator: "\n")
}

/// Checks that a text has no mistakes, and gives the shape of its tree.
func shape(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
  let tree = tree(text)
  #expect(tree.diagnostics.isEmpty, "\(tree.diagnostics.map { $0.rendered() })", sourceLocation: sourceLocation)
  #expect(tree.completeness == .complete, sourceLocation: sourceLocation)
  return TreeShape.of(tree)
}

/// The folder of the repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Every Glia program below the repository's source folders.
let programs: [URL] = ["Notebooks", "stdlib", "Tests/Conformance", "Benchmarks", "docs", "Sources"].flatMap { folder in
  let files = FileManager.default.enumerator(
    at: repository.appendingPathComponent(folder), includingPropertiesForKeys: nil)
  return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "glia" && !$0.path.contains("/.build/") }
}.sorted { $0.path < $1.path }
