// The machine's fast paths look into the objects of lists, records, functions and boxes without counting references.
// They rely on how Swift lays out classes (a header of two words, then the stored properties of base class and subclass
// in order) and contiguous arrays (a header of two words, count, capacity, then the elements). A test holds these
// structures against the compiler.

/// A `ContiguousArray<Value>`'s buffer.
struct BufferObject {
  let header: (Int, Int)
  let count: Int
  let capacity: Int

  static let elementOffset = 32
}

/// A `ListValue`.
struct ListObject {
  let header: (Int, Int)
  let buffer: UnsafeMutablePointer<BufferObject>
}

/// A `RecordShape`.
struct ShapeObject {
  let header: (Int, Int)
  let identity: Int
}

/// A `RecordValue`.
struct RecordObject {
  let header: (Int, Int)
  let shape: UnsafeMutablePointer<ShapeObject>
  let buffer: UnsafeMutablePointer<BufferObject>
}

/// A `MemberSite`.
struct MemberSiteObject {
  let header: (Int, Int)
  let shapeIdentity: Int
  let position: Int
}

/// A `FunctionValue`.
struct FunctionObject {
  let header: (Int, Int)
  let entry: UnsafePointer<CodeEntry>?
  let captures: ValuePointer?
}

/// A `Box`.
struct BoxObject {
  let header: (Int, Int)
  let value: Value
}

extension UnsafeMutablePointer where Pointee == BufferObject {
  @inline(__always) subscript(position: Int) -> ValuePointer {
    (UnsafeMutableRawPointer(self) + BufferObject.elementOffset).assumingMemoryBound(to: Value.self) + position
  }

  /// The element at a number that is a position counted from the front; nil for any other.
  @inline(__always) func element(at index: Double) -> ValuePointer? {
    // Adding 2^52 leaves a whole number in the low bits below that of 2^52 itself; a fraction does not come back from the
    // subtraction, and negative, huge and infinite numbers leave more than any count.
    let shifted = index + 0x1p52
    let position = shifted.bitPattern &- (0x1p52).bitPattern
    return shifted - 0x1p52 == index && position < UInt64(pointee.count) ? self[Int(truncatingIfNeeded: position)] : nil
  }
}

extension UnsafeMutablePointer where Pointee == Value {
  @inline(__always) func object<Layout>(_ layout: Layout.Type) -> UnsafeMutablePointer<Layout> {
    UnsafeMutableRawPointer(mutating: address.unsafelyUnwrapped).assumingMemoryBound(to: Layout.self)
  }

  /// The buffer of a list's elements; the tag must say that it is one.
  @inline(__always) var listBuffer: UnsafeMutablePointer<BufferObject> { object(ListObject.self).pointee.buffer }

  /// A list's buffer for changing elements, nil where the list or the buffer is shared.
  @inline(__always) var uniqueListBuffer: UnsafeMutablePointer<BufferObject>? {
    guard isUnique else { return nil }
    let buffer = UnsafeMutableRawPointer(object(ListObject.self)) + 16
    guard isUniqueReference(at: buffer) else { return nil }
    return listBuffer
  }

  /// Moves a value to the end of a list that nothing else holds.
  @inline(never) func append(_ item: ValuePointer) {
    let items = UnsafeMutableRawPointer(object(ListObject.self)) + 16
    items.assumingMemoryBound(to: ContiguousArray<Value>.self).pointee.append(item.move())
    item.forget()
  }

  /// Where the field is that a member site found last in a record of the same shape; nil where the shape is another.
  @inline(__always) func field(_ site: UnsafePointer<MemberSiteObject>) -> ValuePointer? {
    let record = object(RecordObject.self)
    guard record.pointee.shape.pointee.identity == site.pointee.shapeIdentity else { return nil }
    return record.pointee.buffer[site.pointee.position]
  }

  /// The same for changing the field; nil also where the record or its buffer is shared.
  @inline(__always) func uniqueField(_ site: UnsafePointer<MemberSiteObject>) -> ValuePointer? {
    guard isUnique, let field = field(site) else { return nil }
    return isUniqueReference(at: UnsafeMutableRawPointer(object(RecordObject.self)) + 24) ? field : nil
  }

  /// The code and the captures of a function of the language; the tag must say that it is a function.
  @inline(__always) var functionObject: UnsafeMutablePointer<FunctionObject> { object(FunctionObject.self) }

  /// Where a box's value is.
  @inline(__always) var boxed: ValuePointer {
    (UnsafeMutableRawPointer(mutating: address.unsafelyUnwrapped) + 16).assumingMemoryBound(to: Value.self)
  }
}

/// True where the object that a reference in memory refers to is held by nothing else.
@inline(__always) func isUniqueReference(at place: UnsafeMutableRawPointer) -> Bool {
  // Any Swift class will do: only the count is looked at.
  isKnownUniquelyReferenced(&place.assumingMemoryBound(to: ListValue.self).pointee)
}
