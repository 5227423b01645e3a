import Diagnostics
import FileFormats
import Notebook
import Syntax

/// A notebook or script as it was read.
struct LoadedNotebook {
  let path: String
  let bytes: [UInt8]
  let notebook: Notebook
}

/// Why a file could not be loaded.
enum LoadingFailure: Error {
  /// The command line names what is not there, or not a notebook.
  case commandLine(String)
  /// The text itself is at fault.
  case source([Diagnostic])
}

enum SourceLoading {
  /// Reads a notebook of any format; a file of another ending is taken for Glia's text.
  static func load(_ path: String) throws(LoadingFailure) -> LoadedNotebook {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.bytes(of: path, limit: SourceFile.maximumSize)
    } catch {
      throw .commandLine("\(error)" + (near(path).map { "; did you mean `\($0)`?" } ?? ""))
    }
    let format = NotebookFormats.format(ofPath: path) ?? PercentFormat()
    // What is no text is a mistake in the source, with a place.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .source(SyntaxTree(parsing: SourceFile(name: path, bytes: bytes)).diagnostics)
    }
    do {
      return LoadedNotebook(path: path, bytes: bytes, notebook: try format.read(String(decoding: bytes, as: UTF8.self)))
    } catch let error as NotebookError {
      throw .commandLine("`\(path)`: \(error.message)")
    } catch {
      throw .commandLine("`\(path)`: \(error)")
    }
  }

  /// The file of the same folder that was probably meant.
  private static func near(_ path: String) -> String? {
    let folder = FilePaths.folder(path)
    guard let names = try? FileReader.names(inFolder: folder) else { return nil }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if names.contains(name + ".glia") { return FilePaths.join(folder, name + ".glia") }
    return Suggestion.nearest(to: name, among: names).map { FilePaths.join(folder, $0) }
  }
}

extension Console {
  /// Writes diagnostics as people read them.
  func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { report(diagnostic.rendered(colored: usesColor)) }
  }

  /// Says what is wrong with the command line; gives the exit status for it.
  func refuse(_ message: String) -> Int32 {
    report("glia: " + message)
    return ExitStatus.commandLine
  }

  /// Says why a file could not be loaded; gives the exit status.
  func refuse(_ failure: LoadingFailure) -> Int32 {
    switch failure {
    case .commandLine(let message): return refuse(message)
    case .source(let diagnostics):
      report(diagnostics)
      return ExitStatus.invalid
    }
  }
}

/// The exit statuses of the command beside those of a run's outcome (`RunOutcome.status`).
enum ExitStatus {
  static let success: Int32 = 0
  /// A cell failed, or `check` or `format --check` found something.
  static let failure: Int32 = 1
  static let commandLine: Int32 = 2
  static let invalid: Int32 = 3
}
