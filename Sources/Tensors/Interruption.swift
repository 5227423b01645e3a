import CKernels

/// How the wish to stop reaches a kernel that runs for long: it asks now and then, leaves, and `rethrow` says why.
enum Interruption {
  /// What the check threw while a kernel asked.
  nonisolated(unsafe) private(set) static var pending: Error?

  /// Lets kernels ask.
  static func install() {
    ck_set_stop {
      do {
        try Engine.shared.interruptionCheck?()
        return 0
      } catch {
        Interruption.pending = error
        return 1
      }
    }
  }

  /// Throws what a kernel was stopped by; its result is unfinished.
  @inline(__always)
  static func rethrow() throws {
    if pending != nil { try take() }
  }

  private static func take() throws {
    guard let error = pending else { return }
    pending = nil
    throw error
  }
}
