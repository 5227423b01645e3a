import Diagnostics

// What the machine's loop asks about the frame that runs.

extension Machine {
  var code: Code { frames[frameCount - 1].code.takeUnretainedValue() }

  @inline(__always) var captures: ValuePointer {
    frames[frameCount - 1].closure.unsafelyUnwrapped._withUnsafeGuaranteedRef { $0.captures }
  }

  /// The function that runs, as a value.
  var ownFunction: Value {
    frames[frameCount - 1].closure.map { .function($0.takeUnretainedValue()) } ?? .none
  }

  func site<Site: AnyObject>(_ i: Instruction, _ type: Site.Type) -> Site {
    unsafeDowncast(code.sitePointer[Int(i.d)].takeUnretainedValue(), to: type)
  }

  @inline(__always) func siteReference<Site: AnyObject>(_ i: Instruction, _ type: Site.Type) -> Unmanaged<Site> {
    let site = frames[frameCount - 1].code._withUnsafeGuaranteedRef { $0.sitePointer[Int(i.d)] }
    return .fromOpaque(site.toOpaque())
  }

  @inline(__always) func box(_ place: ValuePointer) -> Unmanaged<Box> {
    .fromOpaque(place.address.unsafelyUnwrapped)
  }

  func contents(of place: ValuePointer) throws -> Value {
    let value = box(place)._withUnsafeGuaranteedRef { $0.value }
    try checkGiven(value)
    return value
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
    for (index, capture) in site.code.captures.enumerated() {
      switch capture {
      case .local(let register): (closure.captures + index).initialize(to: registers[register])
      case .capture(let position): (closure.captures + index).initialize(to: captures[position])
      case .own: (closure.captures + index).initialize(to: ownFunction)
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
