import Diagnostics
import FileFormats
import Syntax

/// What `glia format` does.
public struct Formatting {
  private let onlyChecks: Bool

  public init(onlyChecks: Bool) { self.onlyChecks = onlyChecks }

  /// Lays files out in place; gives the exit status.
  public func run(_ files: [String], _ console: Console) -> Int32 {
    var status = ExitStatus.success
    for path in files {
      let result = format(path, console)
      if status == ExitStatus.success { status = result }
    }
    return status
  }

  private func format(_ path: String, _ console: Console) -> Int32 {
    guard !path.hasSuffix(".ipynb"), !path.hasSuffix(".md"), !path.hasSuffix(".html") else {
      return console.refuse("`\(path)`: only .glia files are laid out; `glia convert` makes one")
    }
    do {
      let bytes = try FileReader.bytes(of: path, limit: SourceFile.maximumSize)
      let text = try Formatter.format(SourceFile(name: path, bytes: bytes))
      if Array(text.utf8) == bytes { return ExitStatus.success }
      if onlyChecks {
        console.write("\(path)\n")
        return ExitStatus.failure
      }
      try AtomicFile.write(text, to: path)
      return ExitStatus.success
    } catch let refusal as FormatterRefusal {
      console.report(refusal.diagnostics)
      return ExitStatus.invalid
    } catch {
      return console.refuse("\(error)")
    }
  }
}
