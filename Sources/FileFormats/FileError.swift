/// What can go wrong between the program and the file system, in the user's terms.
public enum FileError: Error, Equatable, Sendable {
  /// There is no file of this name.
  case noSuchFile(path: String)
  /// The folder in which the file should lie does not exist.
  case noSuchFolder(path: String, folder: String)
  /// The system refuses to read or write here.
  case noPermission(path: String, action: Action)
  /// The name belongs to a folder, a file was wanted.
  case isFolder(path: String)
  /// A part of the path that should be a folder is a file.
  case notAFolder(path: String)
  /// The disk, or the user's share of it, is full.
  case diskFull(path: String)
  /// The file is larger than the caller accepts.
  case tooLarge(path: String, limit: Int)
  /// A text was wanted and the bytes are not UTF-8; `offset` is the first bad byte.
  case notUTF8(path: String, offset: Int)
  /// Anything else, in the system's words.
  case system(path: String, action: Action, message: String)

  /// What was being done to the file.
  public enum Action: String, Sendable {
    case read, write, create, remove
  }
}

extension FileError: CustomStringConvertible {
  /// One line: what happened, to which file.
  public var description: String {
    switch self {
    case .noSuchFile(let path): "there is no file `\(path)`"
    case .noSuchFolder(let path, let folder): "cannot write `\(path)`: there is no folder `\(folder)`"
    case .noPermission(let path, let action): "no permission to \(action.rawValue) `\(path)`"
    case .isFolder(let path): "`\(path)` is a folder, not a file"
    case .notAFolder(let path): "a part of the path `\(path)` is a file, not a folder"
    case .diskFull(let path): "the disk is full: `\(path)` was not written"
    case .tooLarge(let path, let limit): "`\(path)` is larger than \(ByteCount.text(limit))"
    case .notUTF8(let path, let offset): "`\(path)` is not UTF-8 text (byte \(offset))"
    case .system(let path, let action, let message): "cannot \(action.rawValue) `\(path)`: \(message)"
    }
  }
}

/// Sizes in bytes, written for people.
public enum ByteCount {
  /// `1536` becomes `1.5 KiB`; a whole amount has no point.
  public static func text(_ bytes: Int) -> String {
    var value = Double(bytes)
    var unit = "bytes"
    for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = larger
    }
    let tenths = (value * 10).rounded() / 10
    return "\(NumberText.shortest(tenths)) \(unit)"
  }
}
