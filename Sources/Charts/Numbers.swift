extension Int {
  /// The whole part of a number, kept within a thousand million; not-a-number is 0. Pixels need no more.
  init(bounded value: Double) {
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value, -1e9), 1e9))
  }
}

extension UInt8 {
  /// A level between 0 and 255; not-a-number is 0.
  init(bounded value: Double) {
    self = value.isNaN ? 0 : UInt8(Swift.min(Swift.max(value, 0), 255))
  }
}
