import CKernels

/// The largest element over axes; nan where one is. Equal ones share the gradient evenly.
struct Largest: ReductionOperation {
  static let name = "max"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_LARGEST }
  var allowsEmpty: Bool { false }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try shareEvenly(inputs[0], outputs[0], $0) }]
  }
}

/// The smallest element over axes; nan where one is. Equal ones share the gradient evenly.
struct Smallest: ReductionOperation {
  static let name = "min"
  let first, axes: Int
  let keep: Bool
  var reduction: ck_reduction { CK_SMALLEST }
  var allowsEmpty: Bool { false }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    [try seeds[0].map { try shareEvenly(inputs[0], outputs[0], $0) }]
  }
}

extension ReductionOperation {
  /// The seed, divided among the elements that equal the result.
  fileprivate func shareEvenly(_ x: Tensor, _ y: Tensor, _ seed: Tensor) throws -> Tensor {
    let isWinner = try x.equalElements(keptForm(y, of: x)).converted(to: x.dtype)
    let winners = try Engine.shared.apply1(Sum(first: first, axes: axes, keep: true), isWinner)
    return try isWinner * (keptForm(seed, of: x) / winners)
  }
}

/// The position of the first extreme along one axis, as int32.
struct ArgumentOfExtreme: ReductionOperation {
  static let name = "argmax"
  let first: Int
  let keep: Bool
  let largest: Bool
  var title: String { largest ? "argmax" : "argmin" }
  var axes: Int { 1 }
  var reduction: ck_reduction { largest ? CK_ARG_LARGEST : CK_ARG_SMALLEST }
  var allowsEmpty: Bool { false }
  func resultType(_ operand: DType) -> DType { .int32 }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [nil] }
}

/// Whether any, or every, element of a bool tensor is true.
struct Quantifier: ReductionOperation {
  static let name = "any"
  let first, axes: Int
  let keep: Bool
  let every: Bool
  var reduction: ck_reduction { every ? CK_ALL : CK_ANY }
  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] { [nil] }
}

extension Tensor {
  /// The largest element over axes; nan where one is.
  /// - Throws: a value error where there are no elements.
  public func max(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try asNumbers().reduced(axes, keep: keep) { Largest(first: $0, axes: $1, keep: $2) }
  }

  /// The smallest element over axes; nan where one is.
  /// - Throws: a value error where there are no elements.
  public func min(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try asNumbers().reduced(axes, keep: keep) { Smallest(first: $0, axes: $1, keep: $2) }
  }

  /// The position of the first largest element along an axis; in the flattened tensor for nil.
  public func argmax(axis: Int? = nil, keep: Bool = false) throws -> Tensor {
    try argument(axis, keep, largest: true)
  }

  /// The position of the first smallest element along an axis; in the flattened tensor for nil.
  public func argmin(axis: Int? = nil, keep: Bool = false) throws -> Tensor {
    try argument(axis, keep, largest: false)
  }

  private func argument(_ axis: Int?, _ keep: Bool, largest: Bool) throws -> Tensor {
    let x = try asNumbers()
    if let axis {
      let place = try Axes.checked(axis, rank: rank)
      return try Engine.shared.apply1(ArgumentOfExtreme(first: place, keep: keep, largest: largest), x)
    }
    let result = try Engine.shared.apply1(ArgumentOfExtreme(first: 0, keep: false, largest: largest), x.flatten())
    return keep ? try result.reshape(shape.map { _ in 1 }) : result
  }

  /// Whether any element is true (not 0); false for none.
  public func any(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try converted(to: .bool).reduced(axes, keep: keep) { Quantifier(first: $0, axes: $1, keep: $2, every: false) }
  }

  /// Whether every element is true (not 0); true for none.
  public func all(axes: [Int]? = nil, keep: Bool = false) throws -> Tensor {
    try converted(to: .bool).reduced(axes, keep: keep) { Quantifier(first: $0, axes: $1, keep: $2, every: true) }
  }
}
