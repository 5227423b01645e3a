import Diagnostics
import Notebook
import Session

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs one text without a report: `glia -e`, and a script on standard input.
public struct Evaluation {
  private let console: Console

  public init(_ console: Console) { self.console = console }

  /// Runs a source; gives the exit status.
  public func run(_ source: SourceFile) -> Int32 {
    let console = console
    var options = SessionOptions(workingDirectory: console.workingDirectory)
    options.usesColor = console.usesColor
    options.width = console.width
    options.onText = console.write
    options.onDisplay = { console.write($0.text + "\n") }
    options.onReport = console.report
    let session = Session(options)
    Interrupts.session = session
    defer { Interrupts.session = nil }
    let result = session.evaluate(source)
    console.report(result.diagnostics)
    return result.status.exitStatus
  }

  /// Everything on standard input.
  static func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= SourceFile.maximumSize {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}

extension CellResult.Status {
  /// The exit status of a command that ran this alone.
  var exitStatus: Int32 {
    switch self {
    case .succeeded: RunOutcome.succeeded.status
    case .failed: RunOutcome.failed.status
    case .invalid: RunOutcome.invalid.status
    case .timedOut: RunOutcome.timedOut.status
    case .interrupted: RunOutcome.interrupted.status
    case .exited(let status): status
    }
  }
}
