// The machine reads and writes numbers in its registers without touching reference counts. It uses the layout that
// Swift gives to `Value`: eight bytes of payload, then a byte that counts the cases with payload in their order, with
// `none` last. A test holds this against the compiler.

/// The tag byte of each kind of value.
enum ValueTag {
  static let offset = 8
  static let bool: UInt8 = 0
  static let number: UInt8 = 1
  static let string: UInt8 = 2
  static let tensor: UInt8 = 3
  static let list: UInt8 = 4
  static let record: UInt8 = 5
  static let range: UInt8 = 6
  static let function: UInt8 = 7
  static let object: UInt8 = 8
  static let none: UInt8 = 9

  /// True where a value holds no reference.
  @inline(__always) static func isPlain(_ tag: UInt8) -> Bool { tag &- string > object - string }
}

/// A place that holds a value.
typealias ValuePointer = UnsafeMutablePointer<Value>

extension UnsafeMutablePointer where Pointee == Value {
  @inline(__always) var tag: UInt8 { UnsafeRawPointer(self).load(fromByteOffset: ValueTag.offset, as: UInt8.self) }
  @inline(__always) var isPlain: Bool { ValueTag.isPlain(tag) }
  @inline(__always) var isNumber: Bool { tag == ValueTag.number }

  /// The payload as a number; the tag must say so.
  @inline(__always) var number: Double { UnsafeRawPointer(self).load(as: Double.self) }
  /// The payload as a bool; the tag must say so.
  @inline(__always) var bool: Bool { UnsafeRawPointer(self).load(as: UInt8.self) & 1 != 0 }
  /// The payload as an address.
  @inline(__always) var address: UnsafeRawPointer? { UnsafeRawPointer(self).load(as: UnsafeRawPointer?.self) }

  /// The payload as a reference that is not counted; the tag must say what it is.
  @inline(__always) func reference<Object: AnyObject>(as type: Object.Type) -> Unmanaged<Object> {
    UnsafeRawPointer(self).load(as: Unmanaged<Object>.self)
  }

  /// True where nothing else holds the object; the tag must say that there is one.
  @inline(__always) var isUnique: Bool { ReferenceCount.isOne(address.unsafelyUnwrapped) }

  /// Counts down the reference that is held here; the bits stay.
  @inline(__always) private func release() {
    if !isPlain { ReferenceCount.decrease(address.unsafelyUnwrapped) }
  }

  /// Stores a number.
  @inline(__always) func set(_ number: Double) {
    release()
    let raw = UnsafeMutableRawPointer(self)
    raw.storeBytes(of: number, as: Double.self)
    raw.storeBytes(of: ValueTag.number, toByteOffset: ValueTag.offset, as: UInt8.self)
  }

  /// Stores a bool.
  @inline(__always) func set(_ bool: Bool) {
    release()
    initialize(to: .bool(bool))
  }

  /// Copies another place's value.
  @inline(__always) func copy(_ other: UnsafeMutablePointer<Value>) {
    if !other.isPlain { ReferenceCount.increase(other.address.unsafelyUnwrapped) }
    // The old value goes last: the other place may be inside it.
    let old = UnsafeRawPointer(self).load(as: UnsafeRawPointer?.self)
    let wasPlain = isPlain
    copyBits(other)
    if !wasPlain { ReferenceCount.decrease(old.unsafelyUnwrapped) }
  }

  /// Takes another place's value, and leaves none there.
  @inline(__always) func take(_ other: UnsafeMutablePointer<Value>) {
    release()
    copyBits(other)
    other.forget()
  }

  /// Lets go of the value.
  @inline(__always) func clear() {
    if !isPlain {
      ReferenceCount.decrease(address.unsafelyUnwrapped)
      forget()
    }
  }

  /// Overwrites with none without letting go of anything.
  @inline(__always) func forget() {
    UnsafeMutableRawPointer(self).storeBytes(of: ValueTag.none, toByteOffset: ValueTag.offset, as: UInt8.self)
    UnsafeMutableRawPointer(self).storeBytes(of: 0, as: UInt64.self)
  }

  @inline(__always) func copyBits(_ other: UnsafeMutablePointer<Value>) {
    let from = UnsafeRawPointer(other)
    let to = UnsafeMutableRawPointer(self)
    to.storeBytes(of: from.load(as: UInt64.self), as: UInt64.self)
    to.storeBytes(
      of: from.load(fromByteOffset: ValueTag.offset, as: UInt8.self), toByteOffset: ValueTag.offset, as: UInt8.self)
  }
}
