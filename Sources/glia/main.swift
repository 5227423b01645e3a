import Diagnostics
import Session

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `glia run FILE` and `glia -e CODE`.
func start() -> Int32 {
  var words = Array(CommandLine.arguments.dropFirst())
  func option(_ name: String) -> String? {
    guard let place = words.firstIndex(of: name), place + 1 < words.count else { return nil }
    defer { words.removeSubrange(place...(place + 1)) }
    return words[place + 1]
  }
  guard let folder = getcwd(nil, 0) else { return 2 }
  defer { free(folder) }
  var options = SessionOptions(workingDirectory: String(cString: folder))
  options.runFolder = option("--out")
  if let place = words.firstIndex(of: "--quiet") {
    words.remove(at: place)
    options.showsProgress = false
  }
  options.onText = { put($0, 1) }
  options.onReport = { put($0, 2) }
  let isFile = words.first == "run"
  guard words.count == 2, isFile || words.first == "-e" else { return 2 }
  if !isFile { options.onDisplay = { put($0.text + "\n", 1) } }
  let source: SourceFile
  if isFile {
    guard let bytes = contents(of: words[1]) else { return 2 }
    source = SourceFile(name: words[1], bytes: bytes)
  } else {
    source = SourceFile(name: "<command>", text: words[1])
  }
  let result = Session(options).evaluate(source)
  for diagnostic in result.diagnostics { put(diagnostic.rendered() + "\n", 2) }
  switch result.status {
  case .succeeded: return 0
  case .failed: return 1
  case .invalid: return 3
  case .timedOut: return 5
  case .interrupted: return 130
  case .exited(let status): return status
  }
}

/// Writes all of a text to a file descriptor.
func put(_ text: String, _ descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return }
    bytes = bytes.dropFirst(count)
  }
}

func contents(of path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

exit(start())
