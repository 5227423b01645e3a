import Diagnostics
import Syntax
import Tensors

/// Runs compiled programs: a register machine with a stack of its own.
public final class Machine {
  /// Registers of all frames together: 16 bytes each, touched only where used. Where the process may not have that
  /// much address space, as much as there is: programs then reach the limit of recursion sooner.
  private static let stackCapacity = 16 << 20
  /// Top-level variables of a session and its modules.
  private static let globalCapacity = 1 << 20
  /// With less than this no program could run.
  private static let leastCapacity = 1 << 12

  public let prelude: Prelude
  public let host: HostServices
  public let interruption: Interruption
  let modules: Modules
  private let output: (String) -> Void

  // The stack.
  let stack: ValuePointer
  let stackEnd: ValuePointer
  /// The first register that no frame uses.
  var top: ValuePointer {
    guard frameCount > 0 else { return stack }
    let frame = frames[frameCount - 1]
    return frame.registers + frame.entry.pointee.registerCount
  }
  let frames: UnsafeMutablePointer<Frame>
  var frameCount = 0
  /// How many built-ins and hosts are inside each other.
  var nativeDepth = 0

  // Top-level variables.
  let globals: ValuePointer
  private let globalCapacity: Int
  private var globalVariables: [GlobalVariable] = []
  private var freeSlots: [Int] = []
  /// Scopes live as long as the machine: variables refer to them.
  private var scopes: [GlobalScope] = []
  /// Code of top levels, which no value keeps alive.
  private var programs: [Code] = []

  /// How often a list, record, string or tensor was copied because something else held it, for tests.
  public internal(set) var copies = 0

  /// - Parameters:
  ///   - loader: finds imported files and modules.
  ///   - output: what `print` writes goes there.
  public init(
    prelude: Prelude, host: HostServices, loader: ModuleLoader, interruption: Interruption = Interruption(),
    output: @escaping (String) -> Void
  ) {
    self.prelude = prelude
    self.host = host
    self.interruption = interruption
    self.output = output
    modules = Modules(loader: loader)
    let registers = Machine.zeroed(Machine.stackCapacity)
    stack = registers.pointer
    stackEnd = stack + registers.count
    frames = .allocate(capacity: LanguageLimits.maximumCallDepth + 1)
    let variables = Machine.zeroed(Machine.globalCapacity)
    globals = variables.pointer
    globalCapacity = variables.count
  }

  deinit {
    for slot in globalVariables.indices { (globals + slot).clear() }
    var register = stack
    while register < top {
      register.clear()
      register += 1
    }
    Machine.free(stack)
    Machine.free(globals)
    frames.deallocate()
  }

  /// Lets go of all top-level values. Functions and layers among them hold the machine, so a session that ends without
  /// this would keep all its memory.
  public func letGo() {
    for slot in globalVariables.indices { (globals + slot).clear() }
    programs = []
  }

  // MARK: Programs

  /// The value that running a source came to.
  public struct Outcome {
    /// The value of the last statement, where that is an expression; else none.
    public let value: Value
    /// True where it is to be shown: not none, and no `;` after it.
    public let isShown: Bool
  }

  /// Compiles and runs a source's top level.
  /// - Throws: a `Diagnostic` with its place and call trace.
  public func run(_ tree: SyntaxTree, in scope: GlobalScope) throws -> Outcome {
    let code = try compile(tree, in: scope)
    if !code.captures.isEmpty { return Outcome(value: .none, isShown: false) }
    programs.append(code)
    let value: Value
    do {
      value = try enter(code)
    } catch let error as RuntimeError {
      throw Diagnostic(error.kind, error.message, hints: error.hint.map { [$0] } ?? [])
    }
    let isSilent = tree.statements.last?.endsWithSemicolon ?? true
    return Outcome(value: value, isShown: !isSilent && !value.isNone)
  }

  /// Compiles a source's top level.
  func compile(_ tree: SyntaxTree, in scope: GlobalScope) throws -> Code {
    if let mistake = tree.diagnostics.first(where: { $0.severity == .error }) { throw mistake }
    if !scopes.contains(where: { $0 === scope }) { scopes.append(scope) }
    let context = CompilationContext(source: tree.source, scope: scope, prelude: prelude) { name, isVariable in
      try self.makeGlobal(name, isVariable: isVariable, in: scope)
    }
    let compiler = FunctionCompiler(
      context: context, parent: nil, node: nil, use: NameUse(statements: tree.statements))
    do {
      return try compiler.program(tree.statements)
    } catch let error as CompilationError {
      throw Diagnostic(
        error.error.kind, error.error.message, at: Location(source: tree.source, span: error.span),
        hints: error.error.hint.map { [$0] } ?? [])
    }
  }

  /// The value of a top-level name; nil where there is none.
  public func value(of name: String, in scope: GlobalScope) -> Value? {
    guard let variable = scope[name] else { return nil }
    let value = globals[variable.slot]
    return value.isMissing ? nil : value
  }

  /// Gives a top-level name a value, as `let` does: for values that a host provides.
  public func define(_ name: String, _ value: Value, in scope: GlobalScope) throws {
    if !scopes.contains(where: { $0 === scope }) { scopes.append(scope) }
    let variable = try makeGlobal(name, isVariable: false, in: scope)
    globals[variable.slot] = value
    bind(variable)
  }

  // MARK: Top-level variables

  private func makeGlobal(_ name: String, isVariable: Bool, in scope: GlobalScope) throws -> GlobalVariable {
    let slot = freeSlots.popLast() ?? globalVariables.count
    guard slot < globalCapacity else {
      throw CompilationError(RuntimeError(.value, "there are too many top-level variables"), Span(0, 0))
    }
    let variable = GlobalVariable(name: name, slot: slot, isVariable: isVariable, scope: scope)
    if slot == globalVariables.count { globalVariables.append(variable) } else { globalVariables[slot] = variable }
    (globals + slot).clear()
    globals[slot] = .missing
    return variable
  }

  func global(at slot: Int) -> GlobalVariable { globalVariables[slot] }

  func globalValue(at slot: Int) -> Value { globals[slot] }

  /// Makes the variable's name mean it. What the name meant before is let go of where no function mentions it.
  func bind(_ variable: GlobalVariable) {
    guard let old = variable.scope.bind(variable), old !== variable, !old.isCaptured else { return }
    (globals + old.slot).clear()
    freeSlots.append(old.slot)
  }

  // MARK: Memory

  private static func zeroed(_ wanted: Int) -> (pointer: ValuePointer, count: Int) {
    // Zero bits are a bool: every register is a value from the start, and untouched pages cost nothing.
    var count = wanted
    while true {
      if let memory = ZeroedMemory.allocate(count * MemoryLayout<Value>.stride) {
        return (memory.bindMemory(to: Value.self, capacity: count), count)
      }
      // A process that cannot have 64 kB cannot even say so.
      guard count > leastCapacity else { preconditionFailure("no memory for the machine's registers") }
      count /= 2
    }
  }

  private static func free(_ pointer: ValuePointer) { ZeroedMemory.free(pointer) }
}

extension Machine: CallContext {
  public func write(_ text: String) { output(text) }

  public func apply(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    try binary(operation, left, right)
  }
}
