/// A function of the language with the variables that it captured.
public final class Closure: FunctionValue {
  let code: Code

  init(_ code: Code) {
    self.code = code
    super.init(code: code, captures: .allocate(capacity: max(1, code.captures.count)))
  }

  deinit {
    guard let captures else { return }
    for index in 0..<code.captures.count { DeferredRelease.release(captures + index) }
    captures.deallocate()
  }

  public override var name: String? { code.name }
  public override var signature: Signature? { code.signature }
  /// The `##` lines above the definition.
  public override var documentation: String? { code.documentation }

  public override func mentionsParameters(at positions: [Int]) -> Bool? { code.reads(registers: positions) }
}

/// A variable that several functions share.
final class Box: ObjectValue {
  var value: Value

  /// Where the value is.
  var place: ValuePointer { withUnsafeMutablePointer(to: &value) { $0 } }

  init(_ value: Value) {
    self.value = value
    super.init()
  }

  deinit { DeferredRelease.release(place) }

  override var typeName: String { "variable" }
}

/// `f >> g`: first `f`, then `g`.
final class Composition: FunctionValue {
  private var parts: ContiguousArray<Value>

  init(_ first: Value, _ second: Value) {
    parts = [first, second]
    super.init()
  }

  deinit { DeferredRelease.release(&parts) }

  /// The functions in the order in which they run, those of compositions inside included.
  var functions: ContiguousArray<Value> {
    var found = ContiguousArray<Value>()
    var pending = ContiguousArray(parts.reversed())
    while let part = pending.popLast() {
      if case .function(let function) = part, let inner = function as? Composition {
        pending.append(contentsOf: inner.parts.reversed())
      } else {
        found.append(part)
      }
    }
    return found
  }

  override var displayText: String {
    let shown = 8
    let functions = self.functions
    var names = functions.prefix(shown).map { part in
      if case .function(let function) = part { return function.name ?? "fn" }
      return part.typeName
    }
    if functions.count > shown { names.append("…") }
    return "<fn \(names.joined(separator: " >> "))>"
  }
}
