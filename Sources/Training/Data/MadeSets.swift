import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Small data sets made by a formula: points in the plane, curves, truth tables.
public enum MadeSets {
  /// Two half circles that reach into each other; scikit-learn's `make_moons`.
  /// - Parameter noise: the standard deviation of what is added to each coordinate.
  public static func moons(_ n: Int = 100, noise: Double = 0.1, random: RandomStream = .session) throws -> ExampleSet {
    try plane("make_moons", n, noise, classes: 2, random: random, about: "two half circles that reach into each other")
    {
      label, index, count in
      let angle = Double.pi * fraction(index, count)
      return label == 0 ? (cos(angle), sin(angle)) : (1 - cos(angle), 0.5 - sin(angle))
    }
  }

  /// A circle inside another; `factor` is the ratio of their radii.
  public static func circles(
    _ n: Int = 100, noise: Double = 0.05, factor: Double = 0.5, random: RandomStream = .session
  ) throws -> ExampleSet {
    guard factor > 0, factor < 1 else {
      throw TensorError(.value, "make_circles needs a factor between 0 and 1, and got \(factor)")
    }
    return try plane("make_circles", n, noise, classes: 2, random: random, about: "a circle inside another") {
      label, index, count in
      let angle = 2 * Double.pi * Double(index) / Double(max(count, 1))
      let radius = label == 0 ? 1 : factor
      return (radius * cos(angle), radius * sin(angle))
    }
  }

  /// Round clouds about centres that stand evenly on a circle of radius 5.
  public static func blobs(
    _ n: Int = 100, centres: Int = 3, noise: Double = 1, random: RandomStream = .session
  ) throws -> ExampleSet {
    try plane("make_blobs", n, noise, classes: centres, random: random, about: "\(centres) round clouds") {
      label, _, _ in
      let angle = 2 * Double.pi * Double(label) / Double(centres)
      return (5 * cos(angle), 5 * sin(angle))
    }
  }

  /// Spiral arms, one a class, that wind about the origin for `turns`.
  public static func spirals(
    _ n: Int = 100, noise: Double = 0.1, classes: Int = 2, turns: Double = 1.5, random: RandomStream = .session
  ) throws -> ExampleSet {
    try plane("make_spirals", n, noise, classes: classes, random: random, about: "\(classes) spiral arms") {
      label, index, count in
      let along = fraction(index, count)
      let angle = 2 * Double.pi * (turns * along + Double(label) / Double(classes))
      let radius = 0.2 + 2.8 * along
      return (radius * cos(angle), radius * sin(angle))
    }
  }

  /// A linear target with noise: `y = x @ w + b + noise`, x normal; `about` tells w and b.
  public static func regression(
    _ n: Int = 100, features: Int = 1, noise: Double = 0.1, random: RandomStream = .session
  ) throws -> ExampleSet {
    try require(
      "make_regression", n >= 1 && features >= 1 && noise >= 0, "n and features of at least 1, and noise not below 0")
    try Room.require(Room.product(n, features, 3), for: "make_regression")
    let weights = try random.normals(features).map { ($0 * 100).rounded() / 100 }
    let bias = (try random.normals(1)[0] * 100).rounded() / 100
    let x = try random.normals(n * features)
    let errors = try random.normals(n)
    let y = (0..<n).map { row in
      (0..<features).reduce(bias + noise * errors[row]) { $0 + weights[$1] * x[row * features + $1] }
    }
    return ExampleSet(
      x: try Tensor(x, shape: [n, features], dtype: .float32), y: try Tensor(y, shape: [n, 1], dtype: .float32),
      names: (1...features).map { "x\($0)" },
      about: "y = x @ w + b + noise, w = \(weights), b = \(bias), standard deviation of the noise \(noise)")
  }

  /// One period of a sine, x from 0 to 2π, with noise.
  public static func sineWave(_ n: Int = 100, noise: Double = 0, random: RandomStream = .session) throws -> ExampleSet {
    try require("sine_wave", n >= 1 && noise >= 0, "n of at least 1, and noise not below 0")
    try Room.require(Room.product(n, 4), for: "sine_wave")
    let x = (0..<n).map { 2 * Double.pi * fraction($0, n) }
    let errors = noise > 0 ? try random.normals(n) : [Double](repeating: 0, count: n)
    return ExampleSet(
      x: try Tensor(x, shape: [n, 1], dtype: .float32),
      y: try Tensor(zip(x, errors).map { sin($0) + noise * $1 }, shape: [n, 1], dtype: .float32), names: ["x"],
      about: "one period of a sine")
  }

  /// A function of two bits.
  public enum Gate: String, CaseIterable, Sendable {
    case xor, and, or

    var outputs: [Double] {
      switch self {
      case .xor: [0, 1, 1, 0]
      case .and: [0, 0, 0, 1]
      case .or: [0, 1, 1, 1]
      }
    }
  }

  /// The truth table of a gate: four rows of two bits, targets of shape 4×1.
  public static func table(_ gate: Gate) throws -> ExampleSet {
    ExampleSet(
      x: try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2], dtype: .float32),
      y: try Tensor(gate.outputs, shape: [4, 1], dtype: .float32), names: ["a", "b"],
      about: "the truth table of a \(gate.rawValue) b")
  }

  /// `index` as a share of the way from the first to the last of `count`.
  private static func fraction(_ index: Int, _ count: Int) -> Double {
    count > 1 ? Double(index) / Double(count - 1) : 0
  }

  private static func require(_ name: String, _ holds: Bool, _ wanted: String) throws {
    guard holds else { throw TensorError(.value, "\(name) needs \(wanted)") }
  }

  /// Points of each class by formula, with noise, in random order.
  private static func plane(
    _ name: String, _ n: Int, _ noise: Double, classes: Int, random: RandomStream, about: String,
    _ point: (_ label: Int, _ index: Int, _ count: Int) -> (Double, Double)
  ) throws -> ExampleSet {
    try require(
      name, classes >= 1 && n >= classes && noise >= 0 && noise.isFinite,
      "at least one point for each class, and noise not below 0")
    try Room.require(Room.product(n, 12), for: name)
    var rows: [(x: Double, y: Double, label: Int)] = []
    for label in 0..<classes {
      let count = n / classes + (label < n % classes ? 1 : 0)
      for index in 0..<count {
        let (x, y) = point(label, index, count)
        rows.append((x, y, label))
      }
    }
    let order = try random.permutation(n)
    let errors = try random.normals(2 * n)
    var x: [Double] = []
    x.reserveCapacity(2 * n)
    for (position, index) in order.enumerated() {
      x.append(rows[index].x + noise * errors[2 * position])
      x.append(rows[index].y + noise * errors[2 * position + 1])
    }
    return ExampleSet(
      x: try Tensor(x, shape: [n, 2], dtype: .float32),
      y: try Tensor(int32: order.map { Int32(truncatingIfNeeded: rows[$0].label) }, shape: [n]), names: ["x", "y"],
      classes: (0..<classes).map(String.init), about: about)
  }
}
