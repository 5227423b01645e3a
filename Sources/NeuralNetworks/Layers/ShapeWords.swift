import Tensors

/// The wording of shapes that do not fit, in one place.
enum ShapeWords {
  /// The input has too few or too many axes.
  static func rank(_ spec: Spec, wanted: String, hint: String? = nil) -> LayerFailure {
    LayerFailure(.shape, "wants \(wanted), and got \(described(spec))", hint: hint)
  }

  /// The last axis differs from the first input's.
  static func features(_ spec: Spec, wanted: Int, noun: String = "features") -> LayerFailure {
    LayerFailure(
      .shape, "was built for \(wanted) \(noun) on the last axis, and got \(described(spec))",
      hint: "give it inputs with \(wanted) \(noun), or make a new layer: sizes are fixed by the first input")
  }

  /// `32×784`, or `a single number`.
  static func described(_ spec: Spec) -> String {
    spec.rank == 0 ? "a single number" : "shape \(batched(spec.shape))"
  }

  /// A shape, with the batch axis of symbolic inputs shown as such.
  static func batched(_ shape: Shape) -> String {
    shape.map { $0 == Layer.symbolicBatch ? "batch" : String($0) }.joined(separator: "×")
  }
}
