#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A thread with a deep stack that runs one piece of work at a time while its owner waits.
///
/// Programs may nest built-ins (`map` in `map`, `grad` of `grad`) far deeper than the main thread's stack allows.
final class Worker: @unchecked Sendable {
  private static let stackSize = 1 << 29
  private let state = State()

  /// Runs work on the thread and waits for it.
  func run<Result>(_ body: () -> Result) -> Result {
    if state.isCurrent { return body() }
    var result: Result?
    withoutActuallyEscaping(body) { body in
      state.submit { result = body() }
    }
    // `submit` comes back after the body has run, on the thread or, where there is no memory for one, here.
    guard let result else { preconditionFailure("the worker ended without a result") }
    return result
  }

  deinit { state.end() }

  private final class State: @unchecked Sendable {
    private var thread: pthread_t?
    private var work: (() -> Void)?
    private var isEnding = false
    private let mutexPointer: UnsafeMutablePointer<pthread_mutex_t>
    private let conditionPointer: UnsafeMutablePointer<pthread_cond_t>

    init() {
      mutexPointer = .allocate(capacity: 1)
      conditionPointer = .allocate(capacity: 1)
      pthread_mutex_init(mutexPointer, nil)
      pthread_cond_init(conditionPointer, nil)
    }

    deinit {
      pthread_mutex_destroy(mutexPointer)
      pthread_cond_destroy(conditionPointer)
      mutexPointer.deallocate()
      conditionPointer.deallocate()
    }

    var isCurrent: Bool {
      guard let thread else { return false }
      return pthread_equal(thread, pthread_self()) != 0
    }

    /// Hands work over and waits until it is done. Where no thread can be had, the caller does it.
    func submit(_ body: @escaping () -> Void) {
      guard start() else { return body() }
      pthread_mutex_lock(mutexPointer)
      work = body
      pthread_cond_broadcast(conditionPointer)
      while work != nil { pthread_cond_wait(conditionPointer, mutexPointer) }
      pthread_mutex_unlock(mutexPointer)
    }

    func end() {
      pthread_mutex_lock(mutexPointer)
      isEnding = true
      pthread_cond_broadcast(conditionPointer)
      pthread_mutex_unlock(mutexPointer)
    }

    private func start() -> Bool {
      if thread != nil { return true }
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      defer { pthread_attr_destroy(&attributes) }
      pthread_attr_setstacksize(&attributes, Worker.stackSize)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      var made = pthread_t()
      let context = Unmanaged.passRetained(self)
      let status = pthread_create(
        &made, &attributes,
        { pointer in
          guard let pointer else { return nil }
          Unmanaged<State>.fromOpaque(pointer).takeRetainedValue().loop()
          return nil
        }, context.toOpaque())
      guard status == 0 else {
        context.release()
        return false
      }
      thread = made
      return true
    }

    private func loop() {
      pthread_mutex_lock(mutexPointer)
      while true {
        while work == nil, !isEnding { pthread_cond_wait(conditionPointer, mutexPointer) }
        guard let body = work else { break }
        pthread_mutex_unlock(mutexPointer)
        body()
        pthread_mutex_lock(mutexPointer)
        work = nil
        pthread_cond_broadcast(conditionPointer)
      }
      pthread_mutex_unlock(mutexPointer)
    }
  }
}
