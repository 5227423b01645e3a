import Diagnostics

extension Checker {
  mutating func block(_ block: Block) {
    scopes.append(Scope())
    for statement in block.statements {
      guard case .function(let function) = statement.kind, let name = function.name else { continue }
      scopes[scopes.count - 1].later[name.name] = Symbol(
        kind: .function, function: KnownFunction(function, name: name.name))
    }
    statements(block.statements, isTopLevel: false)
    scopes.removeLast()
  }

  mutating func statements(_ statements: [Statement], isTopLevel: Bool) {
    var isReached = true
    for (number, statement) in statements.enumerated() {
      if !isReached {
        report(.syntax, "this is never reached", at: statement.span, severity: .warning)
        isReached = true
      }
      self.statement(statement)
      switch statement.kind {
      case .returning, .breaking, .continuing: isReached = false
      case .expression(let expression) where number < statements.count - 1:
        dropped(expression, isTopLevel: isTopLevel)
      default: break
      }
    }
  }

  private mutating func statement(_ statement: Statement) {
    switch statement.kind {
    case .binding(let isVariable, let pattern, let value):
      expression(value)
      if case .name(let name) = pattern, !isVariable, case .lambda(let function) = value.kind {
        declare(name, Symbol(kind: .constant, function: KnownFunction(function, name: name.name)))
      } else {
        declare(pattern, isVariable ? .variable : .constant)
      }
    case .assignment(let place, let operation, _, let value):
      expression(value)
      self.place(place, isRead: operation != nil)
    case .function(let function):
      if let name = function.name {
        declare(name, Symbol(kind: .function, function: KnownFunction(function, name: name.name)))
      }
      self.function(function)
    case .forLoop(let pattern, let sequence, let body):
      expression(sequence)
      scopes.append(Scope())
      declare(pattern, .loopVariable)
      block(body)
      scopes.removeLast()
    case .whileLoop(let condition, let body):
      expression(condition)
      block(body)
    case .returning(let value):
      if let value { expression(value) }
    case .importing(let target, let alias):
      if case .module(let name) = target, !known.modules.isEmpty, known.modules[name.name] == nil {
        report(
          .io, "there is no module `\(name.name)`", at: name.span,
          hint: Suggestion.nearest(to: name.name, among: known.modules.keys.sorted()).map { "did you mean `\($0)`?" })
      }
      guard let name = Checker.importedName(target, alias) else { return }
      if case .module(let module) = target {
        declare(name, Symbol(kind: .module(module.name), function: nil))
      } else {
        declare(name, Symbol(kind: .module(nil), function: nil))
      }
    case .expression(let expression): self.expression(expression)
    case .breaking, .continuing, .invalid: break
    }
  }

  mutating func function(_ function: FunctionNode) {
    scopes.append(Scope())
    functionDepth += 1
    for parameter in function.parameters {
      if let value = parameter.defaultValue { expression(value) }
      declare(parameter.name, Symbol(kind: .parameter, function: nil))
    }
    switch function.body {
    case .expression(let body): expression(body)
    case .block(let body): block(body)
    }
    functionDepth -= 1
    scopes.removeLast()
  }

  // MARK: Assignments

  private mutating func place(_ place: Expression, isRead: Bool) {
    switch place.kind {
    case .name(let name): assignable(name, at: place.span)
    case .index(let base, let parts):
      indexParts(parts)
      if case .name(let name) = base.kind { assignable(name, at: place.span) } else { expression(base) }
    case .member(let base, _): expression(base)
    default: expression(place)
    }
  }

  /// Reports an assignment to a name that cannot be assigned.
  private mutating func assignable(_ name: String, at span: Span) {
    switch meaning(of: name) {
    case .symbol(let symbol):
      switch symbol.kind {
      case .variable, .loopVariable: break
      case .constant:
        report(
          .name, "`\(name)` cannot be assigned: it is declared with `let`", at: span,
          hint: "declare it with `var \(name) = …`")
      case .parameter:
        report(
          .name, "the parameter `\(name)` cannot be assigned", at: span,
          hint: "give it to a variable first: `var \(name) = \(name)`")
      case .function: report(.name, "the function `\(name)` cannot be assigned", at: span)
      case .module: report(.name, "the module `\(name)` cannot be assigned", at: span)
      }
    case .builtin:
      report(
        .name, "the built-in `\(name)` cannot be assigned", at: span,
        hint: "`let \(name) = …` makes a variable of that name")
    case .later(let line):
      if functionDepth == 0 {
        report(.name, "`\(name)` is not defined yet", at: span, hint: "it is declared on line \(line)")
      }
    case .unknown:
      let near = Suggestion.nearest(to: name, among: visibleNames).map { "did you mean `\($0)`?" }
      report(.name, "`\(name)` is not defined", at: span, hint: near ?? "write `var \(name) = …`")
    }
  }

  // MARK: Dropped results

  /// Warns of a result that nothing uses. At the top level a value may stand to be looked at: only `==` is suspicious.
  private mutating func dropped(_ expression: Expression, isTopLevel: Bool) {
    let message: String
    switch expression.kind {
    case .parenthesized(let inner): return dropped(inner, isTopLevel: isTopLevel)
    case .binary(.equal, let left, _, _):
      report(
        .value, "the result of this comparison is not used", at: expression.span,
        hint: "to assign, write `\(source.text(left.span)) = …`", severity: .warning)
      return
    case .binary(let operation, _, _, _):
      guard operation != .pipe, operation != .and, operation != .or else { return }
      message = "the result of `\(operation.rawValue)` is not used"
    case .unary, .tensor, .list, .record, .number, .string, .bool, .none, .name, .lambda:
      message = "this value is not used"
    case .call(let callee, _):
      guard case .name(let name) = callee.kind, case .builtin(let function?) = meaning(of: name), function.isPure else {
        return
      }
      message = "the result of `\(name)` is not used"
    default: return
    }
    if !isTopLevel { report(.value, message, at: expression.span, severity: .warning) }
  }
}
