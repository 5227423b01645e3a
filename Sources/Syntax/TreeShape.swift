/// A tree as text in prefix form, without places and comments: two programs mean the same where their shapes are equal.
/// `let a = 1 + 2 * 3` is `(let a (+ 1 (* 2 3)))`. Parentheses that only group leave no trace.
public enum TreeShape {
  public static func of(_ tree: SyntaxTree) -> String {
    tree.statements.map(of).joined(separator: "\n")
  }

  public static func of(_ statement: Statement) -> String {
    of(statement.kind) + (statement.endsWithSemicolon ? ";" : "")
  }

  private static func of(_ kind: Statement.Kind) -> String {
    switch kind {
    case .binding(let isVariable, let pattern, let value): "(\(isVariable ? "var" : "let") \(of(pattern)) \(of(value)))"
    case .assignment(let place, let operation, _, let value):
      "(\(operation?.rawValue ?? "")= \(of(place)) \(of(value)))"
    case .function(let function): of(function)
    case .forLoop(let pattern, let sequence, let body): "(for \(of(pattern)) \(of(sequence)) \(of(body)))"
    case .whileLoop(let condition, let body): "(while \(of(condition)) \(of(body)))"
    case .returning(let value): value.map { "(return \(of($0)))" } ?? "(return)"
    case .breaking: "(break)"
    case .continuing: "(continue)"
    case .importing(let target, let alias): "(import \(of(target))\(alias.map { " as \($0.name)" } ?? ""))"
    case .expression(let expression): of(expression)
    case .invalid: "<invalid>"
    }
  }

  private static func of(_ target: Statement.ImportTarget) -> String {
    switch target {
    case .module(let name): name.name
    case .file(let path, _): quoted(path)
    }
  }

  private static func of(_ pattern: Pattern) -> String {
    switch pattern {
    case .name(let name): name.name
    case .list(let parts, _): "(" + parts.map(of).joined(separator: ", ") + ")"
    }
  }

  private static func of(_ block: Block) -> String { "{" + block.statements.map(of).joined(separator: " ") + "}" }

  private static func of(_ function: FunctionNode) -> String {
    let parameters = function.parameters.map { parameter in
      (parameter.isRest ? "..." : "") + parameter.name.name + (parameter.defaultValue.map { " = \(of($0))" } ?? "")
    }
    let documentation = function.documentation.map { " \(quoted($0))" } ?? ""
    let head =
      "(fn\(function.name.map { " " + $0.name } ?? "")\(documentation) (\(parameters.joined(separator: ", "))) "
    switch function.body {
    case .expression(let expression): return head + of(expression) + ")"
    case .block(let block): return head + of(block) + ")"
    }
  }

  public static func of(_ expression: Expression) -> String {
    switch expression.kind {
    case .number(let value): "\(value)"
    case .string(let parts): "(string" + parts.map { " " + of($0) }.joined() + ")"
    case .bool(let value): "\(value)"
    case .none: "none"
    case .name(let name): name
    case .tensor(let rows, let hasSemicolons):
      "[" + rows.map { $0.map(of).joined(separator: ", ") }.joined(separator: "; ") + (hasSemicolons ? ";]" : "]")
    case .list(let elements): "(list" + elements.map { " " + of($0) }.joined() + ")"
    case .record(let fields): "(record" + fields.map { " \(quoted($0.name.name)): \(of($0.value))" }.joined() + ")"
    case .unary(let operation, let operand): "(\(operation.rawValue) \(of(operand)))"
    case .binary(let operation, let left, let right, _): "(\(operation.rawValue) \(of(left)) \(of(right)))"
    case .call(let function, let arguments): "(call \(of(function))" + arguments.map { " " + of($0) }.joined() + ")"
    case .index(let base, let parts): "(index \(of(base)) " + parts.map(of).joined(separator: ", ") + ")"
    case .member(let base, let name): "(. \(of(base)) \(name.name))"
    case .lambda(let function): of(function)
    case .conditional(let condition, let then, let otherwise):
      "(if \(of(condition)) \(of(then))\(otherwise.map { " " + of($0) } ?? ""))"
    case .attempt(let block, let error, let handler): "(try \(of(block)) \(error.name) \(of(handler)))"
    case .parenthesized(let inner): of(inner)
    case .invalid: "<invalid>"
    }
  }

  private static func of(_ branch: Expression.ElseBranch) -> String {
    switch branch {
    case .block(let block): of(block)
    case .conditional(let expression): of(expression)
    }
  }

  private static func of(_ argument: Argument) -> String {
    switch argument.form {
    case .positional: of(argument.value)
    case .named(let name): "\(name.name): \(of(argument.value))"
    case .spread: "...\(of(argument.value))"
    }
  }

  private static func of(_ part: IndexPart) -> String {
    switch part {
    case .position(let expression): of(expression)
    case .slice(let start, let stop, let step, _):
      (start.map(of) ?? "") + ":" + (stop.map(of) ?? "") + (step.map { ":" + of($0) } ?? "")
    case .ellipsis: "..."
    case .newAxis: "none"
    }
  }

  private static func of(_ part: StringPart) -> String {
    switch part {
    case .text(let text): quoted(text)
    case .interpolation(let expression, let format, _): "{\(of(expression))\(format.map { ":" + $0 } ?? "")}"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\n" ? "\\n" : String($0) }.joined() + "\""
  }
}
