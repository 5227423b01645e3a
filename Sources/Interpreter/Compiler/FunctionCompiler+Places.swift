import Diagnostics
import Syntax

extension FunctionCompiler {
  // MARK: Assignment

  func assignment(_ place: Expression, _ operation: BinaryOperator?, _ value: Expression, at span: Span) throws {
    let mark = nextRegister
    defer { nextRegister = mark }
    if case .name(let name) = place.bare.kind {
      try variableAssignment(name, operation, value, at: span, nameSpan: place.span)
      return
    }
    if try simplePlace(place, operation, value, at: span) { return }
    guard let path = try path(to: place, operation: operation, at: span) else {
      _ = try operand(value)
      return
    }
    let register = try operand(value)
    let site = PathSite(base: path.base, steps: path.steps, operation: operation, live: nextRegister)
    if site.hasFieldOfElement, case .local(let base) = path.base {
      emit(.updateField, base, path.first, register, self.site(site), at: span)
    } else {
      emit(operation == nil ? .setPath : .updatePath, 0, path.first, register, self.site(site), at: span)
    }
  }

  private func variableAssignment(
    _ name: String, _ operation: BinaryOperator?, _ value: Expression, at span: Span, nameSpan: Span
  ) throws {
    guard let base = try assignable(name, at: nameSpan) else {
      _ = try operand(value)
      return
    }
    if operation == .add, case .list(let items) = value.bare.kind, items.count <= 16, !items.isEmpty {
      // `xs += (a, b)` adds to the list where it stands.
      let first = try consecutive(items)
      let site = PathSite(base: base, steps: [], operation: .add, live: nextRegister)
      emit(.appendItems, 0, first, items.count, self.site(site), at: span)
      return
    }
    switch base {
    case .local(let register):
      if let operation {
        if operation == .add, let constant = smallNumber(value) {
          emit(.addRK, register, register, constant, 0, at: span)
        } else if let opcode = operation.inPlace {
          emit(opcode, register, register, try operand(value), nextRegister, at: span)
        } else {
          emit(.binary, register, register, try operand(value), operation.position, at: span)
        }
      } else if value.writesLast {
        try expression(value, into: register)
      } else {
        let temporary = try allocate()
        try expression(value, into: temporary)
        emit(.move, register, temporary, at: span)
      }
    case .box(let register):
      let result = try operand(value)
      if let operation {
        emit(.updateBox, register, result, nextRegister, operation.position, at: span)
      } else {
        emit(.setBox, register, result, at: span)
      }
    case .capture(let position):
      let result = try operand(value)
      if let operation {
        emit(.updateCapture, operation.position, result, nextRegister, position, at: span)
      } else {
        emit(.setCaptureBox, result, 0, 0, position, at: span)
      }
    case .global(let slot):
      let result = try operand(value)
      if let operation {
        emit(.updateGlobal, operation.position, result, nextRegister, slot, at: span)
      } else {
        emit(.setGlobal, result, 0, 0, slot, at: span)
      }
    case .fixed: break
    }
  }

  /// `xs[i] = v` and `r.x = v` on a local variable have instructions of their own.
  private func simplePlace(
    _ place: Expression, _ operation: BinaryOperator?, _ value: Expression, at span: Span
  ) throws -> Bool {
    switch place.bare.kind {
    case .index(let base, let parts):
      guard parts.count == 1, case .position(let position) = parts[0], let register = plainVariable(base) else {
        return false
      }
      let (index, result) = try operands(position, value)
      if let operation {
        emit(.updateIndex, register, index, result, operation.position | nextRegister << 8, at: span)
      } else {
        emit(.setIndex, register, index, result, nextRegister, at: span)
      }
      return true
    case .member(let base, let name):
      guard let register = plainVariable(base) else { return false }
      let result = try operand(value)
      let member = memberSite(name.name)
      member.live = nextRegister
      let site = site(member)
      if let operation {
        emit(.updateMember, register, result, operation.position, site, at: span)
      } else {
        emit(.setMember, register, result, 0, site, at: span)
      }
      return true
    default: return false
    }
  }

  /// The register of a `var` that is not shared with functions.
  private func plainVariable(_ expression: Expression) -> Int? {
    guard case .name(let name) = expression.bare.kind, case .local(let local) = resolve(name), local.isVariable,
      !local.isBoxed
    else { return nil }
    return local.register
  }

  // MARK: Paths

  /// The way to a part of a variable; evaluates the indices. Nil where the variable cannot be changed: the error for
  /// that has been put in place.
  func path(to place: Expression, operation: BinaryOperator?, at span: Span) throws -> (
    base: PathSite.Base, steps: [PathSite.Step], first: Int
  )? {
    var parts: [Expression] = []
    var root = place.bare
    while true {
      switch root.kind {
      case .member(let base, _), .index(let base, _):
        parts.append(root)
        root = base.bare
        continue
      default: break
      }
      break
    }
    let base: PathSite.Base
    if case .name(let name) = root.kind {
      // A thing with identity may be changed through a `let`, so the refusal waits until the value is known.
      let isMember = if case .member? = parts.last?.kind { true } else { false }
      guard let found = try assignable(name, at: root.span, throughMember: isMember) else { return nil }
      base = found
    } else {
      // `f(x).y = v`: a thing with identity that the expression gives.
      let register = try allocate()
      try expression(root, into: register)
      base = .local(register)
    }
    let start = nextRegister
    var steps: [PathSite.Step] = []
    for part in parts.reversed() {
      switch part.kind {
      case .member(_, let name): steps.append(.member(memberSite(name.name)))
      case .index(_, let indices):
        if indices.count == 1, case .position(let position) = indices[0] {
          try expression(position, into: try allocate())
          steps.append(.index)
        } else {
          let (site, _) = try indexParts(indices)
          steps.append(.parts(site))
        }
      default: break
      }
    }
    return (base, steps, start)
  }

  /// Where an assignable variable lives. For any other name an instruction that raises the error, and nil.
  func assignable(_ name: String, at span: Span, throughMember: Bool = false) throws -> PathSite.Base? {
    switch resolve(name) {
    case .local(let local):
      if local.isVariable { return local.isBoxed ? .box(local.register) : .local(local.register) }
      if throughMember { return .fixed(try fixedCopy(name, at: span), name, local.noun) }
      refuse(name, local.noun, at: span)
    case .capture(let position, let local):
      if local.isVariable, local.isBoxed { return .capture(position) }
      if throughMember { return .fixed(try fixedCopy(name, at: span), name, local.noun) }
      refuse(name, local.isVariable ? "variable" : local.noun, at: span)
    case .global(let variable):
      if variable.isVariable { return .global(variable.slot) }
      if throughMember { return .fixed(try fixedCopy(name, at: span), name, "let") }
      refuse(name, "let", at: span)
    case .builtin(let value):
      let noun = if case .function = value { "built-in function" } else { "constant" }
      refuse(name, noun, at: span)
    case .unknown:
      emit(.assignUnknown, 0, 0, 0, site(NameSite(name, visible: visibleNames)), at: span)
    }
    return nil
  }

  private func fixedCopy(_ name: String, at span: Span) throws -> Int {
    let register = try allocate()
    load(name, into: register, at: span)
    return register
  }

  private func refuse(_ name: String, _ noun: String, at span: Span) {
    emit(.raise, 0, 0, 0, site(RaiseSite(.cannotAssign(name, noun))), at: span)
  }

  // MARK: Changing calls

  /// `xs.push(4)` as a statement, where `xs` is a place in a `var` and `push` the built-in. False where it is not.
  func mutation(_ expression: Expression) throws -> Bool {
    guard let (place, method, arguments) = expression.mutatingCall, let root = place.rootName,
      case .builtin(let function) = resolve(method.name), isVariable(root)
    else { return false }
    let mark = nextRegister
    defer { nextRegister = mark }
    guard let path = try path(to: place, operation: nil, at: expression.span) else { return true }
    let first = nextRegister
    try argumentValues(arguments)
    if arguments.isEmpty { _ = try allocate() }
    let member = memberSite(method.name)
    let site = MutationSite(
      path: PathSite(base: path.base, steps: path.steps, operation: nil, live: nextRegister), method: member,
      function: function, call: makeCallSite(arguments, member: member))
    if site.isPlainPush, case .local(let register) = path.base {
      emit(.push, register, first, 0, self.site(site), at: expression.span)
    } else {
      emit(.mutate, first, path.first, arguments.count, self.site(site), at: expression.span)
    }
    return true
  }

  private func isVariable(_ name: String) -> Bool {
    switch resolve(name) {
    case .local(let local): local.isVariable
    case .capture(_, let local): local.isVariable && local.isBoxed
    case .global(let variable): variable.isVariable
    default: false
    }
  }
}

extension Expression {
  /// True where the last step of evaluating writes the result, so that the target may be a variable that is read.
  fileprivate var writesLast: Bool {
    switch kind {
    case .number, .bool, .none, .name, .unary, .tensor, .record: true
    // The part of a part passes through the target.
    case .index(let base, _), .member(let base, _): if case .name = base.bare.kind { true } else { false }
    case .list(let items): items.count <= 64
    case .binary(let operation, _, _, _):
      switch operation {
      case .and, .or: false
      default: true
      }
    case .parenthesized(let inside): inside.writesLast
    default: false
    }
  }
}

extension BinaryOperator {
  /// The instruction for `x op= y` on a local.
  fileprivate var inPlace: Opcode? {
    switch self {
    case .add: .addRR
    case .subtract: .subtractRR
    case .multiply: .multiplyRR
    case .divide: .divideRR
    case .modulo: .moduloRR
    case .floorDivide: .floorDivideRR
    case .power: .powerRR
    default: nil
    }
  }
}
