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

extension ShapeWords {
  /// A signal: batch × steps × channels.
  static func signal(_ spec: Spec) throws {
    guard spec.rank != 3 else { return }
    let hint =
      spec.rank == 2
      ? "add the feature axis with x[:, :, none], or the batch axis with x[none]; a recurrent layer before this one needs `return_sequences: true`"
      : nil
    throw rank(spec, wanted: "sequences (batch × steps × features)", hint: hint)
  }

  /// Images: batch × rows × columns × channels.
  static func images(_ spec: Spec) throws {
    guard spec.rank != 4 else { return }
    let hint: String? =
      switch spec.rank {
      case 3: "add the channel axis of grey images with x[..., none], or the batch axis of one image with x[none]"
      case 2: "rows of pixels become images with reshape(x, -1, rows, columns, channels)"
      default: nil
      }
    throw rank(spec, wanted: "images (batch × rows × columns × channels)", hint: hint)
  }
}

extension Spec {
  /// The dtype of parameters for such inputs: float64 stays, all else computes in float32.
  var parameterDType: DType { dtype == .float64 && !isWeak ? .float64 : .float32 }
  /// The size of the last axis; 1 for a single number.
  var features: Int { shape.last ?? 1 }
}
