#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Paths as texts: joining, and finding out where one really leads.
enum Paths {
  /// A path relative to a folder; an absolute one stays.
  static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Where a path leads once `.`, `..` and links are followed; what does not exist yet is taken as it is written.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var missing: [Substring] = []
    var rest = path[...]
    while !rest.isEmpty, rest != "/" {
      let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/"))
      let last = slash.map { rest[rest.index(after: $0)...] } ?? rest
      if !last.isEmpty { missing.append(last) }
      rest = slash.map { rest[..<$0] } ?? ""
      let known = rest.isEmpty ? (slash == nil ? "." : "/") : String(rest)
      guard let real = realpath(known, nil) else { continue }
      defer { free(real) }
      var parts = String(cString: real).split(separator: "/").map(String.init)
      for part in missing.reversed() {
        if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
      }
      return "/" + parts.joined(separator: "/")
    }
    return path
  }

  /// True where a resolved path is a folder or lies in it.
  static func lies(_ path: String, in folder: String) -> Bool {
    let folder = resolved(folder)
    return path == folder || path.hasPrefix(folder == "/" ? folder : folder + "/")
  }
}
