import Diagnostics
import Syntax

extension FunctionCompiler {
  /// Makes a closure of a function inside this one.
  func closure(_ node: FunctionNode, into target: Int) throws {
    let code = try FunctionCompiler(context: context, parent: self, node: node, use: use.use(of: node)).function(node)
    emit(.closure, target, 0, 0, site(FunctionSite(code)), at: node.span)
  }

  /// Compiles a function's own code.
  private func function(_ node: FunctionNode) throws -> Code {
    beginScope()
    if let name = node.name?.name, let parent, !parent.isAtTop {
      declare(name, Local(register: -1, isVariable: false, isBoxed: false, noun: "function", isSelf: true))
    }
    beginScope()
    // Parameters are the first registers, whatever their order of use.
    let first = try allocate(node.parameters.count)
    for (index, parameter) in node.parameters.enumerated() {
      let name = parameter.name.name
      if let value = parameter.defaultValue {
        let given = emit(.jumpIfGiven, first + index, at: parameter.name.span)
        try expression(value, into: first + index)
        patch(given)
      }
      if name != "_" {
        declare(name, Local(register: first + index, isVariable: false, isBoxed: false, noun: "parameter"))
      }
    }
    switch node.body {
    case .expression(let expression):
      emit(.giveBack, try operand(expression), at: expression.span)
    case .block(let block):
      let result = try allocate()
      try self.block(block, into: result)
      emit(.giveBack, result, at: block.span)
    }
    endScope()
    endScope()
    return finish(
      name: node.name?.name, span: node.name?.span ?? node.span, signature: signature(node),
      documentation: node.documentation)
  }

  private func signature(_ node: FunctionNode) -> Signature {
    let parameters = node.parameters.map { parameter in
      Signature.Parameter(
        name: parameter.name.name, defaultText: parameter.defaultValue.map { context.source.text($0.span) },
        isRest: parameter.isRest)
    }
    return Signature(function: node.name?.name ?? "", parameters: parameters)
  }

  /// Compiles the top level of a source. Its result is the value of the last statement, where that is an expression.
  func program(_ statements: [Statement]) throws -> Code {
    beginScope()
    let result = try allocate()
    for (index, statement) in statements.enumerated() {
      for (name, isVariable, isFunction) in statement.declarations {
        try context.declare(name, isVariable: isVariable, isFunction: isFunction, statement: index)
      }
    }
    // Functions are made first: statements above their definitions may call them.
    for (index, statement) in statements.enumerated() {
      guard case .function(let node) = statement.kind, let name = node.name?.name else { continue }
      context.statement = index
      guard let variable = context.declared(name) else { continue }
      let register = try allocate()
      try closure(node, into: register)
      emit(.setGlobal, register, 0, 0, variable.slot, at: statement.span)
      nextRegister = register
    }
    emit(.loadNone, result, at: Span(0, 0))
    for (index, statement) in statements.enumerated() {
      context.statement = index
      let mark = nextRegister
      let isLast = index == statements.count - 1
      if isLast, case .expression(let expression) = statement.kind, try !mutation(expression) {
        try self.expression(expression, into: result)
      } else if isLast, case .expression = statement.kind {
        // The mutation has been compiled.
      } else {
        try self.statement(statement)
      }
      nextRegister = mark
    }
    emit(.giveBack, result, at: statements.last?.span ?? Span(0, 0))
    endScope()
    return finish(
      name: nil, span: Span(0, 0), signature: Signature(function: context.source.name, parameters: []),
      documentation: nil)
  }
}

extension Statement {
  /// The names that a top-level statement declares.
  fileprivate var declarations: [(name: String, isVariable: Bool, isFunction: Bool)] {
    switch kind {
    case .binding(let isVariable, let pattern, _): pattern.names.map { ($0, isVariable, false) }
    case .function(let node): node.name.map { [($0.name, false, true)] } ?? []
    case .importing(.module(let name), let alias): [((alias ?? name).name, false, false)]
    case .importing(.file(let path, _), let alias): [(alias?.name ?? path.moduleName, false, false)]
    default: []
    }
  }
}

extension Pattern {
  /// The names that the pattern binds.
  var names: [String] {
    switch self {
    case .name(let identifier): identifier.name == "_" ? [] : [identifier.name]
    case .list(let patterns, _): patterns.flatMap(\.names)
    }
  }
}
