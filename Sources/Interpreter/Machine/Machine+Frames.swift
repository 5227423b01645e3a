import Diagnostics

// What the machine's loop asks about the frame that runs.

extension Machine {
  var code: Code { frames[frameCount - 1].code }

  var captures: ValuePointer { frames[frameCount - 1].captures }

  /// The function that runs, as a value.
  var ownFunction: Value {
    frames[frameCount - 1].function.map { .function(Unmanaged<Closure>.fromOpaque($0).takeUnretainedValue()) } ?? .none
  }

  func site<Site: AnyObject>(_ i: Instruction, _ type: Site.Type) -> Site {
    Unmanaged<Site>.fromOpaque(frames[frameCount - 1].entry.pointee.sites[Int(i.d)]).takeUnretainedValue()
  }

  /// Throws where a variable has no value yet.
  func checkGiven(_ value: Value, slot: Int? = nil) throws {
    guard value.isMissing else { return }
    throw RuntimeError.usedBefore(slot.map { global(at: $0).name } ?? "the function")
  }

  func lookUp(_ site: NameSite) throws -> Value {
    let scope = sourceScope
    if let scope, let variable = scope[site.name] {
      let value = globals[variable.slot]
      try checkGiven(value, slot: variable.slot)
      return value
    }
    throw RuntimeError.unknownName(site.name, visible: site.visible + (scope?.names ?? []) + prelude.names)
  }

  func assignUnknown(_ site: NameSite) -> RuntimeError {
    .assignUnknown(site.name, visible: site.visible + (sourceScope?.names ?? []))
  }

  /// The top-level names of the source whose code runs.
  var sourceScope: GlobalScope? { code.scope }

  func makeClosure(_ site: FunctionSite, _ registers: ValuePointer) -> Value {
    let closure = Closure(site.code)
    guard let place = closure.captures else { return .function(closure) }
    let code = site.code
    for index in 0..<code.captures.count {
      switch code.captures[index] {
      case .local(let register): (place + index).initialize(to: registers[register])
      case .capture(let position): (place + index).initialize(to: captures[position])
      case .own: (place + index).initialize(to: ownFunction)
      }
    }
    return .function(closure)
  }

  func interrupted() throws {
    switch interruption.reason {
    case .none: break
    case .interrupted: throw RuntimeError(.interrupt, "interrupted")
    case .timeLimit: throw RuntimeError(.interrupt, "the time limit is over")
    }
  }

  func load(_ site: ImportSite) throws -> ModuleValue {
    guard nativeDepth < LanguageLimits.maximumNativeDepth else { throw RuntimeError.tooDeepNative }
    return try modules.load(site.target, from: code.source, self)
  }
}
