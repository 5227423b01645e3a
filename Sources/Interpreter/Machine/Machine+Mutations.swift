import Diagnostics

extension Machine {
  /// `xs.push(4)` as a statement.
  func mutate(_ i: Instruction, _ registers: ValuePointer) throws {
    let site = site(i, MutationSite.self)
    if site.isPlainPush {
      let place = try basePlace(site.path, registers)
      if place.tag == ValueTag.list, place.listBuffer.pointee.count < LanguageLimits.maximumListLength {
        makeUnique(place, deadFrom: registers + site.path.live)
        let item = registers + Int(i.a)
        place.reference(as: ListValue.self).takeUnretainedValue().items.append(item.pointee)
        item.clear()
        return
      }
    }
    let arguments = try takeArguments(registers + Int(i.a), Int(i.c), site.call)
    try change(
      basePlace(site.path, registers), site.path.steps, 0, registers + Int(i.b),
      .mutate(site, arguments), deadFrom: registers + site.path.live)
  }

  func mutate(
    _ place: ValuePointer, _ site: MutationSite, _ arguments: CallArguments,
    deadFrom dead: ValuePointer
  ) throws {
    if let member = try memberToCall(site.method, of: place) {
      _ = try call(member, arguments)
      return
    }
    if place.tag == ValueTag.list, arguments.named.isEmpty {
      let list = place.reference(as: ListValue.self)
      let count = list._withUnsafeGuaranteedRef { $0.items.count }
      switch (site.method.key.text, arguments.positional.count) {
      case ("push", 1) where count < LanguageLimits.maximumListLength:
        makeUnique(place, deadFrom: dead)
        place.reference(as: ListValue.self)._withUnsafeGuaranteedRef { $0.items.append(arguments.positional[0]) }
        return
      case ("pop", 0) where count > 0:
        makeUnique(place, deadFrom: dead)
        _ = place.reference(as: ListValue.self)._withUnsafeGuaranteedRef { $0.items.popLast() }
        return
      default: break
      }
    }
    var arguments = arguments
    arguments.positional.insert(place.pointee, at: 0)
    place.pointee = try call(site.function, arguments)
  }
}
