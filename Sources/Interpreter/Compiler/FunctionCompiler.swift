import Diagnostics
import Syntax
import Tensors

/// Compiles one function, or the top level of a source, to instructions.
///
/// Locals are registers, temporaries stand above them. A function that is called finds its arguments in its first
/// registers. The file holds the state and the small tools; `+Statements`, `+Expressions` and so on do the work.
final class FunctionCompiler {
  /// A local variable.
  struct Local {
    var register: Int
    /// True for `var`.
    var isVariable: Bool
    /// True where the register holds a box that functions share.
    var isBoxed: Bool
    /// What it is, for the message when it is assigned.
    var noun: String
    /// True for the function itself, which needs no register.
    var isSelf = false
    /// Where a `let` stands, for messages.
    var definition: Span?
  }

  /// Names of one block.
  struct Scope {
    var locals: [String: Local] = [:]
    /// Functions of the block that stand further down: functions above may call them.
    var later: [String: Local] = [:]
    let firstRegister: Int
    /// How many definitions there were before the block's own.
    let firstDefinition: Int
  }

  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
  }

  /// More registers than this are refused: operands have 16 bits.
  static let maximumRegisters = 60_000
  /// Longer literals of tensors and records are made in portions, so that they need few registers.
  static let elementsInRegisters = 1000

  let context: CompilationContext
  let parent: FunctionCompiler?
  let node: FunctionNode?
  let use: NameUse
  var scopes: [Scope] = []
  var loops: [Loop] = []
  var instructions: [Instruction] = []
  var spans: [Span] = []
  var numbers: [Double] = []
  private var numberPositions: [UInt64: Int] = [:]
  var constants = ContiguousArray<Value>()
  var sites = ContiguousArray<AnyObject>()
  var handlers: [Code.Handler] = []
  var definitions: [Code.Definition] = []
  var captures: [Code.Capture] = []
  private var captured: [String: (position: Int, local: Local, register: Int)] = [:]
  /// What plain numbers of the tensor literal being compiled become.
  var literalType = DType.float32
  var nextRegister = 0
  private(set) var registerCount = 0

  init(context: CompilationContext, parent: FunctionCompiler?, node: FunctionNode?, use: NameUse) {
    self.context = context
    self.parent = parent
    self.node = node
    self.use = use
  }

  var isTopLevel: Bool { parent == nil }
  /// True directly at top level: declarations there are variables of the session.
  var isAtTop: Bool { parent == nil && scopes.count == 1 }

  // MARK: Emitting

  @discardableResult
  func emit(_ opcode: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, at span: Span) -> Int {
    if let both = instructions.last?.opcode.then(opcode) { instructions[instructions.count - 1].opcode = both }
    instructions.append(Instruction(opcode, a, b, c, d))
    spans.append(span)
    return instructions.count - 1
  }

  var here: Int { instructions.count }

  /// Makes a jump go to the next instruction.
  func patch(_ position: Int) { patch(position, to: here) }
  func patch(_ position: Int, to target: Int) {
    instructions[position].d = Int32(truncatingIfNeeded: target - position - 1)
  }
  func patch(_ positions: [Int]) { for position in positions { patch(position) } }

  /// A jump back to an earlier instruction.
  func emitJump(to target: Int, at span: Span) { patch(emit(.jump, at: span), to: target) }

  // MARK: Registers

  func allocate(_ count: Int = 1) throws -> Int {
    let register = nextRegister
    nextRegister += count
    guard nextRegister <= FunctionCompiler.maximumRegisters else {
      throw CompilationError(RuntimeError(.syntax, "this function has too many variables"), node?.span ?? Span(0, 0))
    }
    registerCount = max(registerCount, nextRegister)
    return register
  }

  /// True where a register is the topmost temporary, so that more may be put above it.
  func isTop(_ register: Int) -> Bool { register == nextRegister - 1 }

  // MARK: Constants

  func number(_ value: Double) -> Int {
    if let position = numberPositions[value.bitPattern] { return position }
    numbers.append(value)
    numberPositions[value.bitPattern] = numbers.count - 1
    return numbers.count - 1
  }

  /// A number that fits a small operand, else nil.
  func smallNumber(_ expression: Expression) -> Int? {
    guard let value = expression.literalNumber else { return nil }
    let position = number(value)
    return position <= Int(UInt16.max) ? position : nil
  }

  func constant(_ value: Value) -> Int {
    constants.append(value)
    return constants.count - 1
  }

  func site(_ object: AnyObject) -> Int {
    sites.append(object)
    return sites.count - 1
  }

  // MARK: Names

  func beginScope() { scopes.append(Scope(firstRegister: nextRegister, firstDefinition: definitions.count)) }

  func endScope() {
    guard let scope = scopes.popLast() else { return }
    nextRegister = scope.firstRegister
    for index in scope.firstDefinition..<definitions.count {
      definitions[index].end = min(definitions[index].end, here)
    }
  }

  func declare(_ name: String, _ local: Local) {
    scopes[scopes.count - 1].locals[name] = local
    if let span = local.definition {
      definitions.append(Code.Definition(name: name, span: span, register: local.register, start: here, end: .max))
    }
  }

  /// True where a `var` needs a box: a function inside mentions it, and somebody changes it.
  func needsBox(_ name: String, isVariable: Bool) -> Bool {
    isVariable && use.assigned.contains(name) && use.isCaptured(name)
  }

  enum Meaning {
    case local(Local)
    case capture(Int, Local)
    case global(GlobalVariable)
    case builtin(Value)
    case unknown
  }

  func resolve(_ name: String) -> Meaning {
    if let local = findLocal(name, fromInside: false) { return .local(local) }
    if let (position, local) = capture(name) { return .capture(position, local) }
    switch context.resolve(name, fromFunction: !isTopLevel) {
    case .global(let variable): return .global(variable)
    case .builtin(let value): return .builtin(value)
    case .unknown: return .unknown
    }
  }

  private func findLocal(_ name: String, fromInside: Bool) -> Local? {
    for scope in scopes.reversed() {
      if let local = scope.locals[name] { return local }
      if fromInside, let local = scope.later[name] { return local }
    }
    return nil
  }

  /// Finds a name in the functions around and makes it a capture of this one.
  private func capture(_ name: String) -> (Int, Local)? {
    guard let parent else { return nil }
    if let local = parent.findLocal(name, fromInside: true) {
      // The same name may mean different variables at different places of this function's parent, so captures are kept
      // by register as well.
      if let known = captured[name], known.register == local.register { return (known.position, known.local) }
      captures.append(local.isSelf ? .own : .local(local.register))
      captured[name] = (captures.count - 1, local, local.register)
      return (captures.count - 1, local)
    }
    if let (position, local) = parent.capture(name) {
      if let known = captured[name], known.register == -1 - position { return (known.position, known.local) }
      captures.append(.capture(position))
      captured[name] = (captures.count - 1, local, -1 - position)
      return (captures.count - 1, local)
    }
    return nil
  }

  /// The names that may be used here, for did-you-mean.
  var visibleNames: [String] {
    scopes.flatMap { Array($0.locals.keys) } + (parent?.visibleNames ?? [])
  }

  // MARK: Finishing

  func finish(name: String?, span: Span, signature: Signature, documentation: String?) -> Code {
    Code(
      name: name, source: context.source, scope: context.scope, span: span, documentation: documentation,
      signature: signature,
      registerCount: registerCount, captures: captures,
      definitions: definitions
        + captured.compactMap { name, capture in
          capture.local.definition.map {
            Code.Definition(name: name, span: $0, register: nil, capture: capture.position, start: 0, end: .max)
          }
        },
      handlers: handlers, instructions: instructions, spans: spans,
      numbers: numbers, constants: constants, sites: sites)
  }
}

/// A mistake that is found while compiling, with its place.
struct CompilationError: Error {
  let error: RuntimeError
  let span: Span
  init(_ error: RuntimeError, _ span: Span) {
    self.error = error
    self.span = span
  }
}
