/// One thing the engine can do with tensors: shape rule, kernel and gradient, side by side.
///
/// An operation is a small value; its parameters are its stored properties, and equal operations compute the same. All dtype promotion and broadcasting that a
/// user sees is done by the functions in front of the operations, or stated by `outputSpecs`.
public protocol Operation: Hashable {
  /// The name in messages and in `explain`.
  static var name: String { get }

  /// The results' specs, from the inputs' alone.
  /// - Throws: `TensorError` in the user's words where the inputs do not fit.
  func outputSpecs(_ inputs: [Spec]) throws -> [Spec]

  /// Prepares the computation for inputs of these specs.
  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel

  /// The gradient in terms of other operations: for each input its share of the seeds, nil where it has none.
  /// A seed is nil where the output was not used. `needed` tells which inputs' gradients are asked for.
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?]

  /// True where the single output is the first input's memory with another shape.
  var sharesStorage: Bool { get }

  /// True where running it again gives something else: a trace then writes it down although it has no inputs.
  var isRandom: Bool { get }

  /// For each output the inputs (positions) whose memory it may take over: the kernel reads no element of these after it
  /// has written that of the output.
  var reusableInputs: [[Int]] { get }
}

extension Operation {
  public var sharesStorage: Bool { false }
  public var isRandom: Bool { false }
  public var reusableInputs: [[Int]] { [] }
}

/// A prepared computation. Pointers come in the order inputs, outputs, scratch (where `scratchBytes` is not 0).
public struct Kernel {
  public var scratchBytes: Int
  public let run: (UnsafePointer<UnsafeMutableRawPointer>) throws -> Void

  public init(scratchBytes: Int = 0, _ run: @escaping (UnsafePointer<UnsafeMutableRawPointer>) throws -> Void) {
    self.scratchBytes = scratchBytes
    self.run = run
  }
}
