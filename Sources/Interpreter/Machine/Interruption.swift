import Synchronization

/// Stops a running program from outside: from a signal handler, or from a thread that watches the clock.
public final class Interruption: Sendable {
  public enum Reason: UInt8, Sendable {
    case none, interrupted, timeLimit
  }

  private let state = Atomic<UInt8>(0)

  public init() {}

  /// Asks the program to stop. May be called from a signal handler.
  public func request(_ reason: Reason = .interrupted) { state.store(reason.rawValue, ordering: .relaxed) }

  /// Forgets a request.
  public func clear() { state.store(0, ordering: .relaxed) }

  public var reason: Reason { Reason(rawValue: state.load(ordering: .relaxed)) ?? .none }

  @inline(__always) var isRequested: Bool { state.load(ordering: .relaxed) != 0 }
}
