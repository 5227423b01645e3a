#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a command reads and writes, and what its surroundings look like. Tests give their own.
public struct Console {
  /// Writes to standard output: what programs print and display.
  public var write: (String) -> Void
  /// Writes a line to standard error: progress, warnings, mistakes.
  public var report: (String) -> Void
  /// True where colours are wanted on standard error.
  public var usesColor: Bool
  /// True where a person can see how a line of progress changes.
  public var hasTerminal: Bool
  /// Characters in a line.
  public var width: Int
  public var workingDirectory: String

  public init(
    write: @escaping (String) -> Void, report: @escaping (String) -> Void, usesColor: Bool = false,
    hasTerminal: Bool = false, width: Int = 80, workingDirectory: String = Console.currentDirectory
  ) {
    self.write = write
    self.report = report
    self.usesColor = usesColor
    self.hasTerminal = hasTerminal
    self.width = width
    self.workingDirectory = workingDirectory
  }

  /// The process's own streams.
  public static func standard(color: ColorChoice) -> Console {
    Console(
      write: { StandardOutput.shared.write($0) },
      report: { text in
        StandardOutput.shared.flush()
        StandardOutput.writeAll(text.hasSuffix("\n") || text.hasPrefix("\r") ? text : text + "\n", to: 2)
      },
      usesColor: color.isWanted(environment: environment, isTerminal: isatty(2) != 0), hasTerminal: isatty(2) != 0,
      width: terminalWidth)
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The columns of the terminal, or 80.
  static var terminalWidth: Int {
    var size = winsize()
    if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(20, min(Int(size.ws_col), 400)) }
    return 80
  }

  public static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }
}

/// When to use colours.
public enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// `--color`, else `NO_COLOR`, `TERM=dumb`, `FORCE_COLOR`, else whether it is a terminal.
  public func isWanted(environment: (String) -> String?, isTerminal: Bool) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if let value = environment("NO_COLOR"), !value.isEmpty { return false }
      if environment("TERM") == "dumb" { return false }
      if let value = environment("FORCE_COLOR"), !value.isEmpty, value != "0" { return true }
      return isTerminal
    }
  }
}

/// Standard output, written in large pieces; on a terminal after each text.
final class StandardOutput {
  nonisolated(unsafe) static let shared = StandardOutput()
  private static let capacity = 1 << 16
  private var buffer: [UInt8] = []
  private lazy var isTerminal = isatty(1) != 0

  func write(_ text: String) {
    buffer += text.utf8
    if isTerminal || buffer.count >= Self.capacity { flush() }
  }

  func flush() {
    guard !buffer.isEmpty else { return }
    buffer.withUnsafeBytes { Self.writeAll($0, to: 1) }
    buffer.removeAll(keepingCapacity: true)
  }

  static func writeAll(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Writes everything; gives up where nobody listens any more.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, start, rest.count)
      #else
        let count = Darwin.write(descriptor, start, rest.count)
      #endif
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}
