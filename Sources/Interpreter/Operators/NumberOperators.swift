import Syntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Arithmetic on plain numbers.
enum NumberOperators {
  /// The whole number that this is, where it is one of at most 51 bits.
  @inline(__always)
  private static func whole(_ number: Double) -> Int? {
    // Adding 1.5 * 2^52 leaves a whole number in the low bits; anything else does not come back from the subtraction.
    let shifted = number + 0x1.8p52
    guard shifted - 0x1.8p52 == number, number.magnitude < 0x1p51 else { return nil }
    return Int(truncatingIfNeeded: shifted.bitPattern) &- Int(truncatingIfNeeded: (0x1.8p52).bitPattern)
  }

  /// The remainder with the divisor's sign; nan for a divisor of 0.
  @inline(__always)
  static func modulo(_ a: Double, _ b: Double) -> Double {
    if let x = whole(a), let y = whole(b), y != 0 {
      // 32 bits divide faster than 64.
      if UInt(bitPattern: x) | UInt(bitPattern: y) <= 0xffff_ffff {
        return Double(UInt32(truncatingIfNeeded: x) % UInt32(truncatingIfNeeded: y))
      }
      let remainder = x % y
      return Double(remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder)
    }
    return generalModulo(a, b)
  }

  @inline(never)
  private static func generalModulo(_ a: Double, _ b: Double) -> Double {
    let remainder = fmod(a, b)
    if remainder == 0 || remainder.isNaN { return remainder }
    return (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  /// The quotient rounded down, so that `a // b * b + a % b` is `a`.
  @inline(__always)
  static func floorDivide(_ a: Double, _ b: Double) -> Double {
    if let x = whole(a), let y = whole(b), y != 0 {
      let quotient = x / y
      return Double(quotient * y != x && (x < 0) != (y < 0) ? quotient - 1 : quotient)
    }
    return generalFloorDivide(a, b)
  }

  @inline(never)
  private static func generalFloorDivide(_ a: Double, _ b: Double) -> Double {
    if b == 0 || !a.isFinite || !b.isFinite { return (a / b).rounded(.down) }
    return ((a - generalModulo(a, b)) / b).rounded()
  }

  @inline(__always)
  static func power(_ a: Double, _ b: Double) -> Double { b == 2 ? a * a : pow(a, b) }

  /// One of the operators `+ - * / // % ^`; nan for any other.
  @inline(__always)
  static func apply(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double {
    // The two most frequent without a jump through a table.
    if operation == .add { return a + b }
    if operation == .subtract { return a - b }
    return seldomApplied(operation, a, b)
  }

  private static func seldomApplied(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .floorDivide: floorDivide(a, b)
    case .modulo: modulo(a, b)
    case .power: power(a, b)
    default: .nan
    }
  }

  static func compare(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Bool {
    switch operation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessEqual: a <= b
    case .greater: a > b
    default: a >= b
    }
  }
}
