extension Code {
  /// True where an instruction reads one of the registers, or a function inside captures it.
  func reads(registers: [Int]) -> Bool {
    let wanted = Set(registers)
    for index in 0..<instructionCount {
      let instruction = instructions[index]
      let form = instruction.opcode.form
      for (operand, kind) in [(instruction.a, form.a), (instruction.b, form.b), (instruction.c, form.c)] {
        if kind == .read || kind == .readOrWritten, wanted.contains(Int(operand)) { return true }
      }
      for register in instruction.readRange where wanted.contains(register) { return true }
      if instruction.opcode == .closure, let site = sites[Int(instruction.d)] as? FunctionSite {
        for case .local(let register) in site.code.captures where wanted.contains(register) { return true }
      }
    }
    return false
  }
}

extension Instruction {
  /// The consecutive registers that the instruction reads, beside its operands.
  var readRange: Range<Int> {
    switch opcode {
    case .makeList, .appendToList, .makeTensor, .makeRecord, .format, .appendItems: Int(b)..<Int(b) + Int(c)
    case .call, .callLocal, .callCapture, .callGlobal, .callSelf, .callBuiltin: Int(a)..<Int(a) + Int(b) + 1
    case .mutate: Int(a)..<Int(a) + Int(c)
    case .callMember: Int(a)..<Int(a) + Int(b) + 2
    case .prepareRange: Int(a)..<Int(a) + 4
    default: 0..<0
    }
  }
}
