import Interpreter
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Stops a program that takes longer than it may.
final class Watch: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let deadline: ContinuousClock.Instant
  private let interruption: Interpreter.Interruption

  /// - Parameter seconds: how long the program may run from now.
  init(seconds: Double, _ interruption: Interpreter.Interruption) {
    self.interruption = interruption
    deadline = ContinuousClock.now + .milliseconds(Int(max(0, min(seconds, 1e9)) * 1000))
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Watch>.fromOpaque(pointer).takeRetainedValue().wait()
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
  }

  /// The program has ended in time.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  private func wait() {
    while !isStopped.load(ordering: .relaxed) {
      if ContinuousClock.now >= deadline { return interruption.request(.timeLimit) }
      usleep(5_000)
    }
  }
}
