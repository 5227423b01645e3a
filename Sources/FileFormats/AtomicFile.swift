#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that appear whole or not at all.
///
/// The content goes to a temporary file in the same folder, is flushed to the disk, and then takes the place of the
/// named file in one step. On Linux the temporary file has no name until it is complete, so even a killed process
/// leaves nothing behind.
public enum AtomicFile {
  /// Writes `bytes` to `path`.
  ///
  /// - Parameter makingFolders: also make the folders that are missing on the way.
  /// - Throws: ``FileError``; the file that was there before is then untouched.
  public static func write(_ bytes: [UInt8], to path: String, makingFolders: Bool = false) throws(FileError) {
    try write(to: path, makingFolders: makingFolders) { descriptor in
      bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    }
  }

  /// Writes a text, as UTF-8, to `path`.
  public static func write(_ text: String, to path: String, makingFolders: Bool = false) throws(FileError) {
    var text = text
    try write(to: path, makingFolders: makingFolders) { descriptor in
      text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
    }
  }

  /// Makes a folder and those above it; a folder that exists already is fine.
  public static func makeFolder(_ path: String) throws(FileError) {
    guard !path.isEmpty, !FileReader.isFolder(path) else { return }
    try makeFolder(folder(of: path))
    if mkdir(path, 0o777) != 0 && errno != EEXIST {
      switch errno {
      case EACCES, EPERM, EROFS: throw .noPermission(path: path, action: .create)
      case ENOSPC, EDQUOT: throw .diskFull(path: path)
      case ENOTDIR: throw .notAFolder(path: path)
      default: throw .system(path: path, action: .create, message: String(cString: strerror(errno)))
      }
    }
    if !FileReader.isFolder(path) { throw .notAFolder(path: path) }
  }

  /// Removes a file; one that does not exist is no error.
  public static func remove(_ path: String) throws(FileError) {
    if unlink(path) != 0 && errno != ENOENT {
      switch errno {
      case EACCES, EPERM, EROFS: throw .noPermission(path: path, action: .remove)
      default: throw .system(path: path, action: .remove, message: String(cString: strerror(errno)))
      }
    }
  }

  /// The folder part of a path: `a/b.csv` gives `a`, `b.csv` gives `.`.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path.isEmpty ? "" : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  // MARK: - The steps

  private static func write(
    to path: String, makingFolders: Bool, content: (Int32) -> Int32
  ) throws(FileError) {
    let target = resolved(path)
    let folder = folder(of: target)
    if makingFolders { try makeFolder(folder) }
    var status = stat()
    if stat(target, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      guard kind != S_IFDIR else { throw .isFolder(path: path) }
      // A pipe or a device cannot be replaced: it is written to.
      if kind != S_IFREG { return try writeInPlace(path, content: content) }
      // Replacing needs the folder's permission only; a file that is protected stays so.
      guard access(target, W_OK) == 0 else { throw FileError.writing(path, folder: folder, errno) }
    }
    try replace(target, path: path, folder: folder, content: content)
  }

  private static func writeInPlace(_ path: String, content: (Int32) -> Int32) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.writing(path, folder: folder(of: path), errno) }
    defer { close(descriptor) }
    let failure = content(descriptor)
    guard failure == 0 else { throw FileError.writing(path, folder: folder(of: path), failure) }
  }

  private static func replace(
    _ target: String, path: String, folder: String, content: (Int32) -> Int32
  ) throws(FileError) {
    let temporary = temporaryName(for: target)
    var descriptor = openUnnamed(in: folder)
    let named = descriptor < 0
    if named { descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw FileError.writing(path, folder: folder, errno) }
    var failure = content(descriptor)
    if failure == 0 && fsync(descriptor) != 0 && errno != EINVAL { failure = errno }
    if failure == 0 && !named { failure = link(descriptor, temporary) }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    if failure == 0 && rename(temporary, target) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw FileError.writing(path, folder: folder, failure)
    }
    flushFolder(folder)
  }

  /// A file without a name, or -1 where the system or the disk's format has none.
  private static func openUnnamed(in folder: String) -> Int32 {
    #if os(Linux)
      let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
      return open(folder, O_WRONLY | unnamed | O_CLOEXEC, 0o666)
    #else
      return -1
    #endif
  }

  /// Gives an unnamed file its name; 0 or the system's error code.
  private static func link(_ descriptor: Int32, _ name: String) -> Int32 {
    #if os(Linux)
      return linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno
    #else
      return ENOTSUP
    #endif
  }

  /// A rename survives a power cut once its folder is on the disk.
  private static func flushFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Follows a symbolic link, so that the file behind it is replaced and the link stays.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  nonisolated(unsafe) private static var counter = 0

  private static func temporaryName(for target: String) -> String {
    counter &+= 1
    let folder = folder(of: target)
    let name =
      target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target[target.utf8.index(after: $0)...] } ?? target[...]
    return "\(folder)/.\(name.prefix(100)).\(getpid())-\(counter).part"
  }

  /// Writes all bytes; 0 or the system's error code.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count, let base = bytes.baseAddress {
      let count = Glue.write(descriptor, base + written, min(bytes.count - written, 1 << 30))
      if count > 0 {
        written += count
      } else if count < 0 && errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// The system's `write`, under a name that the methods of ``AtomicFile`` do not hide.
private enum Glue {
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
