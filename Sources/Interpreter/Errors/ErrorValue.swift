import Diagnostics

/// What `catch e` gives: kind, message, hint, line.
public final class ErrorValue: ObjectValue {
  public let diagnostic: Diagnostic

  public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  public override var typeName: String { "error" }
  public override var memberNames: [String] { ["kind", "message", "hint", "line"] }

  public override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "kind": .text(diagnostic.kind.rawValue)
    case "message": .text(diagnostic.message)
    case "hint": diagnostic.hints.isEmpty ? Value.none : .text(diagnostic.hints.joined(separator: "\n"))
    case "line": diagnostic.location.map { .number(Double($0.source.position(of: $0.span.start).line)) } ?? Value.none
    default: nil
    }
  }

  public override func text(_ style: DisplayStyle) -> String {
    "error[\(diagnostic.kind.rawValue)]: \(diagnostic.message)"
  }
}
