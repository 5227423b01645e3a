#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whole files as bytes or text.
public enum FileReader {
  /// The most bytes that a read accepts unless told otherwise: 16 GiB.
  public static let defaultLimit = 1 << 34

  /// The content of a file.
  ///
  /// - Throws: ``FileError`` where the file is missing, unreadable, a folder, or longer than `limit` bytes.
  public static func bytes(of path: String, limit: Int = defaultLimit) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.reading(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.reading(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path: path) }
    let regular = status.st_mode & S_IFMT == S_IFREG
    let expected = regular ? Int(status.st_size) : 0
    guard expected <= limit else { throw .tooLarge(path: path, limit: limit) }

    // One byte more than expected: the read that meets the end then needs no second buffer.
    var capacity = max(expected + 1, 1 << 16)
    var content: [UInt8] = []
    var failure: Int32 = 0
    var ended = false
    while !ended && failure == 0 {
      guard content.count <= limit else { throw .tooLarge(path: path, limit: limit) }
      let room = capacity
      if content.isEmpty {
        content = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
          count = fill(buffer, from: descriptor, ended: &ended, failure: &failure)
        }
      } else {
        content += [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
          count = fill(buffer, from: descriptor, ended: &ended, failure: &failure)
        }
      }
      capacity = min(capacity * 2, 1 << 26)
    }
    guard failure == 0 else { throw FileError.reading(path, failure) }
    guard content.count <= limit else { throw .tooLarge(path: path, limit: limit) }
    return content
  }

  /// The content of a text file; a byte-order mark at its start is dropped.
  ///
  /// - Throws: ``FileError``, also where the bytes are not UTF-8.
  public static func text(of path: String, limit: Int = defaultLimit) throws(FileError) -> String {
    var bytes = try bytes(of: path, limit: limit)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notUTF8(path: path, offset: UTF8Check.firstInvalidOffset(in: bytes))
    }
    return text
  }

  /// Whether something of this name exists; a folder counts.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Whether a folder of this name exists.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func names(inFolder path: String) throws(FileError) -> [String] {
    guard let folder = opendir(path) else {
      throw errno == ENOTDIR ? .notAFolder(path: path) : FileError.reading(path, errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<UInt8>, from descriptor: Int32, ended: inout Bool, failure: inout Int32
  ) -> Int {
    var count = 0
    while count < buffer.count, let base = buffer.baseAddress {
      let got = read(descriptor, base + count, buffer.count - count)
      if got > 0 {
        count += got
      } else if got == 0 {
        ended = true
        break
      } else if errno != EINTR {
        failure = errno
        break
      }
    }
    return count
  }
}

extension FileError {
  /// The error for a read that the system refused with `code`.
  static func reading(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT: .noSuchFile(path: path)
    case ENOTDIR: .notAFolder(path: path)
    case EACCES, EPERM: .noPermission(path: path, action: .read)
    case EISDIR: .isFolder(path: path)
    default: .system(path: path, action: .read, message: String(cString: strerror(code)))
    }
  }

  /// The error for a write that the system refused with `code`.
  static func writing(_ path: String, folder: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT: .noSuchFolder(path: path, folder: folder)
    case ENOTDIR: .notAFolder(path: path)
    case EACCES, EPERM, EROFS: .noPermission(path: path, action: .write)
    case EISDIR: .isFolder(path: path)
    case ENOSPC, EDQUOT: .diskFull(path: path)
    default: .system(path: path, action: .write, message: String(cString: strerror(code)))
    }
  }
}

/// Where UTF-8 goes wrong.
enum UTF8Check {
  /// The offset of the first byte that no valid UTF-8 text could have there; the length where all is valid.
  static func firstInvalidOffset(in bytes: [UInt8]) -> Int {
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .error, .emptyInput: return offset
      }
    }
  }
}
