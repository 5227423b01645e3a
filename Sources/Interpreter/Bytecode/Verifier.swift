extension Code {
  /// What is wrong with the instructions by the opcode table: an operand outside its range, a jump out of the code, no
  /// return at the end. Empty for all that the compiler makes; the tests hold every program against it.
  var mistakes: [String] {
    var found: [String] = []
    for position in 0..<instructionCount {
      let instruction = instructions[position]
      for mistake in mistakes(in: instruction, at: position) {
        found.append("\(title) \(position) \(instruction.opcode): \(mistake)")
      }
    }
    if instructionCount == 0 || !instructions[instructionCount - 1].opcode.endsCode {
      found.append("\(title): the last instruction does not return")
    }
    for handler in handlers {
      let isInside =
        0 <= handler.start && handler.start <= handler.end && handler.end <= instructionCount
        && handler.target < instructionCount && handler.register < registerCount
      if !isInside { found.append("\(title): a handler is outside the code") }
    }
    if spans.count != instructionCount {
      found.append("\(title): \(spans.count) places for \(instructionCount) instructions")
    }
    for case let site as FunctionSite in sites { found += site.code.mistakes }
    return found
  }

  private func mistakes(in instruction: Instruction, at position: Int) -> [String] {
    var found: [String] = []
    let form = instruction.opcode.form
    let operands = [(instruction.a, form.a), (instruction.b, form.b), (instruction.c, form.c)]
    // A range of no registers may begin anywhere.
    let hasEmptyRange = operands.contains { $0.1 == .count && $0.0 == 0 }
    for (operand, kind) in operands {
      switch kind {
      case .unused, .count, .flag: break
      case .written, .readOrWritten: if Int(operand) >= registerCount { found.append("register \(operand)") }
      case .read: if Int(operand) >= registerCount, !hasEmptyRange { found.append("register \(operand)") }
      case .constantNumber: if Int(operand) >= numberCount { found.append("number \(operand)") }
      }
    }
    let range = instruction.readRange
    if !range.isEmpty, range.upperBound > registerCount { found.append("registers \(range)") }
    let wide = Int(instruction.d)
    switch form.d {
    case .unused, .global, .operation: break
    case .live: if wide > registerCount { found.append("live \(wide)") }
    case .jump:
      if !(0..<instructionCount).contains(position + 1 + wide) { found.append("jump to \(position + 1 + wide)") }
    case .number: if !(0..<numberCount).contains(wide) { found.append("number \(wide)") }
    case .constant: if !constants.indices.contains(wide) { found.append("constant \(wide)") }
    case .capture: if !captures.indices.contains(wide) { found.append("capture \(wide)") }
    case .site: if wide != -1, !sites.indices.contains(wide) { found.append("site \(wide)") }
    }
    return found
  }
}

extension Opcode {
  /// True where nothing runs after it.
  var endsCode: Bool {
    switch self {
    case .giveBack, .giveBackNone: true
    default: false
    }
  }
}
