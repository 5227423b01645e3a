import Diagnostics
import FileFormats
import Interpreter

/// Which files a program may touch, and where its relative paths lead.
///
/// Reading: the run's folder, then the notebook's, then the working directory; elsewhere only where allowed. Writing: the
/// run's folder alone, unless another is allowed. Neither is limited where a person is at the prompt.
final class SessionFiles {
  private let options: SessionOptions
  /// Files written since the last `takeArtifacts`.
  private var artifacts: [String] = []

  init(_ options: SessionOptions) { self.options = options }

  /// The folders that a relative path is looked for in, in order.
  private var readingFolders: [String] {
    [options.runFolder, options.sourceFolder, options.workingDirectory].compactMap { $0 }
  }

  /// The file to read for a path in a program.
  func pathForReading(_ path: String) throws -> String {
    try require(path)
    let candidates = path.hasPrefix("/") ? [path] : readingFolders.map { Paths.join($0, path) }
    guard let found = candidates.first(where: FileReader.exists) else {
      throw RuntimeError(.io, "there is no file `\(path)`", hint: nearby(path))
    }
    try checkReading(Paths.resolved(found), written: path)
    return found
  }

  /// The file that a program imports: beside the importing one, else as any file that is read.
  func pathForImport(_ path: String, besideFolder folder: String?) throws -> String {
    if let folder, !path.hasPrefix("/"), FileReader.exists(Paths.join(folder, path)) {
      let found = Paths.resolved(Paths.join(folder, path))
      try checkReading(found, written: path)
      return found
    }
    return Paths.resolved(try pathForReading(path))
  }

  private func checkReading(_ path: String, written: String) throws {
    guard !options.isInteractive else { return }
    let allowed = readingFolders + options.readableFolders + options.writableFolders
    guard allowed.contains(where: { Paths.lies(path, in: $0) }) else {
      throw RuntimeError(
        .io, "`\(written)` lies outside the folders that this program may read",
        hint: "allow it on the command line: --allow-read DIR")
    }
  }

  /// The file to write for a path in a program.
  func pathForWriting(_ path: String) throws -> String {
    try require(path)
    let base = options.runFolder ?? options.workingDirectory
    let target = Paths.join(base, path)
    let resolved = Paths.resolved(target)
    if !options.isInteractive {
      let allowed = [base] + options.writableFolders
      guard allowed.contains(where: { Paths.lies(resolved, in: $0) }) else {
        throw RuntimeError(
          .io, "`\(path)` lies outside the run's folder, and this program may not write there",
          hint: "write to a name inside it, or allow the folder on the command line: --allow-write DIR")
      }
    }
    do {
      try AtomicFile.makeFolder(Paths.folder(of: target))
    } catch {
      throw RuntimeError(.io, error.description)
    }
    let folder = Paths.resolved(base)
    let shown = resolved.hasPrefix(folder + "/") ? String(resolved.dropFirst(folder.count + 1)) : path
    if !artifacts.contains(shown) { artifacts.append(shown) }
    return target
  }

  /// The files written since this was last asked.
  func takeArtifacts() -> [String] {
    defer { artifacts = [] }
    return artifacts
  }

  /// A path as messages show it: relative to the notebook's folder or the working directory where it lies below.
  func shown(_ path: String) -> String {
    for folder in [options.sourceFolder, options.workingDirectory].compactMap({ $0 }).map(Paths.resolved)
    where path.hasPrefix(folder + "/") {
      return String(path.dropFirst(folder.count + 1))
    }
    return path
  }

  private func require(_ path: String) throws {
    if path.isEmpty { throw RuntimeError(.io, "a file needs a name, and this one is empty") }
    if path.utf8.contains(0) { throw RuntimeError(.io, "a file's name cannot hold the character of code 0") }
  }

  /// The file that was probably meant.
  private func nearby(_ path: String) -> String? {
    for folder in readingFolders {
      let inside = Paths.folder(of: Paths.join(folder, path))
      guard let names = try? FileReader.names(inFolder: inside) else { continue }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if let near = Suggestion.nearest(to: name, among: names) { return "did you mean `\(near)`?" }
    }
    return nil
  }
}
