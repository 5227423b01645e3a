import Diagnostics
import Syntax
import Tensors

// Changing values in place. A list, record or string that nothing else holds is changed where it is; otherwise it is
// copied first, so that nobody sees another's change.

extension Machine {
  // MARK: Uniqueness

  /// Makes sure that a list or record is held by nothing else.
  /// - Parameter dead: registers of the running frame from here on hold nothing that is still needed, but may still
  ///   refer to the value.
  @inline(__always)
  func makeUnique(_ place: ValuePointer, deadFrom dead: ValuePointer) {
    if !place.isUnique { separate(place, deadFrom: dead) }
  }

  @inline(never)
  private func separate(_ place: ValuePointer, deadFrom dead: ValuePointer) {
    clearDead(from: dead)
    if place.isUnique { return }
    copies += 1
    switch place.pointee {
    case .list(let list): place.pointee = .list(ListValue(list.items))
    case .record(let record): place.pointee = .record(RecordValue(copying: record))
    default: break
    }
  }

  /// Lets go of what dead registers of the running frame still refer to.
  private func clearDead(from dead: ValuePointer) {
    var register = dead
    while register < top {
      register.clear()
      register += 1
    }
  }

  // MARK: op=

  /// `place op= value`.
  func update(_ place: ValuePointer, _ operation: BinaryOperator, _ value: Value, deadFrom dead: ValuePointer) throws {
    if place.isNumber, case .number(let number) = value, operation != .matrixMultiply {
      place.set(NumberOperators.apply(operation, place.number, number))
      return
    }
    if operation == .add {
      switch (place.tag, value) {
      case (ValueTag.string, .string(let more)):
        if !place.isUnique { clearDead(from: dead) }
        if place.isUnique {
          let string = place.reference(as: StringValue.self).takeUnretainedValue()
          let bytes = string.text.utf8.count + more.text.utf8.count
          guard bytes <= LanguageLimits.maximumStringLength else { throw RuntimeError.stringTooLong(bytes) }
          string.append(more)
          return
        }
        copies += 1
      case (ValueTag.list, .list(let more)):
        let list = place.reference(as: ListValue.self)
        let count = list._withUnsafeGuaranteedRef { $0.items.count } + more.items.count
        guard count <= LanguageLimits.maximumListLength else { throw RuntimeError.listTooLong(count) }
        makeUnique(place, deadFrom: dead)
        place.reference(as: ListValue.self)._withUnsafeGuaranteedRef { $0.items.append(contentsOf: more.items) }
        return
      default: break
      }
    }
    place.pointee = try binary(operation, place.pointee, value)
  }

  /// `place += (a, b)`: the elements are added where the list stands.
  func appendItems(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, PathSite.self)
    let first = registers + Int(i.b)
    let count = Int(i.c)
    let place = try basePlace(site, registers)
    let dead = registers + site.live
    guard place.tag == ValueTag.list else {
      let items = Value.list(ListValue(ContiguousArray(UnsafeBufferPointer(start: first, count: count))))
      return try update(place, .add, items, deadFrom: dead)
    }
    makeUnique(place, deadFrom: dead)
    let list = place.reference(as: ListValue.self)
    try list._withUnsafeGuaranteedRef { list in
      guard list.items.count + count <= LanguageLimits.maximumListLength else {
        throw RuntimeError.listTooLong(list.items.count + count)
      }
      for index in 0..<count {
        list.items.append((first + index).move())
        (first + index).forget()
      }
    }
  }

  // MARK: Simple places

  func setIndex(_ i: Instruction, _ registers: ValuePointer) throws {
    try change(
      registers + Int(i.a), .indexSteps, 0, registers + Int(i.b), .set(registers + Int(i.c)),
      deadFrom: registers + Int(i.d))
  }

  func updateIndex(_ i: Instruction, _ registers: ValuePointer) throws {
    let value = registers + Int(i.c)
    let record = registers + Int(i.a)
    let key = registers + Int(i.b)
    if record.tag == ValueTag.record, key.tag == ValueTag.string, value.isNumber, record.isUnique {
      // A number in a record that nothing else holds, by its name: counting.
      let found = record.reference(as: RecordValue.self)._withUnsafeGuaranteedRef { record in
        key.reference(as: StringValue.self)._withUnsafeGuaranteedRef { record.uniqueField($0) }
      }
      if let found, found.isNumber {
        found.set(NumberOperators.apply(BinaryOperator(operand: i.d), found.number, value.number))
        return
      }
    }
    try change(
      registers + Int(i.a), .indexSteps, 0, registers + Int(i.b),
      .update(BinaryOperator(operand: i.d & 0xff), value), deadFrom: registers + Int(i.d >> 8))
  }

  func setMember(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, MemberSite.self)
    let value = registers + Int(i.b)
    try change(registers + Int(i.a), [.member(site)], 0, value, .set(value), deadFrom: registers + site.live)
  }

  func updateMember(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, MemberSite.self)
    let value = registers + Int(i.b)
    try change(
      registers + Int(i.a), [.member(site)], 0, value, .update(BinaryOperator(operand: i.c), value),
      deadFrom: registers + site.live)
  }

  // MARK: Paths

  func changePath(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, PathSite.self)
    let value = registers + Int(i.c)
    try change(
      basePlace(site, registers), site.steps, 0, registers + Int(i.b),
      site.operation.map { .update($0, value) } ?? .set(value), deadFrom: registers + site.live)
  }

  /// Where the variable of a path is.
  func basePlace(_ site: PathSite, _ registers: ValuePointer) throws -> ValuePointer {
    let place: ValuePointer
    switch site.base {
    case .local(let register): return registers + register
    case .box(let register): place = (registers + register).boxed
    case .capture(let position): place = (captures + position).boxed
    case .global(let slot):
      place = globals + slot
      try checkGiven(place.pointee, slot: slot)
    case .fixed(let register, let name, let noun):
      place = registers + register
      if place.tag != ValueTag.object { throw RuntimeError.cannotAssign(name, noun) }
    }
    return place
  }

  /// What is to be done at the end of a path.
  enum Change {
    case set(ValuePointer)
    case update(BinaryOperator, ValuePointer)
    case mutate(MutationSite, CallArguments)

    var isSetting: Bool {
      if case .set = self { return true }
      return false
    }
  }

  /// Follows the steps from `index` on and makes the change there. Evaluated indices are in registers from `key` on.
  /// - Returns: false where the change was made in a thing with identity, so that nothing needs to be put back.
  @discardableResult
  func change(
    _ start: ValuePointer, _ steps: [PathSite.Step], _ from: Int, _ firstKey: ValuePointer, _ change: Change,
    deadFrom dead: ValuePointer
  ) throws -> Bool {
    var place = start
    var key = firstKey
    var index = from
    while index < steps.count {
      let isLast = index == steps.count - 1
      switch steps[index] {
      case .index:
        if place.tag == ValueTag.list {
          makeUnique(place, deadFrom: dead)
          let list = place.reference(as: ListValue.self)
          if key.isNumber, let element = place.uniqueListBuffer?.element(at: key.number) {
            place = element
          } else {
            place = try list._withUnsafeGuaranteedRef { list in
              let position = try Positions.checked(key.pointee, count: list.items.count, "a list")
              return list.items.withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped + position }
            }
          }
          key += 1
        } else if place.tag == ValueTag.record {
          guard case .string(let name) = key.pointee else {
            throw RuntimeError(.type, "a field of a record is named by a string, and this is \(key.pointee.kindText)")
          }
          makeUnique(place, deadFrom: dead)
          let record = place.reference(as: RecordValue.self)
          place = try record._withUnsafeGuaranteedRef { record in
            if let position = record.position(of: name) { return record.place(at: position) }
            // A new field, where the whole path is one assignment.
            guard isLast, change.isSetting else { throw RuntimeError.unknownField(name.text, among: record.names) }
            record.set(name, .none)
            return record.place(at: record.count - 1)
          }
          key += 1
        } else {
          return try changePart(place, [.value(key.pointee)], steps, index + 1, key + 1, change, deadFrom: dead)
        }
      case .parts(let site):
        let parts = try indexValues(site, key)
        return try changePart(place, parts, steps, index + 1, key + site.registerCount, change, deadFrom: dead)
      case .member(let site):
        if place.tag == ValueTag.record {
          let siteObject = UnsafeRawPointer(Unmanaged.passUnretained(site).toOpaque())
          if let field = place.uniqueField(siteObject.assumingMemoryBound(to: MemberSiteObject.self)) {
            place = field
            break
          }
          makeUnique(place, deadFrom: dead)
          let record = place.reference(as: RecordValue.self)
          guard let field = record._withUnsafeGuaranteedRef({ $0.uniqueField(site) }) else {
            throw RuntimeError.unknownMember(site.key.text, of: place.pointee, among: memberNames(of: place.pointee))
          }
          place = field
        } else {
          return try changeMember(place, site, steps, index + 1, key, change, deadFrom: dead)
        }
      }
      index += 1
    }
    switch change {
    case .set(let value): place.copy(value)
    case .update(let operation, let value): try update(place, operation, value.pointee, deadFrom: dead)
    case .mutate(let site, let arguments): try mutate(place, site, arguments, deadFrom: dead)
    }
    return true
  }

  /// A part of a tensor, or of an object with value semantics: changed and put back.
  private func changePart(
    _ place: ValuePointer, _ parts: [IndexValue], _ steps: [PathSite.Step], _ next: Int, _ key: ValuePointer,
    _ change: Change, deadFrom dead: ValuePointer
  ) throws -> Bool {
    var part: Value
    var mustPutBack = true
    if next == steps.count, case .set(let value) = change {
      part = value.pointee
    } else {
      part = try self.part(of: place.pointee, parts)
      mustPutBack = try withUnsafeMutablePointer(to: &part) {
        try self.change($0, steps, next, key, change, deadFrom: dead)
      }
    }
    guard mustPutBack else { return false }
    switch place.pointee {
    case .tensor: try setPart(place, parts, to: part, deadFrom: dead)
    case .object(let object):
      guard let changed = try object.settingIndex(parts, to: part, self) else {
        throw RuntimeError.cannotAssignInside(place.pointee)
      }
      place.pointee = changed
    case .list, .record:
      throw RuntimeError(
        .type, "a part of \(place.pointee.kindText) cannot be assigned as a whole",
        hint: "assign one element after another")
    default: throw RuntimeError.cannotAssignInside(place.pointee)
    }
    return true
  }

  private func setPart(_ place: ValuePointer, _ parts: [IndexValue], to value: Value, deadFrom dead: ValuePointer)
    throws
  {
    let new: Tensor
    switch value {
    case .tensor(let tensor): new = tensor
    case .number(let number): new = try .number(number)
    case .bool(let bool): new = try .single(bool)
    case .list: new = try TensorLiteral.tensor(from: value)
    default: throw RuntimeError(.type, "a tensor holds numbers and bools, and this is \(value.kindText)")
    }
    let indices = try TensorIndices.from(parts)
    if !place.isUnique { clearDead(from: dead) }
    guard case .tensor(var tensor) = place.pointee else { return }
    // Taken out of its place, so that it can be changed where it is; put back whatever happens.
    place.clear()
    defer { place.pointee = .tensor(tensor) }
    if !isKnownUniquelyReferenced(&tensor) { copies += 1 }
    try Tensor.assign(&tensor, indices, new)
  }

  /// A member of a thing with identity.
  private func changeMember(
    _ place: ValuePointer, _ site: MemberSite, _ steps: [PathSite.Step], _ next: Int, _ key: ValuePointer,
    _ change: Change, deadFrom dead: ValuePointer
  ) throws -> Bool {
    guard case .object(let object) = place.pointee else {
      if try ownMember(site, of: place.pointee) != nil {
        throw RuntimeError(.type, "`\(site.key.text)` of \(place.pointee.kindText) cannot be assigned")
      }
      throw RuntimeError.unknownMember(site.key.text, of: place.pointee, among: memberNames(of: place.pointee))
    }
    var member: Value
    if next == steps.count, case .set(let value) = change {
      member = value.pointee
    } else {
      guard let found = try object.member(site.key.text, self) else {
        throw RuntimeError.unknownMember(site.key.text, of: place.pointee, among: object.memberNames)
      }
      member = found
      let mustPutBack = try withUnsafeMutablePointer(to: &member) {
        try self.change($0, steps, next, key, change, deadFrom: dead)
      }
      guard mustPutBack else { return false }
    }
    guard try object.setMember(site.key.text, member, self) else {
      if try object.member(site.key.text, self) == nil {
        throw RuntimeError.unknownMember(site.key.text, of: place.pointee, among: object.memberNames)
      }
      throw RuntimeError(.type, "`\(site.key.text)` of \(place.pointee.kindText) cannot be assigned")
    }
    return false
  }
}

extension [PathSite.Step] {
  /// One position.
  nonisolated(unsafe) fileprivate static let indexSteps: [PathSite.Step] = [.index]
}

extension RecordValue {
  /// Where a field is, for changing it, by its name.
  @inline(__always) fileprivate func uniqueField(_ key: StringValue) -> ValuePointer? {
    let position = shape.find(key)
    return position < 0 ? nil : place(at: position)
  }

  /// Where a field is, for changing it.
  fileprivate func place(at position: Int) -> ValuePointer {
    values.withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped + position }
  }
}

extension PartsSite {
  /// How many registers the parts' values take.
  fileprivate var registerCount: Int {
    parts.reduce(0) { count, part in
      switch part {
      case .position: count + 1
      case .slice(let hasStart, let hasStop, let hasStep): count + [hasStart, hasStop, hasStep].count { $0 }
      case .ellipsis, .newAxis: count
      }
    }
  }
}
