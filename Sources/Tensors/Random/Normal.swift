#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The normal distribution.
enum Normal {
  /// The normal distribution cut at ±2, by inversion: the number below which the share `uniform` of it lies. Newton's
  /// steps on `erfc`, kept inside a bracket.
  static func truncatedInverse(_ uniform: Double) -> Double {
    // The share below -2 is cut off on both sides.
    let cut = 0.5 * erfc(2 / 2.0.squareRoot())
    let share = cut + uniform * (1 - 2 * cut)
    var (low, high) = (-2.0, 2.0)
    var x = (share - 0.5) * 2.5
    for _ in 0..<60 {
      x = min(max(x, low), high)
      let error = 0.5 * erfc(-x / 2.0.squareRoot()) - share
      if error > 0 { high = x } else { low = x }
      let slope = exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
      let next = x - error / slope
      if abs(next - x) < 1e-15 * max(1, abs(x)) { return min(max(next, -2), 2) }
      x = next > low && next < high ? next : (low + high) / 2
    }
    return x
  }
}
