import Diagnostics
import Syntax

extension FunctionCompiler {
  /// A call: the function goes to a register, its arguments to the registers after it, the result takes its place.
  func call(_ callee: Expression, _ arguments: [Argument], into target: Int, at span: Span) throws {
    if try assertion(callee, arguments, into: target, at: span) { return }
    if try conversion(callee, arguments, into: target, at: span) { return }
    if try numberFunction(callee, arguments, into: target, at: span) { return }
    let first = isTop(target) ? target : try allocate()
    if case .member(let receiver, let name) = callee.kind {
      try memberCall(receiver, name, arguments, at: first, span)
    } else {
      let isPlain = arguments.allSatisfy { if case .positional = $0.form { true } else { false } }
      let meaning: Meaning? = if case .name(let name) = callee.kind { resolve(name) } else { nil }
      switch meaning {
      case .global(let variable)? where isPlain:
        // Arguments are evaluated first; the function may be read last because nothing in between assigns it unseen.
        try argumentValues(arguments)
        emit(.callGlobal, first, arguments.count, variable.isVariable ? 1 : 0, variable.slot, at: span)
      case .local(let local)?
      where !local.isSelf && !local.isBoxed && isPlain
        && !(local.isVariable && arguments.contains { $0.value.holdsBlock }):
        // Nothing can change the variable before the call ends, so the function stays where it is.
        try argumentValues(arguments)
        emit(.callLocal, first, arguments.count, local.register, at: span)
      case .capture(let position, let local)? where !local.isBoxed && isPlain:
        try argumentValues(arguments)
        emit(.callCapture, first, arguments.count, 0, position, at: span)
      case .local(let local)? where local.isSelf && isPlain:
        try argumentValues(arguments)
        emit(.callSelf, first, arguments.count, at: span)
      case .builtin(let value)? where isPlain:
        try argumentValues(arguments)
        if case .function = value {
          emit(.callBuiltin, first, arguments.count, 0, constant(value), at: span)
        } else {
          emit(.loadConstant, first, 0, 0, constant(value), at: callee.span)
          emit(.call, first, arguments.count, 0, -1, at: span)
        }
      default:
        try expression(callee, into: first)
        try argumentValues(arguments)
        emit(.call, first, arguments.count, 0, callSite(arguments, member: nil), at: span)
      }
    }
    if first != target { emit(.move, target, first, at: span) }
  }

  /// `x |> f` is `f(x)`.
  func pipe(_ left: Expression, into callee: Expression, target: Int, at span: Span) throws {
    let first = isTop(target) ? target : try allocate()
    let argument = try allocate()
    try expression(left, into: argument)
    try expression(callee, into: first)
    emit(.call, first, 1, 0, -1, at: span)
    if first != target { emit(.move, target, first, at: span) }
  }

  /// Evaluates arguments into the next registers.
  func argumentValues(_ arguments: [Argument]) throws {
    for argument in arguments { try expression(argument.value, into: try allocate()) }
  }

  /// The description of a call's arguments; -1 where they are all positional.
  private func callSite(_ arguments: [Argument], member: MemberSite?) -> Int {
    let site = makeCallSite(arguments, member: member)
    return member == nil && site.isPlain ? -1 : self.site(site)
  }

  func makeCallSite(_ arguments: [Argument], member: MemberSite?) -> CallSite {
    CallSite(
      member: member,
      names: arguments.map { if case .named(let name) = $0.form { name.name } else { nil } },
      spreads: arguments.map { if case .spread = $0.form { true } else { false } },
      visible: member == nil ? [] : visibleNames)
  }

  /// `x.f(a)`: the member `f` of `x`, or else `f(x, a)`. Registers: the function `f` where there is one, `x`, arguments.
  private func memberCall(
    _ receiver: Expression, _ name: Identifier, _ arguments: [Argument], at first: Int, _ span: Span
  ) throws {
    loadFallback(name.name, into: first, at: name.span)
    try expression(receiver, into: try allocate())
    try argumentValues(arguments)
    emit(.callMember, first, arguments.count, 0, callSite(arguments, member: memberSite(name.name)), at: span)
  }

  /// The function of a name, or a mark that there is none: then only a member will do.
  func loadFallback(_ name: String, into register: Int, at span: Span) {
    if case .unknown = resolve(name) {
      emit(.loadConstant, register, 0, 0, constant(.missing), at: span)
    } else {
      load(name, into: register, at: span)
    }
  }

  // MARK: Calls with instructions of their own

  /// `float64([0.1])` reads its digits in 64 bits, and `int32([16777217])` all of them.
  private func conversion(_ callee: Expression, _ arguments: [Argument], into target: Int, at span: Span) throws -> Bool
  {
    guard literalType == .float32, arguments.count == 1, case .positional = arguments[0].form,
      case .tensor = arguments[0].value.bare.kind, case .name(let name) = callee.kind,
      ["float64", "int32"].contains(name),
      case .builtin = resolve(name)
    else { return false }
    literalType = .float64
    defer { literalType = .float32 }
    let first = isTop(target) ? target : try allocate()
    load(name, into: first, at: callee.span)
    try expression(arguments[0].value, into: try allocate())
    emit(.call, first, 1, 0, -1, at: span)
    if first != target { emit(.move, target, first, at: span) }
    return true
  }

  /// `sqrt(x)` and the like: built-ins that say what they do to a plain number.
  private func numberFunction(_ callee: Expression, _ arguments: [Argument], into target: Int, at span: Span) throws
    -> Bool
  {
    guard arguments.count == 1, case .positional = arguments[0].form, case .name(let name) = callee.kind,
      case .builtin(let value) = resolve(name), case .function(let function) = value,
      let builtin = function as? BuiltinFunction, builtin.builtin.onNumber != nil || name == "len"
    else { return false }
    // Above the operand stand the two registers of an ordinary call, for operands that are no numbers.
    let operand = try operand(arguments[0].value)
    let call = try allocate(2)
    let site = NumberFunctionSite(value, onNumber: builtin.builtin.onNumber)
    emit(.numberFunction, target, operand, call, self.site(site), at: span)
    return true
  }

  /// `assert` of a comparison keeps both sides, to show them.
  private func assertion(_ callee: Expression, _ arguments: [Argument], into target: Int, at span: Span) throws -> Bool
  {
    guard (1...2).contains(arguments.count), case .name("assert") = callee.kind, case .builtin = resolve("assert"),
      arguments.allSatisfy({ if case .positional = $0.form { true } else { false } })
    else { return false }
    let first = try allocate()
    var comparison: BinaryOperator?
    if case .binary(let operation, let left, let right, _) = arguments[0].value.bare.kind, operation.isComparison {
      comparison = operation
      let sides = try allocate(2)
      try expression(left, into: sides)
      try expression(right, into: sides + 1)
      let opcode: Opcode = operation == .contains ? .binary : .compare
      emit(opcode, first, sides, sides + 1, operation.position, at: arguments[0].value.span)
    } else {
      try expression(arguments[0].value, into: first)
      _ = try allocate(2)
    }
    let message = try allocate()
    if arguments.count == 2 { try expression(arguments[1].value, into: message) }
    let site = AssertSite(comparison: comparison, hasMessage: arguments.count == 2)
    emit(.assert, first, message, 0, self.site(site), at: span)
    emit(.loadNone, target, at: span)
    return true
  }
}

extension BinaryOperator {
  fileprivate var isComparison: Bool {
    switch self {
    case .less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual, .contains: true
    default: false
    }
  }
}
