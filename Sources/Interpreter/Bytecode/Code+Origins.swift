/// Where the operands of an instruction came from.
extension Code {
  enum Origin: Hashable {
    case register(Int)
    case capture(Int)
    case global(Int)
  }

  /// The variables that the instruction at a position works on, where the code tells.
  func origins(at position: Int) -> [Origin] {
    guard (0..<instructionCount).contains(position) else { return [] }
    let instruction = instructions[position]
    var found: [Origin] = []
    for register in operands(of: instruction) {
      let origin = origin(of: register, before: position)
      if !found.contains(origin) { found.append(origin) }
    }
    return found
  }

  /// The definition of what is in a register or a capture.
  func definition(of origin: Origin, at position: Int) -> Definition? {
    switch origin {
    case .register(let register):
      definitions.last { $0.register == register && $0.start <= position && position < $0.end }
    case .capture(let capture): definitions.first { $0.capture == capture }
    case .global: nil
    }
  }

  private func operands(of instruction: Instruction) -> [Int] {
    let range = instruction.readRange
    if !range.isEmpty { return Array(range) }
    let form = instruction.opcode.form
    return zip([instruction.a, instruction.b, instruction.c], [form.a, form.b, form.c]).compactMap { operand, kind in
      kind == .read || kind == .readOrWritten ? Int(operand) : nil
    }
  }

  /// A variable's register, or where a temporary was copied from just before.
  private func origin(of register: Int, before position: Int) -> Origin {
    if definition(of: .register(register), at: position) != nil { return .register(register) }
    var earlier = position - 1
    while earlier >= 0 {
      let instruction = instructions[earlier]
      if Int(instruction.a) == register, instruction.opcode.form.a == .written {
        switch instruction.opcode {
        case .move: return .register(Int(instruction.b))
        case .getGlobal: return .global(Int(instruction.d))
        case .getCapture: return .capture(Int(instruction.d))
        default: return .register(register)
        }
      }
      earlier -= 1
    }
    return .register(register)
  }
}
