import Diagnostics
import Syntax

extension Machine {
  /// A source as a tree.
  func parse(_ source: SourceFile) -> SyntaxTree { SyntaxTree(parsing: source) }
}
