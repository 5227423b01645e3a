import CKernels

/// The session's source of random numbers: Philox4x32-10, counter-based, so that every draw has an address and the state
/// is two integers.
public final class Generator {
  nonisolated(unsafe) public static let shared = Generator()

  /// Where the stream stands.
  public struct State: Hashable, Sendable {
    /// What the stream was started from.
    public var seed: UInt64
    /// Blocks of 128 bits drawn so far.
    public var counter: UInt64

    public init(seed: UInt64, counter: UInt64 = 0) {
      self.seed = seed
      self.counter = counter
    }

    /// The state as integers, for a file.
    public var words: [UInt64] { [seed, counter] }

    /// The state that `words` gave; nil for anything else.
    public init?(words: [UInt64]) {
      guard words.count == 2 else { return nil }
      self.init(seed: words[0], counter: words[1])
    }
  }

  /// Get it to save a place in the stream, set it to return there.
  public var state = State(seed: 0)

  public init() {}

  /// Starts the stream anew; equal seeds give equal draws.
  public func seed(_ seed: UInt64) { state = State(seed: seed) }

  /// The address of the next `count` numbers, `perBlock` from each block; the stream moves past them.
  func advance(_ count: Int, perBlock: Int) -> State {
    let start = state
    state.counter &+= UInt64((count + perBlock - 1) / perBlock)
    return start
  }
}
