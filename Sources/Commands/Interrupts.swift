import Session

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C: it stops the running program, never the session.
enum Interrupts {
  /// The session that is told; without one, Ctrl-C ends the process.
  nonisolated(unsafe) static var session: Session?

  static func install() {
    signal(SIGINT) { _ in
      if let session = Interrupts.session { session.interrupt() } else { _exit(130) }
    }
  }
}
