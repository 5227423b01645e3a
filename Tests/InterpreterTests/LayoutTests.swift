import Syntax
import Testing

@testable import Interpreter

/// What the machine reads and writes without asking the compiler or the runtime, held against both.
struct LayoutTests {
  @Test func layoutOfValuesIsAsTheMachineReadsIt() {
    let values: [(Value, UInt8)] = [
      (.bool(true), ValueTag.bool), (.number(2), ValueTag.number), (.text("a"), ValueTag.string),
      (.items([]), ValueTag.list),
      (.fields([]), ValueTag.record), (.range(RangeValue(start: 0, stop: 1, step: 1)), ValueTag.range),
      (.missing, ValueTag.object), (.none, ValueTag.none),
    ]
    for (value, tag) in values {
      var value = value
      withUnsafeMutablePointer(to: &value) { place in
        #expect(place.tag == tag)
        #expect(place.isPlain == [ValueTag.bool, ValueTag.number, ValueTag.none].contains(tag))
        if place.isNumber { #expect(place.number == 2) }
        if tag == ValueTag.bool { #expect(place.bool) }
      }
    }
  }

  @Test func layoutOfObjectsIsAsTheMachineReadsIt() throws {
    var list = Value.items([.number(1), .number(2), .text("x")])
    withUnsafeMutablePointer(to: &list) { place in
      #expect(place.listBuffer.pointee.count == 3)
      #expect(place.listBuffer.element(at: 1)?.number == 2)
      #expect(place.listBuffer.element(at: 2)?.tag == ValueTag.string)
      #expect(place.listBuffer.element(at: 3) == nil)
      #expect(place.listBuffer.pointee.capacityAndFlag >> 1 >= 3)
      #expect(place.listBuffer.element(at: -1) == nil)
      #expect(place.listBuffer.element(at: 0.5) == nil)
      #expect(place.listBuffer.element(at: .nan) == nil)
      #expect(place.listBuffer.element(at: .infinity) == nil)
      #expect(place.uniqueListBuffer != nil)
      let second = place.pointee
      #expect(place.uniqueListBuffer == nil)
      withExtendedLifetime(second) {}
    }
    var record = Value.fields([("a", .number(1)), ("b", .number(2))])
    let site = MemberSite(StringValue("b"))
    let object = UnsafeRawPointer(Unmanaged.passUnretained(site).toOpaque()).assumingMemoryBound(
      to: MemberSiteObject.self)
    withUnsafeMutablePointer(to: &record) { place in
      #expect(place.field(object) == nil)
      guard case .record(let value) = place.pointee else { return }
      #expect(value.shape.find(site) == 1)
      #expect(place.field(object)?.number == 2)
      value.set("c", .none)
      #expect(place.field(object) == nil)
    }
    #expect(place(of: record) { $0.isUnique })
    for count in [3, 40] {
      let names = (0..<count).map { StringValue("name \($0)") }
      let value = RecordValue()
      for (position, name) in names.enumerated() { value.set(name, .number(Double(position))) }
      var record = Value.record(value)
      withUnsafeMutablePointer(to: &record) { place in
        for (position, name) in names.enumerated() {
          var key = Value.string(name)
          withUnsafeMutablePointer(to: &key) { #expect(place.field(named: $0)?.number == Double(position)) }
        }
        var other = Value.text("name 1")
        withUnsafeMutablePointer(to: &other) { #expect(place.field(named: $0) == nil) }
      }
    }
    let member = MemberSite(StringValue("v"))
    let path = PathSite(base: .local(0), steps: [.index, .member(member)], operation: .multiply, live: 0)
    let pathObject = UnsafeRawPointer(Unmanaged.passUnretained(path).toOpaque()).assumingMemoryBound(
      to: PathSiteObject.self)
    let kept = pathObject.pointee.fieldOfElement.map { Int(bitPattern: $0) }
    #expect(kept == Int(bitPattern: Unmanaged.passUnretained(member).toOpaque()))
    #expect(BinaryOperator(operand: pathObject.pointee.operation) == .multiply)
    var box = Value.object(Box(.number(7)))
    #expect(withUnsafeMutablePointer(to: &box) { $0.boxed.number } == 7)
    let host = TestHost()
    try host.run("let k = 3\nfn f() {\n let a = 5\n () -> a + k }\nlet g = f()")
    var closure = try #require(host.machine.value(of: "g", in: host.scope))
    withUnsafeMutablePointer(to: &closure) { place in
      #expect(place.functionObject.pointee.entry?.pointee.plainCount == 0)
      #expect(place.functionObject.pointee.captures?.number == 5)
    }
  }

  @Test func largeListsGrowWhereTheyAre() {
    var items = ContiguousArray<Value>()
    let text = Value.text("kept")
    var shared = ContiguousArray<Value>()
    for position in 0..<400_000 {
      LargeLists.append(position % 1000 == 0 ? text : .number(Double(position)), to: &items)
      // A second reference to the buffer, which must not move away from under it.
      if position == 300_000 { shared = items }
    }
    #expect(items.count == 400_000)
    #expect(items.capacity >= 400_000)
    #expect(shared.count == 300_001)
    for array in [items, shared] {
      for position in stride(from: 0, to: array.count, by: 777) {
        if position % 1000 == 0 {
          if case .string(let value) = array[position] { #expect(value.text == "kept") } else { Issue.record() }
        } else {
          #expect(array[position].asNumber == Double(position))
        }
      }
    }
  }

  private func place(of value: Value, _ test: (ValuePointer) -> Bool) -> Bool {
    // The parameter is a second reference.
    var value = value
    return !withUnsafeMutablePointer(to: &value, test)
  }

  @Test func countsAreWhereTheRuntimeKeepsThem() {
    final class Watched: ObjectValue {
      nonisolated(unsafe) static var ended = 0
      deinit { Watched.ended += 1 }
    }
    let ended = Watched.ended
    let object = Unmanaged.passRetained(Watched())
    let address = UnsafeRawPointer(object.toOpaque())
    #expect(ReferenceCount.isOne(address))
    ReferenceCount.increase(address)
    #expect(!ReferenceCount.isOne(address))
    _ = object.retain()
    ReferenceCount.decrease(address)
    object.release()
    #expect(ReferenceCount.isOne(address))
    #expect(Watched.ended == ended)
    ReferenceCount.decrease(address)
    #expect(Watched.ended == ended + 1)
  }

  @Test func countsThatAreKeptElsewhereAreTheRuntimesToChange() {
    final class Target: ObjectValue {}
    var strong: Target? = Target()
    weak let weakly = strong
    #expect(weakly != nil)
    let address = UnsafeRawPointer(Unmanaged.passUnretained(strong.unsafelyUnwrapped).toOpaque())
    ReferenceCount.increase(address)
    #expect(!ReferenceCount.isOne(address))
    strong = nil
    #expect(weakly != nil)
    #expect(ReferenceCount.isOne(address))
    ReferenceCount.decrease(address)
    #expect(weakly == nil)
  }

  @Test func elementsAreHandedOverOnceOnly() {
    var items: ContiguousArray<Value> = [.number(1), .text("x")]
    let shared = items
    #expect(!items.handOver { _, _ in })
    #expect(items.count == 2)
    withExtendedLifetime(shared) {}
    var own: ContiguousArray<Value> = []
    for index in 0..<3 { own.append(.text("\(index)")) }
    var found: [String] = []
    let isDone = own.handOver { elements, count in
      for position in 0..<count {
        found.append((elements + position).move().text(.printed))
      }
    }
    #expect(isDone)
    #expect(found == ["0", "1", "2"])
    #expect(own.isEmpty)
  }
}
