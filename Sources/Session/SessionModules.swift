import Diagnostics
import FileFormats
import Interpreter

/// Finds what programs import: the standard library inside the binary, and files beside the importing one.
final class SessionModules: ModuleLoader {
  private let files: SessionFiles
  /// Where sources that were read lie, by the name that errors show.
  private var folders: [String: String] = [:]

  init(files: SessionFiles) { self.files = files }

  var moduleNames: [String] { StandardLibrary.names }

  func module(named name: String) -> SourceFile? {
    StandardLibrary.source(of: name).map { SourceFile(name: "\(name).glia", bytes: $0) }
  }

  func file(_ path: String, importedFrom source: SourceFile) throws -> (identity: String, source: SourceFile) {
    let name = path.hasSuffix(".glia") ? path : path + ".glia"
    let found = try files.pathForImport(name, besideFolder: folders[source.name])
    let bytes: [UInt8]
    do {
      bytes = try FileReader.bytes(of: found)
    } catch {
      throw RuntimeError(.io, error.description)
    }
    let shown = files.shown(found)
    folders[shown] = Paths.folder(of: found)
    return (found, SourceFile(name: shown, bytes: bytes))
  }
}
