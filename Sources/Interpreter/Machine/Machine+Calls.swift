import Diagnostics
import Tensors

extension Machine {
  // MARK: Frames

  /// Begins a frame for code whose arguments are in its first registers.
  @inline(__always)
  func push(
    _ entry: UnsafePointer<CodeEntry>, _ function: UnsafeRawPointer?, _ registers: ValuePointer, _ count: Int,
    isEntry: Bool = false, isBound: Bool = false
  ) throws {
    let end = registers + entry.pointee.registerCount
    guard frameCount < LanguageLimits.maximumCallDepth, end <= stackEnd else { throw RuntimeError.tooDeep }
    if count != entry.pointee.plainCount && !isBound { try arrange(entry, registers, count) }
    (frames + frameCount).initialize(
      to: Frame(
        entry: entry, function: function, registers: registers, next: entry.pointee.instructions, isEntry: isEntry))
    frameCount += 1
  }

  /// Puts positional arguments where a function with defaults or a rest parameter wants them.
  private func arrange(_ entry: UnsafePointer<CodeEntry>, _ registers: ValuePointer, _ count: Int) throws {
    let code = entry.pointee.code.takeUnretainedValue()
    let parameters = code.signature.parameters
    let isSimple = count >= code.requiredCount && (count <= code.parameterCount) && !code.hasRest
    if isSimple, parameters[min(count, parameters.count)...].allSatisfy({ !$0.isRequired }) {
      for index in count..<code.parameterCount { registers[index] = .missing }
      return
    }
    var arguments = CallArguments()
    for index in 0..<count {
      arguments.positional.append(registers[index])
      (registers + index).clear()
    }
    for (index, value) in try code.signature.bind(arguments).enumerated() { registers[index] = value }
  }

  /// Runs a source's top level.
  func enter(_ code: Code) throws -> Value { try run(code, nil, of: .none, []) }

  /// Runs a function from outside the machine's loop. Its arguments are bound to its parameters, one value each.
  private func run(
    _ code: Code, _ closure: UnsafeRawPointer?, of function: Value, _ arguments: ContiguousArray<Value>
  ) throws -> Value {
    try beginNative()
    defer { nativeDepth -= 1 }
    let base = top
    guard base + (arguments.count + 1 + code.registerCount) < stackEnd else { throw RuntimeError.tooDeep }
    base.pointee = function
    for (index, argument) in arguments.enumerated() { base[index + 1] = argument }
    do {
      try push(UnsafePointer(code.entry), closure, base + 1, arguments.count, isEntry: true, isBound: true)
      return try runTopFrame()
    } catch {
      // A frame that could not begin leaves its arguments behind.
      for index in 0...arguments.count { (base + index).clear() }
      throw error
    }
  }

  // MARK: Calls from the loop

  /// Copies a top-level variable that is called to the register below the arguments, which keeps it alive even where the
  /// call changes the variable. Gives its code, nil where it is no function of the language.
  func holdCallee(_ variable: ValuePointer, at a: ValuePointer, slot: Int) throws -> UnsafePointer<CodeEntry>? {
    if variable.tag == ValueTag.object { try checkGiven(variable.pointee, slot: slot) }
    a.copy(variable)
    return a.tag == ValueTag.function ? a.functionObject.pointee.entry : nil
  }

  /// A call that is not simply a function of the language with positional arguments.
  func callOther(_ a: ValuePointer, _ count: Int, _ site: CallSite?) throws {
    let function = a.pointee
    let arguments = try takeArguments(a + 1, count, site)
    a.pointee = try call(function, arguments)
  }

  /// Takes arguments out of registers; spreads and names them.
  func takeArguments(_ first: ValuePointer, _ count: Int, _ site: CallSite?) throws -> CallArguments {
    var arguments = CallArguments()
    arguments.positional.reserveCapacity(count)
    for index in 0..<count {
      let place = first + index
      let value = place.pointee
      place.clear()
      // A method's receiver stands before the written arguments.
      let written = site.map { index - (count - $0.names.count) } ?? -1
      if let site, written >= 0 {
        if let name = site.names[written] {
          if arguments.named.contains(where: { $0.name == name }) {
            throw RuntimeError(.type, "the argument `\(name)` is given twice")
          }
          arguments.named.append((name, value))
          continue
        }
        if site.spreads[written] {
          try spread(value, into: &arguments)
          continue
        }
      }
      arguments.positional.append(value)
    }
    return arguments
  }

  private func spread(_ value: Value, into arguments: inout CallArguments) throws {
    switch value {
    case .list(let list): arguments.positional.append(contentsOf: list.items)
    case .record(let record):
      for position in 0..<record.count {
        arguments.named.append((record.name(at: position), record.value(at: position)))
      }
    case .range, .tensor, .string:
      let next = try makeIterator(value)
      while let element = try next() {
        guard arguments.positional.count < 1_000_000 else { throw RuntimeError(.value, "too many arguments") }
        arguments.positional.append(element)
      }
    default:
      throw RuntimeError(.type, "`...` spreads a list, and this is \(value.kindText)")
    }
  }

  /// A built-in by its constant, with positional arguments.
  func callBuiltin(_ i: Instruction, _ a: ValuePointer) throws {
    guard case .function(let function) = frames[frameCount - 1].entry.pointee.constants[Int(i.d)] else { return }
    if let builtin = function as? BuiltinFunction, Int(i.b) == builtin.builtin.signature.plainCount {
      var values = ContiguousArray<Value>()
      values.reserveCapacity(Int(i.b))
      for index in 1..<Int(i.b) + 1 {
        values.append((a + index).move())
        (a + index).forget()
      }
      a.pointee = try run(builtin, values)
    } else {
      a.pointee = try call(.function(function), takeArguments(a + 1, Int(i.b), nil))
    }
  }

  private func run(_ function: BuiltinFunction, _ values: ContiguousArray<Value>) throws -> Value {
    if interruption.isRequested { try interrupted() }
    var bound = BoundArguments(signature: function.builtin.signature, values: values)
    let result = try function.builtin.body(&bound, self)
    if case .tensor(let tensor) = result { return .result(tensor) }
    return result
  }

  /// A built-in on a plain number, or `len` of a list or string; anything else is an ordinary call.
  func numberFunction(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, NumberFunctionSite.self)
    let operand = registers + Int(i.b)
    if let onNumber = site.onNumber {
      if operand.isNumber {
        (registers + Int(i.a)).set(onNumber(operand.number))
        return
      }
    } else if operand.tag == ValueTag.list {
      (registers + Int(i.a)).set(Double(operand.listBuffer.pointee.count))
      return
    } else if operand.tag == ValueTag.string {
      let count = operand.reference(as: StringValue.self)._withUnsafeGuaranteedRef { $0.count }
      (registers + Int(i.a)).set(Double(count))
      return
    }
    registers[Int(i.a)] = try call(site.function, CallArguments(positional: [operand.pointee]))
  }

  /// `x.f(…)`: registers hold the function `f` (or a mark), `x`, the arguments. True where `f(x, …)` is to be called;
  /// a member is called here.
  func prepareMember(_ a: ValuePointer, _ i: Instruction) throws -> Bool {
    let site = site(i, CallSite.self)
    guard let member = site.member else { return false }
    if let found = try memberToCall(member, of: a + 1) {
      a.pointee = found
      (a + 1).clear()
      a.pointee = try call(found, takeArguments(a + 2, Int(i.b), site))
      return false
    }
    if case .object(let object) = a.pointee, object === MissingValue.shared {
      // A name that is defined further down, or in a later cell.
      if let scope = sourceScope, let variable = scope[member.key.text] {
        a.pointee = globals[variable.slot]
      } else {
        throw RuntimeError.unknownMember(
          member.key.text, of: a[1],
          among: memberNames(of: a[1]) + site.visible + (sourceScope?.names ?? []) + prelude.names)
      }
    }
    if site.isPlain { return true }
    let function = a.pointee
    a.pointee = try call(function, takeArguments(a + 1, Int(i.b) + 1, site))
    return false
  }

  /// The member that `x.f(…)` calls, where `x` has one.
  func memberToCall(_ member: MemberSite, of place: ValuePointer) throws -> Value? {
    switch place.tag {
    case ValueTag.record, ValueTag.object, ValueTag.tensor: try ownMember(member, of: place.pointee)
    default: nil
    }
  }

  // MARK: Calls from built-ins

  public func call(_ function: Value, _ arguments: CallArguments) throws -> Value {
    switch function {
    case .function(let function): return try call(function, arguments)
    case .object(let object) where object.isCallable:
      try beginNative()
      defer { nativeDepth -= 1 }
      return try object.call(arguments, self)
    default:
      try checkGiven(function)
      throw RuntimeError.notCallable(function)
    }
  }

  private func call(_ function: FunctionValue, _ arguments: CallArguments) throws -> Value {
    switch function {
    case let closure as Closure:
      let code = closure.code
      let plain = arguments.named.isEmpty && arguments.positional.count == code.entry.pointee.plainCount
      let values = plain ? arguments.positional : try code.signature.bind(arguments)
      // A bound rest parameter is one value already, so the count is that of the parameters.
      return try runBound(code, closure, values)
    case let builtin as BuiltinFunction:
      return try run(builtin, builtin.builtin.signature.bind(arguments))
    case let host as HostFunction:
      try beginNative()
      defer { nativeDepth -= 1 }
      var arguments = arguments
      if let signature = host.signature {
        arguments = CallArguments(positional: try signature.bind(arguments))
      }
      return try host.body(&arguments, self)
    case let composition as Composition:
      try beginNative()
      defer { nativeDepth -= 1 }
      var value: Value?
      for part in composition.functions {
        value = try call(part, value.map { CallArguments(positional: [$0]) } ?? arguments)
      }
      return value ?? .none
    default: throw RuntimeError.notCallable(.function(function))
    }
  }

  /// Counts calls that use the process's stack.
  private func beginNative() throws {
    guard nativeDepth < LanguageLimits.maximumNativeDepth else { throw RuntimeError.tooDeepNative }
    if interruption.isRequested { try interrupted() }
    nativeDepth += 1
  }

  private func runBound(_ code: Code, _ closure: Closure, _ values: ContiguousArray<Value>) throws -> Value {
    try withExtendedLifetime(closure) {
      try run(code, UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque()), of: .function(closure), values)
    }
  }
}
