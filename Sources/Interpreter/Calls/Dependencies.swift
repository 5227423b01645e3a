/// What a function reads beside its parameters, for those who run it otherwise than step by step.
public struct Dependencies {
  /// Values that stay what they are: captured values and `let`s, functions and things with identity among them.
  public private(set) var values: [Value] = []
  /// True where the function, or one that it calls, reads or changes a variable that may change, makes output, or calls
  /// something that is not known before it runs.
  public private(set) var readsVariables = false
  private var seen: Set<ObjectIdentifier> = []

  /// Looks through a function and all functions of the language that it can reach.
  public init(of function: Value, in machine: CallContext) {
    var pending = [function]
    guard let machine = machine as? Machine else {
      readsVariables = true
      return
    }
    while let value = pending.popLast() {
      switch value {
      case .list(let list): pending += list.items
      case .record(let record): pending += record.values
      case .function(let function as Closure):
        guard seen.insert(ObjectIdentifier(function)).inserted else { continue }
        for index in function.code.captures.indices {
          guard let capture = function.captures?[index] else { continue }
          if case .object(let object) = capture, object is Box {
            readsVariables = true
          } else {
            pending.append(capture)
          }
        }
        read(function.code, machine, &pending)
      case .function(let function as Composition): pending += function.functions
      default: values.append(value)
      }
    }
  }

  private mutating func read(_ code: Code, _ machine: Machine, _ pending: inout [Value]) {
    guard seen.insert(ObjectIdentifier(code)).inserted else { return }
    for index in 0..<code.instructionCount {
      let instruction = code.instructions[index]
      switch instruction.opcode {
      case .getGlobal, .callGlobal:
        let variable = machine.global(at: Int(instruction.d))
        if variable.isVariable {
          readsVariables = true
        } else {
          pending.append(machine.globalValue(at: Int(instruction.d)))
        }
      case .setGlobal, .updateGlobal, .setCaptureBox, .updateCapture, .lookUp, .defineGlobal: readsVariables = true
      case .callMember:
        // `x.f(a)` may call the function f of the program.
        if instruction.d >= 0, let site = code.sites[Int(instruction.d)] as? CallSite, let name = site.member?.key.text,
          let variable = code.scope?[name]
        {
          if variable.isVariable {
            readsVariables = true
          } else {
            pending.append(machine.globalValue(at: variable.slot))
          }
        }
      case .closure:
        if let site = code.sites[Int(instruction.d)] as? FunctionSite { read(site.code, machine, &pending) }
      default: break
      }
    }
  }
}
