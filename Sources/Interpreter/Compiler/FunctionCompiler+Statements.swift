import Diagnostics
import Syntax

extension FunctionCompiler {
  /// Compiles the statements of a block. The value of the last one goes to `target`, where one is asked for.
  func block(_ block: Block, into target: Int?) throws {
    beginScope()
    defer { endScope() }
    try statements(block.statements, into: target, end: block.span)
  }

  func statements(_ list: [Statement], into target: Int?, end: Span) throws {
    try declareFunctions(list)
    for (index, statement) in list.enumerated() {
      let isLast = index == list.count - 1
      if isLast, let target, case .expression(let expression) = statement.kind {
        try valueStatement(expression, into: target)
        return
      }
      let mark = nextRegister
      try self.statement(statement)
      // A declaration keeps its registers; whatever else a statement used is free again.
      if !statement.declaresLocals { nextRegister = mark }
    }
    if let target { emit(.loadNone, target, at: end) }
  }

  /// The last statement of a block. `xs.push(4)` on a `var` changes it and has no value.
  private func valueStatement(_ expression: Expression, into target: Int) throws {
    let mark = nextRegister
    defer { nextRegister = mark }
    if try mutation(expression) {
      emit(.loadNone, target, at: expression.span)
    } else {
      try self.expression(expression, into: target)
    }
  }

  /// Makes the variables of a block's functions, so that functions above them may call them.
  private func declareFunctions(_ list: [Statement]) throws {
    guard !isAtTop else { return }
    for statement in list {
      guard case .function(let node) = statement.kind, let name = node.name?.name else { continue }
      let register = try allocate()
      let isBoxed = use.isCaptured(name, except: node)
      if isBoxed { emit(.makeEmptyBox, register, at: statement.span) }
      scopes[scopes.count - 1].later[name] = Local(
        register: register, isVariable: false, isBoxed: isBoxed, noun: "function")
    }
  }

  func statement(_ statement: Statement) throws {
    let span = statement.span
    switch statement.kind {
    case .binding(let isVariable, let pattern, let value):
      try binding(isVariable: isVariable, pattern, value, at: span)
    case .assignment(let place, let operation, _, let value):
      try assignment(place, operation, value, at: span)
    case .function(let node): try functionStatement(node, at: span)
    case .forLoop(let pattern, let sequence, let body): try forLoop(pattern, sequence, body, at: span)
    case .whileLoop(let condition, let body): try whileLoop(condition, body, at: span)
    case .returning(let value): try returning(value, at: span)
    case .breaking: try leaveLoop(isBreak: true, at: span)
    case .continuing: try leaveLoop(isBreak: false, at: span)
    case .importing(let target, let alias): try importing(target, alias, at: span)
    case .expression(let expression):
      if try !mutation(expression) { try discard(expression) }
    case .invalid: break
    }
  }

  /// Evaluates for the effect alone.
  func discard(_ expression: Expression) throws {
    let mark = nextRegister
    defer { nextRegister = mark }
    switch expression.kind {
    case .conditional, .attempt: try branches(expression, into: nil)
    default: _ = try operand(expression)
    }
  }

  // MARK: Declarations

  private func binding(isVariable: Bool, _ pattern: Pattern, _ value: Expression, at span: Span) throws {
    if case .name(let identifier) = pattern, identifier.name != "_" {
      if isAtTop {
        let mark = nextRegister
        defer { nextRegister = mark }
        let register = try operand(value)
        defineGlobal(identifier.name, register, at: identifier.span)
      } else {
        let register = try allocate()
        try expression(value, into: register)
        try declareLocal(identifier, register, isVariable: isVariable)
      }
      return
    }
    let source = try allocate()
    try expression(value, into: source)
    try bind(pattern, from: source, isVariable: isVariable, at: value.span)
  }

  private func defineGlobal(_ name: String, _ register: Int, at span: Span) {
    guard let variable = context.declared(name) else { return }
    if !variable.isVariable { variable.definition = Location(source: context.source, span: span) }
    emit(.defineGlobal, register, 0, 0, variable.slot, at: span)
  }

  /// A local whose value is in its register already.
  private func declareLocal(_ identifier: Identifier, _ register: Int, isVariable: Bool, noun: String = "let") throws {
    let isBoxed = needsBox(identifier.name, isVariable: isVariable)
    if isBoxed { emit(.makeBox, register, at: identifier.span) }
    declare(
      identifier.name,
      Local(
        register: register, isVariable: isVariable, isBoxed: isBoxed, noun: isVariable ? "var" : noun,
        definition: !isVariable && noun == "let" ? identifier.span : nil))
  }

  /// Gives the names of a pattern their parts of the value in a register.
  func bind(_ pattern: Pattern, from source: Int, isVariable: Bool, noun: String = "let", at span: Span) throws {
    switch pattern {
    case .name(let identifier):
      guard identifier.name != "_" else { return }
      if isAtTop {
        defineGlobal(identifier.name, source, at: identifier.span)
      } else {
        try declareLocal(identifier, source, isVariable: isVariable, noun: noun)
      }
    case .list(let patterns, _):
      let first = try allocate(patterns.count)
      emit(.unpack, source, first, patterns.count, at: span)
      for (index, part) in patterns.enumerated() {
        try bind(part, from: first + index, isVariable: isVariable, noun: noun, at: part.span)
      }
    }
  }

  private func functionStatement(_ node: FunctionNode, at span: Span) throws {
    guard let name = node.name?.name else { return }
    if isAtTop {
      // The function itself was made when the source began; from here on its name means it for later cells.
      guard let variable = context.declared(name) else { return }
      let register = try allocate()
      emit(.getGlobal, register, 0, 0, variable.slot, at: span)
      emit(.defineGlobal, register, 0, 0, variable.slot, at: span)
      nextRegister = register
      return
    }
    let scope = scopes.count - 1
    guard let local = scopes[scope].later.removeValue(forKey: name) else { return }
    scopes[scope].locals[name] = local
    let register = local.isBoxed ? try allocate() : local.register
    try closure(node, into: register)
    if local.isBoxed {
      emit(.setBox, local.register, register, at: span)
      nextRegister = register
    }
  }

  private func importing(_ target: Statement.ImportTarget, _ alias: Identifier?, at span: Span) throws {
    let identifier: Identifier
    let site: ImportSite
    switch target {
    case .module(let name):
      identifier = alias ?? name
      site = ImportSite(.module(name.name))
    case .file(let path, let pathSpan):
      identifier = alias ?? Identifier(path.moduleName, pathSpan)
      site = ImportSite(.file(path))
    }
    let register = try allocate()
    emit(.importModule, register, 0, 0, self.site(site), at: span)
    if isAtTop {
      defineGlobal(identifier.name, register, at: span)
      nextRegister = register
    } else {
      try declareLocal(identifier, register, isVariable: false)
    }
  }

  // MARK: Loops

  private func forLoop(_ pattern: Pattern, _ sequence: Expression, _ body: Block, at span: Span) throws {
    beginScope()
    defer { endScope() }
    let rangeArguments = rangeArguments(sequence)
    let base: Int
    let element: Int
    if let arguments = rangeArguments {
      base = try allocate(5)
      element = base + 4
      for index in 0..<3 {
        if index < arguments.count {
          try expression(arguments[index], into: base + 1 + index)
        } else {
          emit(.loadNone, base + 1 + index, at: sequence.span)
        }
      }
    } else {
      base = try allocate(3)
      element = base + 2
      try expression(sequence, into: base)
    }
    let prepare = emit(rangeArguments == nil ? .prepareIteration : .prepareRange, base, at: sequence.span)
    let start = here
    loops.append(Loop())
    beginScope()
    try bind(pattern, from: element, isVariable: false, noun: "loop variable", at: pattern.span)
    try statements(body.statements, into: nil, end: body.span)
    endScope()
    let loop = loops.removeLast()
    patch(loop.continues)
    patch(emit(rangeArguments == nil ? .nextElement : .nextInRange, base, at: sequence.span), to: start)
    patch(prepare)
    patch(loop.breaks)
  }

  /// The arguments of `range(…)`, where the name means the built-in and they are plain.
  private func rangeArguments(_ sequence: Expression) -> [Expression]? {
    guard case .call(let callee, let arguments) = sequence.bare.kind, case .name("range") = callee.kind,
      (1...3).contains(arguments.count), case .builtin = resolve("range")
    else { return nil }
    let plain = arguments.allSatisfy { if case .positional = $0.form { true } else { false } }
    return plain ? arguments.map(\.value) : nil
  }

  private func whileLoop(_ condition: Expression, _ body: Block, at span: Span) throws {
    let enter = emit(.jump, at: span)
    let start = here
    loops.append(Loop())
    try block(body, into: nil)
    let loop = loops.removeLast()
    patch(loop.continues)
    patch(enter)
    for jump in try jumps(condition, when: true) { patch(jump, to: start) }
    patch(loop.breaks)
  }

  private func leaveLoop(isBreak: Bool, at span: Span) throws {
    guard !loops.isEmpty else {
      throw CompilationError(
        RuntimeError(.syntax, "`\(isBreak ? "break" : "continue")` stands outside a loop"), span)
    }
    let jump = emit(.jump, at: span)
    if isBreak {
      loops[loops.count - 1].breaks.append(jump)
    } else {
      loops[loops.count - 1].continues.append(jump)
    }
  }

  private func returning(_ value: Expression?, at span: Span) throws {
    guard !isTopLevel else {
      throw CompilationError(RuntimeError(.syntax, "`return` stands outside a function"), span)
    }
    let mark = nextRegister
    defer { nextRegister = mark }
    if let value {
      emit(.giveBack, try operand(value), at: span)
    } else {
      emit(.giveBackNone, at: span)
    }
  }
}

extension Statement {
  /// True where registers that the statement takes stay taken until the block ends.
  fileprivate var declaresLocals: Bool {
    switch kind {
    case .binding, .importing: true
    default: false
    }
  }
}

extension String {
  /// What `import "lib/data.glia"` is named: `data`.
  var moduleName: String {
    let file = split(separator: "/").last.map(String.init) ?? self
    return file.hasSuffix(".glia") ? String(file.dropLast(5)) : file
  }
}
