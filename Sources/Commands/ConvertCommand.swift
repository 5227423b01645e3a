import ArgumentParser
import FileFormats
import Notebook

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert between .glia, .ipynb, .md and .html.")

  @Argument(help: "The notebook to read.")
  var from: String

  @Argument(help: "The file to write; its ending says how.")
  var to: String

  @OptionGroup var common: CommonOptions

  func run() throws { Glia.exit(with: Conversion().run(from: from, to: to, common.console)) }
}

/// What `glia convert` does.
public struct Conversion {
  public init() {}

  /// Writes a notebook in another format; gives the exit status.
  public func run(from: String, to: String, _ console: Console) -> Int32 {
    guard NotebookFormats.format(ofPath: from) != nil else { return console.refuse(unknown(from)) }
    guard let format = NotebookFormats.format(ofPath: to) else { return console.refuse(unknown(to)) }
    do {
      let loaded = try SourceLoading.load(from)
      let files = format.write(NotebookRun(loaded.notebook), name: FilePaths.stem(to))
      let folder = FilePaths.folder(to)
      for (index, file) in files.enumerated() {
        try AtomicFile.write(file.bytes, to: index == 0 ? to : FilePaths.join(folder, file.name))
      }
      return ExitStatus.success
    } catch let failure as LoadingFailure {
      return console.refuse(failure)
    } catch {
      return console.refuse("\(error)")
    }
  }

  private func unknown(_ path: String) -> String {
    "`\(path)` is none of the formats that are known: "
      + NotebookFormats.endings.map { ".\($0)" }.joined(separator: ", ")
  }
}
