#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C while a program runs: it reaches the session, not the process.
enum InterruptSignal {
  /// What is asked to stop. Set before the handler is installed and never while it could run.
  nonisolated(unsafe) private static var interrupt: (() -> Void)?

  /// From now on the signal calls `action`, which must be safe in a signal's handler.
  static func install(_ action: @escaping () -> Void) {
    interrupt = action
    signal(SIGINT) { _ in InterruptSignal.interrupt?() }
  }
}
