import FileFormats
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes the history to a CSV file, a row after every epoch. A run that goes on from a checkpoint, or from an initial
/// epoch, continues the file: rows of epochs that come again are replaced.
public final class CSVLog: Callback {
  public let name = "csv_log"
  public let path: String
  private var isOpen = false

  public init(_ path: String) { self.path = path }

  public func started(_ state: TrainingState) throws { isOpen = false }

  public func epochEnded(_ state: TrainingState) throws {
    let history = state.run.history
    if isOpen {
      try append(CSVLog.line(history.row(history.rowCount - 1).map(\.value)))
      return
    }
    let header = history.names.joined(separator: ",") + "\n"
    var text = header + (try earlierRows(before: history.numbers("epoch").first ?? 1, header: header))
    for row in 0..<history.rowCount { text += CSVLog.line(history.row(row).map(\.value)) }
    try withFiles(path) { try AtomicFile.write(text, to: path, makingFolders: true) }
    isOpen = true
  }

  /// Rows of an existing file for epochs before the first one of this history.
  private func earlierRows(before epoch: Double, header: String) throws -> String {
    guard epoch > 1, FileReader.exists(path) else { return "" }
    let lines = try withFiles(path) { try FileReader.text(of: path) }.split(separator: "\n")
    guard let first = lines.first, first + "\n" == header else { return "" }
    return lines.dropFirst().filter { line in
      line.split(separator: ",").first.flatMap { Double($0) }.map { $0 < epoch } ?? false
    }.map { $0 + "\n" }.joined()
  }

  private func append(_ line: String) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw TensorError(.io, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TensorError(.io, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private static func line(_ values: [Double]) -> String {
    values.map { NumberText.shortest($0) }.joined(separator: ",") + "\n"
  }
}
