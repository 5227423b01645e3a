import CKernels

/// Random numbers as an operation without inputs: it draws when it runs, so a program draws what eager code would.
struct Draw: Operation {
  enum Distribution: Hashable {
    /// [0, 1).
    case uniform
    /// Mean 0, standard deviation 1.
    case normal
    /// Whole numbers from `low`, `range` of them.
    case integers(low: Int, range: Int)
    /// 0 to n - 1 in random order.
    case permutation
  }

  static let name = "random"
  /// Draws without a look at whether to stop: less than a second's.
  private static let stretch = 1 << 26
  let distribution: Distribution
  let spec: Spec

  var isRandom: Bool { true }

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { [spec] }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (count, distribution, isSingle) = (outputs[0].count, distribution, outputs[0].dtype == .float32)
    return Kernel { pointers in
      let out = pointers[0]
      func start(_ perBlock: ck_draws) -> Generator.State {
        Generator.shared.advance(count, perBlock: Int(perBlock.rawValue))
      }
      /// Draws stretch by stretch, so that a wish to stop is heard.
      func fill<Number>(
        _ perBlock: ck_draws, _ draw: (UInt64, UInt64, UnsafeMutablePointer<Number>?, Int) -> Void
      ) {
        let at = start(perBlock)
        let numbers = out.assumingMemoryBound(to: Number.self)
        for offset in stride(from: 0, to: count, by: Draw.stretch) where offset == 0 || ck_stop() == 0 {
          let counter = at.counter &+ UInt64(offset / Int(perBlock.rawValue))
          draw(at.seed, counter, numbers + offset, Swift.min(Draw.stretch, count - offset))
        }
      }
      switch distribution {
      case .uniform where isSingle: fill(CK_DRAWS_OF_32, ck_uniform_f32)
      case .uniform: fill(CK_DRAWS_OF_64, ck_uniform_f64)
      case .normal where isSingle: fill(CK_DRAWS_OF_32, ck_normal_f32)
      case .normal: fill(CK_DRAWS_OF_64, ck_normal_f64)
      case .integers(let low, let range):
        let at = start(CK_DRAWS_OF_64)
        ck_integers(at.seed, at.counter, Int64(low), UInt64(range), out.assumingMemoryBound(to: Int32.self), count)
      case .permutation:
        let at = start(CK_DRAWS_OF_64)
        ck_permutation(at.seed, at.counter, out.assumingMemoryBound(to: Int32.self), count)
      }
    }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [] }
}

extension Tensor {
  private static func draw(_ distribution: Draw.Distribution, _ shape: Shape, _ dtype: DType) throws -> Tensor {
    _ = try Limits.checkedCount(shape, dtype)
    return try Engine.shared.apply(Draw(distribution: distribution, spec: Spec(dtype, shape)), [])[0]
  }

  /// Numbers spread evenly over [0, 1).
  public static func random(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    dtype.isFloat ? try draw(.uniform, shape, dtype) : try draw(.uniform, shape, .float32).converted(to: dtype)
  }

  /// Normally distributed numbers with mean 0 and standard deviation 1.
  public static func randomNormal(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    dtype.isFloat ? try draw(.normal, shape, dtype) : try draw(.normal, shape, .float32).converted(to: dtype)
  }

  /// The normal distribution cut at ±2, by inversion, so that each number takes one draw: mean 0, standard deviation
  /// 0.87962566.
  public static func randomTruncatedNormal(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    let uniform = try random(shape, .float64)
    let values = try uniform.elements(Double.self)
    for index in values.indices { values[index] = Normal.truncatedInverse(values[index]) }
    return try uniform.converted(to: dtype)
  }

  /// Whole numbers from `low` up to, and without, `high`, as int32.
  /// - Throws: a value error where there is none, or one does not fit int32.
  public static func randomIntegers(_ low: Int, _ high: Int, _ shape: Shape) throws -> Tensor {
    guard low < high else { throw TensorError(.value, "random integers need low < high, and got \(low) and \(high)") }
    guard low >= Int(Int32.min), high - 1 <= Int(Int32.max) else {
      throw TensorError(.value, "random integers are int32, from -2147483648 to 2147483647")
    }
    return try draw(.integers(low: low, range: high - low), shape, .int32)
  }

  /// The numbers 0 to n - 1 in random order, as int32.
  public static func permutation(_ n: Int) throws -> Tensor {
    guard n <= Int(Int32.max) else { throw TensorError(.value, "a permutation has at most 2147483647 numbers") }
    return try draw(.permutation, [n], .int32)
  }

  /// 1 with the given probability, else 0.
  public static func bernoulli(_ probability: Double, _ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    guard probability >= 0, probability <= 1 else {
      throw TensorError(.value, "a probability lies between 0 and 1, and this is \(probability.plainText)")
    }
    return try random(shape).less(probability).converted(to: dtype)
  }
}
