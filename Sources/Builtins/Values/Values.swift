import Diagnostics
import Interpreter
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Output, kinds, errors, and the world outside.
func registerValues(_ catalogue: inout Catalogue) {
  catalogue.add(
    "print", "(...values)", .values,
    """
    Writes its arguments to standard output, separated by a space, and ends the line.

    Numbers show at most 6 significant digits; `print(str(x))` writes all.
    """, example: #"print("loss", 0.25)  # loss 0.25"#
  ) { a, c in
    var line = ""
    for (position, value) in try a.items(0).enumerated() {
      if position > 0 { line += " " }
      line += value.text(.printed)
    }
    c.write(line + "\n")
    return .none
  }

  catalogue.add(
    "show", "(x)", .values,
    "Shows a value as the last value of a cell is shown: a tensor with its shape, a table, a chart as a picture.",
    example: "show([1, 2])  # [1, 2]  # 2"
  ) { a, c in
    c.host.display(a[0])
    return .none
  }

  catalogue.add(
    "type", "(x)", .values,
    "The type of a value, as a text: `number bool none string tensor list record range function layer table` and others.",
    example: "type([1, 2])  # tensor"
  ) { a, _ in .text(a[0].typeName) }

  catalogue.add(
    "help", "(x = none)", .values,
    "Writes the documentation of a built-in, a function or a module, and, without an argument, the families of built-ins.",
    example: "help(sqrt);"
  ) { a, c in
    c.write(helpText(for: a.isNone(0) ? nil : a[0]))
    return .none
  }

  catalogue.add(
    "assert", "(condition, message = none)", .values,
    """
    Raises an error of kind `assertion` unless the condition is true.

    A bool tensor passes where all its elements are true. For a comparison the error shows both sides.
    """, example: #"assert(1 < 2, "order")"#
  ) { a, _ in
    let message = a.isNone(1) ? nil : a[1].text(.printed)
    switch a[0] {
    case .bool(true): return .none
    case .bool(false): throw RuntimeError(.assertion, message ?? "the condition is false")
    case .tensor(let tensor) where tensor.dtype == .bool:
      let failed = try tensor.bools().enumerated().filter { !$0.element }
      guard let first = failed.first else { return .none }
      let place =
        tensor.rank == 0
        ? ""
        : "false for \(failed.count) of \(tensor.count) elements, first at \(coordinates(first.offset, in: tensor.shape))"
      throw RuntimeError(
        .assertion, message ?? (place.isEmpty ? "the condition is false" : "the condition is " + place),
        hint: message == nil || place.isEmpty ? nil : "the condition is " + place)
    default:
      throw RuntimeError(.type, "`assert` wants a bool or a bool tensor as condition, and got \(a[0].kindText)")
    }
  }

  catalogue.add(
    "error", "(message)", .values, "Raises an error of kind `user` with this message; `try … catch` can take it.",
    example: #"try { error("too big") } catch e { e.message }  # too big"#
  ) { a, _ in throw RuntimeError(.user, a[0].text(.printed)) }

  catalogue.add(
    "input_line", "(prompt = \"\")", .values,
    "The next line of standard input, without its end; none at the end of the input.",
    example: "type(input_line)  # function"
  ) { a, c in
    let prompt = try a.string(0)
    if !prompt.isEmpty { c.write(prompt) }
    return readLine(strippingNewline: true).map { .text($0) } ?? .none
  }

  catalogue.add(
    "time", "(f)", .values, "Calls a function without arguments and gives the seconds it took.",
    example: "time(() -> sum(range(10))) >= 0  # true"
  ) { a, c in
    let clock = ContinuousClock()
    let start = clock.now
    _ = try c.call(a[0], CallArguments())
    return .number(seconds(clock.now - start))
  }

  catalogue.add(
    "now", "()", .values, "The time in seconds since the start of 1970, UTC.", example: "now() > 1e9  # true"
  ) { _, _ in
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return .number(Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }

  catalogue.add("sleep", "(seconds)", .values, "Waits for some seconds; Ctrl-C ends the wait.", example: "sleep(0)") {
    a, c in
    let seconds = try a.number(0)
    guard seconds >= 0, seconds <= 1e6 else {
      throw RuntimeError(.value, "`sleep` wants from 0 to 1,000,000 seconds, and got \(shortText(a[0]))")
    }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
      try Engine.shared.interruptionCheck?()
      let left = Builtins.seconds(end - clock.now)
      usleep(UInt32(max(0, min(left, 0.05)) * 1e6))
    }
    return .none
  }

  catalogue.add(
    "exit", "(status = 0)", .values, "Ends the program with an exit status from 0 to 255.",
    example: "type(exit)  # function"
  ) { a, _ in throw ExitRequest(status: Int32(try a.integer(0, in: 0...255))) }

  catalogue.add(
    "env", "(name)", .values, "An environment variable's text; none where it is not set.",
    example: #"env("SURELY_NOT_SET") == none  # true"#
  ) { a, _ in
    guard let text = getenv(try a.string(0)) else { return .none }
    return .text(String(cString: text))
  }

  catalogue.add(
    "args", "()", .values, "The words after `--` on the command line, as a list of texts.",
    example: "type(args())  # list"
  ) { _, c in .items((c.host as? ProgramArguments)?.programArguments.map { .text($0) } ?? []) }
}

/// What a host that was given words for the program knows of them.
public protocol ProgramArguments: AnyObject {
  var programArguments: [String] { get }
}

/// Thrown by `exit(status)`; passes through `catch`.
public struct ExitRequest: Error, Sendable {
  public let status: Int32
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Where a flat position lies in a shape, as an index is written: `[1, 2]`.
private func coordinates(_ position: Int, in shape: Shape) -> String {
  var rest = position
  var parts: [String] = []
  for size in shape.reversed() {
    parts.append(String(rest % max(1, size)))
    rest /= max(1, size)
  }
  return "[" + parts.reversed().joined(separator: ", ") + "]"
}
