import FileFormats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs several notebooks at once, each in a process of its own: the engine belongs to one thread of one process.
struct JobPool {
  let count: Int

  private struct Running {
    let index: Int
    let output: String
    let errors: String
  }

  /// Runs all; what they write appears in the order of the files, each whole. Gives the first status that is not 0.
  func run(_ files: [String], options: (before: [String], after: [String]), _ console: Console) -> Int32 {
    guard let folder = FilePaths.makeTemporaryFolder() else {
      return console.refuse("no temporary folder could be made for --jobs")
    }
    defer { FilePaths.remove(folder) }
    var running: [pid_t: Running] = [:]
    var statuses = [Int32?](repeating: nil, count: files.count)
    var shown = 0
    var next = 0
    while next < files.count || !running.isEmpty {
      while next < files.count, running.count < count {
        let job = Running(index: next, output: "\(folder)/\(next).out", errors: "\(folder)/\(next).err")
        guard let process = start(["run", files[next]] + options.before + options.after, job) else {
          return console.refuse("no process could be started for `\(files[next])`")
        }
        running[process] = job
        next += 1
      }
      var status: Int32 = 0
      let process = waitpid(-1, &status, 0)
      guard process > 0 else {
        if errno == EINTR { continue }
        break
      }
      guard let job = running.removeValue(forKey: process) else { continue }
      // The status word holds the signal in its low seven bits, the exit status above them.
      let signal = status & 0x7F
      statuses[job.index] = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      while shown < files.count, statuses[shown] != nil {
        show("\(folder)/\(shown)", console)
        shown += 1
      }
    }
    return statuses.compactMap { $0 }.first { $0 != 0 } ?? 0
  }

  private func show(_ base: String, _ console: Console) {
    if let text = try? FileReader.text(of: base + ".out"), !text.isEmpty { console.write(text) }
    if let text = try? FileReader.text(of: base + ".err"), !text.isEmpty { console.report(text) }
  }

  private func start(_ arguments: [String], _ job: Running) -> pid_t? {
    guard let executable = Self.executable else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, job.output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, job.errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var process = pid_t()
    return posix_spawn(&process, executable, &actions, nil, words, environ) == 0 ? process : nil
  }

  /// The path of the running program.
  private static var executable: String? {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = CommandLine.arguments[0]
    #endif
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
