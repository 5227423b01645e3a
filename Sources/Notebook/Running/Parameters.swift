import Diagnostics
import Syntax

/// A value that the command line gives to a parameter: `--set NAME=VALUE`.
public struct ParameterOverride: Sendable, Equatable {
  public var name: String
  /// A Glia expression, as written.
  public var expression: String

  public init(name: String, expression: String) {
    self.name = name
    self.expression = expression
  }

  /// From `NAME=VALUE`; nil where it has not that form.
  public init?(_ text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let name = text[..<equals].filter { $0 != " " }
    let value = text[text.index(after: equals)...]
    guard !name.isEmpty, !value.allSatisfy({ $0 == " " }) else { return nil }
    self.init(name: name, expression: String(value.drop { $0 == " " }))
  }
}

/// A parameter of a notebook: a name that its `parameters` cell declares.
public struct Parameter: Sendable, Equatable {
  public var name: String
  /// The text of its value.
  public var value: String
  /// True where it is declared with `var`.
  public var isVariable: Bool
  /// The comment on its line, without the sign.
  public var comment: String
}

extension Notebook {
  /// The tag of the cell whose names the command line can set.
  public static let parametersTag = "parameters"

  /// The index of the parameters cell.
  public var parametersCell: Int? {
    cells.firstIndex { $0.kind == .code && $0.tags.contains(Self.parametersTag) }
  }

  /// What the parameters cell declares, in order.
  public var parameters: [Parameter] {
    guard let index = parametersCell else { return [] }
    let tree = SyntaxTree(parsing: SourceFile(name: "", text: cells[index].text))
    return tree.statements.compactMap { statement in
      guard case .binding(let isVariable, .name(let name), let value) = statement.kind else { return nil }
      let line = tree.source.lines.line(of: statement.span.end)
      let comment = tree.comments.first {
        tree.source.lines.line(of: $0.span.start) == line && $0.span.start >= statement.span.end
      }
      let text = comment.map { String(tree.source.text($0.span).drop { $0 == "#" }.drop { $0 == " " }) } ?? ""
      return Parameter(name: name.name, value: tree.source.text(value.span), isVariable: isVariable, comment: text)
    }
  }

  /// The declarations that carry out overrides.
  /// - Throws: `ParameterMistake` where a name is no parameter, or a value is no expression.
  func overridingSources(_ overrides: [ParameterOverride]) throws(ParameterMistake) -> [SourceFile] {
    let parameters = parameters
    var sources: [SourceFile] = []
    for override in overrides {
      guard let parameter = parameters.first(where: { $0.name == override.name }) else {
        throw .unknown(override.name, known: parameters.map(\.name), hasCell: parametersCell != nil)
      }
      let text = "\(parameter.isVariable ? "var" : "let") \(override.name) = \(override.expression)"
      let source = SourceFile(name: "--set \(override.name)", text: text)
      let tree = SyntaxTree(parsing: source)
      guard tree.diagnostics.isEmpty, tree.statements.count == 1 else {
        throw .notAnExpression(override, tree.diagnostics)
      }
      sources.append(source)
    }
    return sources
  }
}

/// What can be wrong with `--set` on the command line.
public enum ParameterMistake: Error, Sendable {
  case unknown(String, known: [String], hasCell: Bool)
  case notAnExpression(ParameterOverride, [Diagnostic])

  public var message: String {
    switch self {
    case .unknown(let name, let known, let hasCell):
      guard hasCell else {
        return "--set \(name): this notebook has no parameters; tag a cell with `# %% Settings tags=[\"parameters\"]`"
      }
      let near = Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
      let list =
        known.isEmpty
        ? "its parameters cell declares nothing" : "known: " + known.map { "`\($0)`" }.joined(separator: ", ")
      return "--set \(name): there is no parameter `\(name)`; \(near ?? list)"
    case .notAnExpression(let override, let diagnostics):
      let reason = diagnostics.first?.message ?? "one value is wanted"
      return "--set \(override.name): `\(override.expression)` is no expression: \(reason)"
    }
  }
}
