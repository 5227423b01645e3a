import Diagnostics

// The syntax tree. Nodes are final classes: they are shared, never copied, and hold the span of their source text.
// Everything that walks the tree (compiler, checker, formatter) switches over `Expression.Kind` and `Statement.Kind`.

/// A name with its place.
public struct Identifier: Sendable {
  public let name: String
  public let span: Span

  public init(_ name: String, _ span: Span) {
    self.name = name
    self.span = span
  }
}

/// What `let`, `var` and `for` bind: a name or a parenthesised list of patterns. `_` ignores.
public indirect enum Pattern: Sendable {
  case name(Identifier)
  case list([Pattern], Span)

  public var span: Span {
    switch self {
    case .name(let identifier): identifier.span
    case .list(_, let span): span
    }
  }
}

/// Statements in braces; the value of a block is its last statement's where that is an expression, else none.
public struct Block: Sendable {
  public let statements: [Statement]
  public let span: Span

  public init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// A parameter of a function: `x`, `x = 2` or `...rest`.
public struct Parameter: Sendable {
  public let name: Identifier
  public let defaultValue: Expression?
  public let isRest: Bool

  public init(name: Identifier, defaultValue: Expression?, isRest: Bool) {
    self.name = name
    self.defaultValue = defaultValue
    self.isRest = isRest
  }
}

/// A named or anonymous function: `fn f(x) = …`, `fn f(x) { … }`, `x -> …`.
public final class FunctionNode: Sendable {
  public enum Body: Sendable {
    case expression(Expression)
    case block(Block)
  }

  /// Nil for a lambda.
  public let name: Identifier?
  public let parameters: [Parameter]
  public let body: Body
  /// The `##` lines directly above a `fn`, without the marks.
  public let documentation: String?
  public let span: Span

  public init(name: Identifier?, parameters: [Parameter], body: Body, documentation: String?, span: Span) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.documentation = documentation
    self.span = span
  }
}

public final class Statement: Sendable {
  public indirect enum Kind: Sendable {
    case binding(isVariable: Bool, Pattern, Expression)
    /// `place = value` (operator nil) or `place op= value`. The place is a `.name`, `.member` or `.index` expression.
    case assignment(place: Expression, operator: BinaryOperator?, operatorSpan: Span, value: Expression)
    case function(FunctionNode)
    case forLoop(Pattern, Expression, Block)
    case whileLoop(Expression, Block)
    case returning(Expression?)
    case breaking
    case continuing
    /// `import stats` or `import "lib/data.glia"`, with the name it is bound to.
    case importing(ImportTarget, alias: Identifier?)
    case expression(Expression)
    /// What could not be parsed; a diagnostic has been reported.
    case invalid
  }

  public enum ImportTarget: Sendable {
    case module(Identifier)
    case file(String, Span)
  }

  public let kind: Kind
  public let span: Span
  /// How many nodes lie on the longest way down from this one: at most `SyntaxLimits.maximumHeight`.
  let height: Int32
  /// True where a `;` ends the statement: its value is not displayed.
  public let endsWithSemicolon: Bool

  public init(_ kind: Kind, span: Span, endsWithSemicolon: Bool = false) {
    self.kind = kind
    self.span = span
    self.height = kind.childHeight + 1
    self.endsWithSemicolon = endsWithSemicolon
  }
}

public enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case matrixMultiply = "@"
  case power = "^"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case contains = "in"
  case and
  case or
  /// `x |> f`
  case pipe = "|>"
  /// `f >> g`
  case compose = ">>"
}

public enum UnaryOperator: String, Sendable {
  case negate = "-"
  case not
}

public struct Argument: Sendable {
  public enum Form: Sendable {
    case positional
    case named(Identifier)
    /// `...xs`
    case spread
  }

  public let form: Form
  public let value: Expression

  public init(form: Form, value: Expression) {
    self.form = form
    self.value = value
  }
}

/// One part of an index: `2`, `1:3`, `::-1`, `...`, `none`.
public enum IndexPart: Sendable {
  case position(Expression)
  case slice(start: Expression?, stop: Expression?, step: Expression?, Span)
  case ellipsis(Span)
  case newAxis(Span)
}

/// A part of a string literal: text with escapes resolved, or `{expression:format}`.
public enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression, format: String?, Span)
}

public struct RecordField: Sendable {
  public let name: Identifier
  public let value: Expression

  public init(name: Identifier, value: Expression) {
    self.name = name
    self.value = value
  }
}

public final class Expression: Sendable {
  public indirect enum Kind: Sendable {
    case number(Double)
    case string([StringPart])
    case bool(Bool)
    case none
    case name(String)
    /// `[a, b]` has one row and `hasSemicolons` false; `[a; b]` has rows.
    case tensor(rows: [[Expression]], hasSemicolons: Bool)
    case list([Expression])
    case record([RecordField])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression, operatorSpan: Span)
    case call(Expression, [Argument])
    case index(Expression, [IndexPart])
    case member(Expression, Identifier)
    case lambda(FunctionNode)
    /// The else branch is a block or another `if` expression.
    case conditional(condition: Expression, then: Block, otherwise: ElseBranch?)
    case attempt(Block, error: Identifier, handler: Block)
    case parenthesized(Expression)
    /// What could not be parsed; a diagnostic has been reported.
    case invalid
  }

  public indirect enum ElseBranch: Sendable {
    case block(Block)
    case conditional(Expression)
  }

  public let kind: Kind
  public let span: Span
  /// How many nodes lie on the longest way down from this one: at most `SyntaxLimits.maximumHeight`.
  let height: Int32

  public init(_ kind: Kind, span: Span) {
    self.kind = kind
    self.span = span
    self.height = kind.childHeight + 1
  }
}

/// A whole source, parsed. It is compiled only where `diagnostics` holds no error.
public struct SyntaxTree: Sendable {
  public enum Completeness: Sendable {
    case complete
    /// The text ends inside something that a further line could finish.
    case incomplete
    case invalid
  }

  public let source: SourceFile
  public let statements: [Statement]
  public let diagnostics: [Diagnostic]
  public let completeness: Completeness
  /// All comments, in the order of the text.
  public let comments: [Comment]

  public init(
    source: SourceFile, statements: [Statement], diagnostics: [Diagnostic], completeness: Completeness,
    comments: [Comment] = []
  ) {
    self.comments = comments
    self.source = source
    self.statements = statements
    self.diagnostics = diagnostics
    self.completeness = completeness
  }
}
