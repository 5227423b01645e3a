/// Runs of functions on tensors that have a shape and no values: tracing, building, checks before a training begins.
///
/// Whoever asks such a tensor for a value gets an error or a stand-in (nil, a text), which a program may take for an answer:
/// `try` catches the error, `in` and a list's `==` find nothing. So asking is written down, and a run in which it happened
/// counts for nothing, whatever it gave or threw.
public enum AbstractRun {
  nonisolated(unsafe) private static var looks = 0
  nonisolated(unsafe) private static var depth = 0

  /// True within a run that must leave no trace of itself: what prints or trains throws `AbstractDataError` instead.
  public static var forbidsEffects: Bool { depth > 0 }

  /// Writes down that somebody asked a tensor without values for one.
  public static func noteLook() { looks &+= 1 }

  /// Runs `body`.
  /// - Throws: `AbstractDataError` where it asked for values; else what it throws.
  public static func watch<Result>(forbidsEffects: Bool, _ body: () throws -> Result) throws -> Result {
    let before = looks
    if forbidsEffects { depth += 1 }
    defer { if forbidsEffects { depth -= 1 } }
    do {
      let result = try body()
      guard looks == before else { throw AbstractDataError() }
      return result
    } catch {
      guard looks == before else { throw AbstractDataError() }
      throw error
    }
  }
}
