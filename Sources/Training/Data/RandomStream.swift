import Tensors

/// Where preparation of data draws from: the session's generator, or a stream of its own that a seed starts and that
/// leaves the session's alone.
public final class RandomStream {
  nonisolated(unsafe) public static let session = RandomStream()

  /// Where the own stream stands; nil for the session's.
  private var own: Generator.State?

  private init() {}

  /// Equal seeds give equal draws.
  public init(seed: UInt64) { own = Generator.State(seed: seed) }

  /// The stream of a seed, or the session's for nil.
  public static func of(seed: UInt64?) -> RandomStream { seed.map { RandomStream(seed: $0) } ?? session }

  private func drawing<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let own else { return try body() }
    let session = Generator.shared.state
    Generator.shared.state = own
    defer {
      self.own = Generator.shared.state
      Generator.shared.state = session
    }
    return try body()
  }

  /// The numbers 0 to n - 1 in random order.
  public func permutation(_ n: Int) throws -> [Int] {
    try drawing { try Tensor.permutation(n).int32s().map(Int.init) }
  }

  /// Numbers spread evenly over [0, 1).
  public func uniforms(_ count: Int) throws -> [Double] {
    try drawing { try Tensor.random([count], .float64).doubles() }
  }

  /// Normally distributed numbers with mean 0 and standard deviation 1.
  public func normals(_ count: Int) throws -> [Double] {
    try drawing { try Tensor.randomNormal([count], .float64).doubles() }
  }
}
