import Synchronization
import Training

/// How the user's wish to stop reaches programs and trainings.
///
/// The first request while a training runs lets its batch finish and ends it; any other request, and the second, stops
/// the program at once.
public enum InterruptRequests {
  private static let count = Atomic<Int>(0)
  private static let trainings = Atomic<Int>(0)
  private static let seenByTraining = Atomic<Int>(0)

  /// Counts a request. May be called from a signal handler.
  /// - Returns: true where the program is to stop at once.
  public static func add() -> Bool {
    let requests = count.add(1, ordering: .relaxed).newValue
    guard trainings.load(ordering: .relaxed) > 0 else { return true }
    return requests - seenByTraining.load(ordering: .relaxed) > 1
  }

  /// Runs a training; requests made in the meantime are its own.
  static func duringTraining<Result>(_ body: () throws -> Result) rethrows -> Result {
    if trainings.add(1, ordering: .relaxed).newValue == 1 {
      seenByTraining.store(count.load(ordering: .relaxed), ordering: .relaxed)
    }
    Training.Interruption.requests = { count.load(ordering: .relaxed) }
    defer { trainings.subtract(1, ordering: .relaxed) }
    return try body()
  }
}
