// The machine's fast paths look into the objects of lists, records, functions and boxes without counting references.
// They rely on how Swift lays out classes (a header of two words, then the stored properties of base class and subclass
// in order) and contiguous arrays (a header of two words, count, capacity, then the elements). A test holds these
// structures against the compiler.

/// A `ContiguousArray<Value>`'s buffer.
struct BufferObject {
  let header: (Int, Int)
  var count: Int
  /// The number of elements that there is room for, twice: the lowest bit is a flag.
  var capacityAndFlag: Int

  static let elementOffset = 32
}

/// A `ListValue`.
struct ListObject {
  let header: (Int, Int)
  let buffer: UnsafeMutablePointer<BufferObject>
}

/// A `StringValue`.
struct StringObject {
  let header: (Int, Int)
  /// 0 where it has not been computed.
  let hash: Int
}

/// A `RecordShape`.
struct ShapeObject {
  let header: (Int, Int)
  let identity: Int
  /// References to strings.
  let keys: UnsafeMutablePointer<BufferObject>
  /// 32-bit numbers.
  let table: UnsafeMutablePointer<BufferObject>
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

/// A `PathSite`.
struct PathSiteObject {
  let header: (Int, Int)
  let fieldOfElement: UnsafePointer<MemberSiteObject>?
  let operation: Int
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

extension ContiguousArray where Element == Value {
  /// Hands the elements over: `body` takes them out of the buffer, or lets go of them. The array is empty afterwards.
  /// - Returns: false, with nothing done, where something else holds the buffer too.
  mutating func handOver(_ body: (ValuePointer, Int) -> Void) -> Bool {
    withUnsafeMutablePointer(to: &self) { array in
      let buffer = UnsafeMutableRawPointer(array).load(as: UnsafeMutablePointer<BufferObject>.self)
      guard ReferenceCount.isOne(buffer) else { return false }
      let count = buffer.pointee.count
      buffer.pointee.count = 0
      body(buffer[0], count)
      return withExtendedLifetime(array.pointee) { true }
    }
  }
}

extension UnsafeMutablePointer where Pointee == BufferObject {
  @inline(__always) subscript(position: Int) -> ValuePointer {
    (UnsafeMutableRawPointer(self) + BufferObject.elementOffset).assumingMemoryBound(to: Value.self) + position
  }

  /// The element at a number that is a position counted from the front; nil for any other.
  @inline(__always) func element(at index: Double) -> ValuePointer? {
    // Adding 2^52 leaves a whole number in the low bits below that of 2^52 itself; a fraction does not come back from the
    // subtraction, and negative, huge and infinite numbers leave more than any count. Bits compare faster than numbers
    // do; -0 is left to the general way.
    let shifted = index + 0x1p52
    let position = shifted.bitPattern &- (0x1p52).bitPattern
    let isWhole = (shifted - 0x1p52).bitPattern == index.bitPattern
    return isWhole && position < UInt64(pointee.count) ? self[Int(truncatingIfNeeded: position)] : nil
  }
}

extension UnsafeMutablePointer where Pointee == Value {
  @inline(__always) func object<Layout>(_ layout: Layout.Type) -> UnsafeMutablePointer<Layout> {
    UnsafeMutableRawPointer(mutating: address.unsafelyUnwrapped).assumingMemoryBound(to: Layout.self)
  }

  /// The buffer of a list's elements; the tag must say that it is one.
  @inline(__always) var listBuffer: UnsafeMutablePointer<BufferObject> { object(ListObject.self).pointee.buffer }

  /// Where an element is, of a list at a number that is a position from the front; nil for all else.
  @inline(__always) func listElement(at index: ValuePointer) -> ValuePointer? {
    guard tag == ValueTag.list, index.isNumber else { return nil }
    return listBuffer.element(at: index.number)
  }

  /// A list's buffer for changing elements, nil where the list or the buffer is shared.
  @inline(__always) var uniqueListBuffer: UnsafeMutablePointer<BufferObject>? {
    guard isUnique, ReferenceCount.isOne(listBuffer) else { return nil }
    return listBuffer
  }

  /// Moves a value to the end of a list that nothing else holds.
  @inline(__always) func append(_ item: ValuePointer) {
    let buffer = listBuffer
    let count = buffer.pointee.count
    if count < buffer.pointee.capacityAndFlag >> 1, ReferenceCount.isOne(buffer) {
      buffer[count].copyBits(item)
      buffer.pointee.count = count + 1
    } else {
      grow(item)
    }
    item.forget()
  }

  @inline(never) private func grow(_ item: ValuePointer) {
    let items = UnsafeMutableRawPointer(object(ListObject.self)) + 16
    LargeLists.append(item.move(), to: &items.assumingMemoryBound(to: ContiguousArray<Value>.self).pointee)
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
    return ReferenceCount.isOne(object(RecordObject.self).pointee.buffer) ? field : nil
  }

  /// Where the field of a name is in a record; nil where there is none, and where finding out needs more than the
  /// addresses of strings. The tags must say that it is a record, and that the name is a string.
  @inline(__always) func field(named name: ValuePointer) -> ValuePointer? {
    let record = object(RecordObject.self)
    let position = record.pointee.shape.position(of: name.object(StringObject.self))
    return position < 0 ? nil : record.pointee.buffer[position]
  }

  /// The same for changing the field; nil also where the record or its buffer is shared.
  @inline(__always) func uniqueField(named name: ValuePointer) -> ValuePointer? {
    guard isUnique, ReferenceCount.isOne(object(RecordObject.self).pointee.buffer) else { return nil }
    return field(named: name)
  }

  /// The code and the captures of a function of the language; the tag must say that it is a function.
  @inline(__always) var functionObject: UnsafeMutablePointer<FunctionObject> { object(FunctionObject.self) }

  /// Where a box's value is.
  @inline(__always) var boxed: ValuePointer {
    (UnsafeMutableRawPointer(mutating: address.unsafelyUnwrapped) + 16).assumingMemoryBound(to: Value.self)
  }
}

extension UnsafeMutablePointer where Pointee == ShapeObject {
  /// The position of a name that is found by the address of its string; negative where it is not found that way.
  @inline(__always) func position(of name: UnsafeMutablePointer<StringObject>) -> Int {
    let keys = (UnsafeRawPointer(pointee.keys) + BufferObject.elementOffset).assumingMemoryBound(
      to: UnsafeMutablePointer<StringObject>.self)
    let size = pointee.table.pointee.count
    if size == 0 {
      for position in 0..<pointee.keys.pointee.count where keys[position] == name { return position }
      return -1
    }
    let table = (UnsafeRawPointer(pointee.table) + BufferObject.elementOffset).assumingMemoryBound(to: Int32.self)
    var place = name.pointee.hash & (size - 1)
    // A hash that has not been computed is 0, which is a place like any other.
    while true {
      let entry = Int(table[place])
      if entry == 0 { return -1 }
      if keys[entry - 1] == name { return entry - 1 }
      place = (place + 1) & (size - 1)
    }
  }
}
