/// The few sums that tables need.
enum Statistics {
  /// The mean; not-a-number without values.
  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  /// The standard deviation, √(Σ(x - mean)²/n); not-a-number without values.
  static func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return (Statistics.mean(values.map { ($0 - mean) * ($0 - mean) })).squareRoot()
  }

  /// The value below which the share `q` lies, interpolated linearly between neighbours; not-a-number without values.
  static func quantile(_ sorted: [Double], _ q: Double) -> Double {
    guard let last = sorted.indices.last else { return .nan }
    let place = q * Double(last)
    let low = Int(place.rounded(.down))
    let high = min(low + 1, last)
    let share = place - Double(low)
    return share == 0 ? sorted[low] : sorted[low] + (sorted[high] - sorted[low]) * share
  }
}
