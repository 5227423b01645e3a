import Builtins
import FileFormats
import Interpreter

/// What a session offers to built-ins: files, display, progress.
final class SessionHost: HostServices, ProgramArguments {
  let files: SessionFiles
  private let options: SessionOptions
  /// The outputs of the running cell, and the text that was printed since the last of them.
  private var outputs: [CellOutput] = []
  private var printed = ""

  init(_ options: SessionOptions, files: SessionFiles) {
    self.options = options
    self.files = files
  }

  var programArguments: [String] { options.arguments }
  var isInteractive: Bool { options.isInteractive }

  func pathForReading(_ path: String) throws -> String { try files.pathForReading(path) }
  func pathForWriting(_ path: String) throws -> String { try files.pathForWriting(path) }

  func display(_ value: Value) {
    let shown = DisplayedValue(value, width: options.width, usesColor: options.usesColor && options.isInteractive)
    flush()
    outputs.append(.display(shown))
    options.onDisplay(shown)
  }

  func report(_ text: String, isProgress: Bool) {
    if isProgress && !options.showsProgress { return }
    options.onReport(text)
  }

  /// Text of `print`; neighbours are put together.
  func write(_ text: String) {
    printed += text
    options.onText(text)
  }

  /// The outputs since this was last asked.
  func takeOutputs() -> [CellOutput] {
    flush()
    defer { outputs = [] }
    return outputs
  }

  private func flush() {
    if !printed.isEmpty { outputs.append(.text(printed)) }
    printed = ""
  }
}
