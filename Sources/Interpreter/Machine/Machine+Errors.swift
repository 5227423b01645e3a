import Diagnostics
import Tensors

extension Machine {
  /// More call notes than this are not collected.
  private static let maximumNotes = 24

  /// Finds where execution goes on after an error: a `catch` of the running frames, else out of the machine's loop.
  /// - Returns: the instruction to go on with, in the frame that is now topmost.
  func recover(from error: any Error, at next: UnsafePointer<Instruction>) throws -> UnsafePointer<Instruction> {
    var next = next
    var diagnostic = diagnostic(for: error, at: next)
    // What is no mistake of the program (an exit, a request to run eagerly) and what the user asked for passes through.
    let isCatchable = diagnostic.map { $0.kind != .interrupt } ?? false
    while true {
      let frame = frames[frameCount - 1]
      let code = frame.code
      let position = UnsafePointer(code.instructions).distance(to: next) - 1
      if isCatchable, let handler = code.handler(at: position), let diagnostic {
        frame.registers[handler.register] = .object(ErrorValue(diagnostic))
        return UnsafePointer(code.instructions) + handler.target
      }
      let function = frame.function == nil ? nil : code
      for register in 0..<code.registerCount { (frame.registers + register).clear() }
      (frame.registers - 1).clear()
      frameCount -= 1
      if frame.isEntry {
        if let function { note(function, call: nil, in: &diagnostic) }
        throw diagnostic ?? error
      }
      next = frames[frameCount - 1].next
      if let function {
        let caller = frames[frameCount - 1].code
        let call = caller.location(of: UnsafePointer(caller.instructions).distance(to: next) - 1)
        note(function, call: call, in: &diagnostic)
      }
    }
  }

  /// The place of the call that the running frame is in: what a built-in was called from.
  public var callSite: Location? {
    guard frameCount > 0 else { return nil }
    let frame = frames[frameCount - 1]
    let code = frame.code
    let position = UnsafePointer(code.instructions).distance(to: frame.next) - 1
    return (0..<code.instructionCount).contains(position) ? code.location(of: position) : nil
  }

  private func note(_ code: Code, call: Location?, in diagnostic: inout Diagnostic?) {
    guard let count = diagnostic?.calls.count, count < Machine.maximumNotes else { return }
    diagnostic?.calls.append(
      CallNote(function: code.title, definition: Location(source: code.source, span: code.span), call: call))
  }

  /// The error as a diagnostic with the place of the instruction that raised it; nil for what is no mistake of the
  /// program.
  private func diagnostic(for error: any Error, at next: UnsafePointer<Instruction>) -> Diagnostic? {
    let code = frames[frameCount - 1].code
    let here = code.location(of: UnsafePointer(code.instructions).distance(to: next) - 1)
    switch error {
    case var diagnostic as Diagnostic:
      if diagnostic.location == nil { diagnostic.location = here }
      // The function that a built-in called does not know where the built-in was called from.
      if let last = diagnostic.calls.indices.last, diagnostic.calls[last].call == nil {
        diagnostic.calls[last].call = here
      }
      return diagnostic
    case let error as RuntimeError:
      return Diagnostic(
        error.kind, error.message, at: here, hints: hints(error.hint, error.kind, code, here, at: next))
    case let error as TensorError:
      let kind = error.kind.errorKind
      return Diagnostic(kind, error.message, at: here, hints: hints(error.hint, kind, code, here, at: next))
    default: return nil
    }
  }

  /// What to do about an error; of shapes that do not fit also where the values came from.
  private func hints(
    _ hint: String?, _ kind: ErrorKind, _ code: Code, _ here: Location, at next: UnsafePointer<Instruction>
  ) -> [String] {
    var hints = hint.map { [$0] } ?? []
    if kind == .shape {
      let position = UnsafePointer(code.instructions).distance(to: next) - 1
      hints += code.origins(at: position).compactMap { origin($0, of: code, at: position, here) }
    }
    return hints
  }
}

extension TensorError.Kind {
  /// The same word.
  public var errorKind: ErrorKind {
    switch self {
    case .type: .type
    case .shape: .shape
    case .index: .index
    case .value: .value
    case .io: .io
    case .interrupt: .interrupt
    }
  }
}
