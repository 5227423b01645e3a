#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The smallest range that holds some values.
struct Extent: Equatable {
  var low = Double.infinity
  var high = -Double.infinity

  var isEmpty: Bool { !(low <= high) }

  mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    low = min(low, value)
    high = max(high, value)
  }

  mutating func include(_ values: [Double], onlyPositive: Bool) {
    for value in values where !onlyPositive || value > 0 { include(value) }
  }

  mutating func include(_ range: ClosedRange<Double>) {
    include(range.lowerBound)
    include(range.upperBound)
  }
}

/// The part of an axis that a panel shows, and the way from values to places.
struct Domain: Equatable {
  var low: Double
  var high: Double
  var isLogarithmic = false
  var isReversed = false
  /// The distance of round numbers that the ends were moved to, if they were.
  var step: Double?

  /// The place of a value, from 0 at the start of the axis to 1 at its end; nil where the axis cannot show it.
  func place(_ value: Double) -> Double? {
    let place: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      place = (log10(value) - log10(low)) / (log10(high) - log10(low))
    } else {
      // Halves, so that ranges near the largest number do not overflow.
      place = (value / 2 - low / 2) / (high / 2 - low / 2)
    }
    guard place.isFinite else { return nil }
    return isReversed ? 1 - place : place
  }

  /// `base` to the power `exponent`.
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// A range with room: equal ends are moved apart, those of the largest numbers brought in.
  static func widened(_ low: Double, _ high: Double, isLogarithmic: Bool) -> (Double, Double) {
    if isLogarithmic {
      let low = max(low, 1e-300)
      let high = min(max(high, low), 1e300)
      return high / low < 1.0001 ? (low / 2, high * 2) : (low, high)
    }
    let limit = 8e307
    let low = min(max(low, -limit), limit)
    let high = min(max(high, -limit), limit)
    let scale = max(low.magnitude, high.magnitude)
    if high - low > scale * 1e-12 && high - low > 1e-300 { return (low, high) }
    let room = scale < 1e-290 ? 1 : scale * 0.5
    return (low - room, high + room)
  }
}
