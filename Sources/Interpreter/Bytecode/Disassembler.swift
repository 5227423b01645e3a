import Diagnostics

extension Code {
  /// The instructions as text, one a line: position, line of the source, opcode, operands as `Opcode.form` reads them.
  var disassembly: String {
    var lines = ["\(title) \(registerCount) registers"]
    for position in 0..<instructionCount {
      let line = source.position(of: spans[position].start).line
      let number = String(position)
      let place = String(repeating: " ", count: max(0, 4 - number.count)) + number
      lines.append("\(place)  line \(line)  \(text(of: instructions[position], at: position))")
    }
    for case let site as FunctionSite in sites { lines.append(site.code.disassembly) }
    return lines.joined(separator: "\n")
  }

  private func text(of instruction: Instruction, at position: Int) -> String {
    let form = instruction.opcode.form
    var parts = ["\(instruction.opcode)"]
    for (operand, kind) in zip([instruction.a, instruction.b, instruction.c], [form.a, form.b, form.c]) {
      switch kind {
      case .unused: break
      case .written, .read, .readOrWritten: parts.append("r\(operand)")
      case .count: parts.append("×\(operand)")
      case .constantNumber: parts.append(NumberText.short(entry.pointee.numbers[Int(operand)]))
      case .flag: parts.append("\(operand)")
      }
    }
    let wide = Int(instruction.d)
    switch form.d {
    case .unused: break
    case .jump: parts.append("→ \(position + 1 + wide)")
    case .number: parts.append(NumberText.short(entry.pointee.numbers[wide]))
    case .constant: parts.append(constants[wide].shortText)
    case .global: parts.append("global \(wide)")
    case .capture: parts.append("capture \(wide)")
    case .operation: parts.append("operator \(wide & 0xff)")
    case .live: parts.append("live \(wide)")
    case .site: if wide >= 0 { parts.append("site \(wide)") }
    }
    return parts.joined(separator: " ")
  }
}
