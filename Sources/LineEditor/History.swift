#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What was entered before, oldest first: each entry once, at most ``limit`` of them, kept in a file if there is one.
///
/// The file holds one entry a line, line feeds written as `\n` and backslashes as `\\`. New entries are appended at once,
/// so that several sessions can share it and a killed one loses nothing.
public struct History: Equatable, Sendable {
  public private(set) var entries: [String] = []
  /// The file; nil keeps the entries in memory only.
  public let path: String?
  /// The most entries kept.
  public let limit: Int

  /// Reads the entries of a file, if it exists and can be read; else starts empty.
  public init(path: String? = nil, limit: Int = 2000) {
    self.path = path
    self.limit = max(1, limit)
    guard let path, let text = History.read(path) else { return }
    let lines = text.split(separator: "\n")
    entries = History.condensed(lines.map(History.decoded), limit: self.limit)
    // A file that has grown far beyond its entries is written anew.
    if lines.count > 2 * self.limit + 100 { rewrite(path) }
  }

  /// Adds an entry; an equal one before it goes. Blank ones, and those that begin with a space, are not kept.
  public mutating func add(_ entry: String) {
    guard let first = entry.first, first != " ", !entry.allSatisfy(\.isWhitespace) else { return }
    guard entries.last != entry else { return }
    entries.removeAll { $0 == entry }
    entries.append(entry)
    if entries.count > limit { entries.removeFirst(entries.count - limit) }
    if let path { append(History.encoded(entry) + "\n", to: path) }
  }

  /// Each entry once, where it stood last; the newest so many.
  static func condensed(_ entries: [String], limit: Int) -> [String] {
    var seen: Set<String> = []
    return Array(entries.reversed().filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(limit).reversed())
  }

  static func encoded(_ entry: String) -> String {
    entry.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  static func decoded(_ line: Substring) -> String {
    var text = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        text.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  // MARK: - The file

  /// The most bytes of a history file that are read.
  private static let sizeLimit = 1 << 24

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < sizeLimit {
      let count = systemRead(descriptor, &chunk)
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Only the person may read what was typed.
  private func append(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    History.write(text, to: descriptor)
    close(descriptor)
  }

  private func rewrite(_ path: String) {
    let temporary = "\(path).\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let text = entries.map { History.encoded($0) + "\n" }.joined()
    let isWritten = History.write(text, to: descriptor)
    close(descriptor)
    if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
  }

  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { systemWrite(descriptor, $0) }
      if count <= 0 { return false }
      written += count
    }
    return true
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
  read(descriptor, &buffer, buffer.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
