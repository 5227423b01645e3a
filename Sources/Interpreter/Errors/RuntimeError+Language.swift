import Diagnostics
import Syntax

// The wording of the language's own errors, in one place.

extension RuntimeError {
  // MARK: Names

  static func unknownName(_ name: String, visible: some Sequence<String>) -> RuntimeError {
    RuntimeError(.name, "`\(name)` is not defined", hint: Suggestion.hint(forUnknown: name, among: visible))
  }

  static func assignUnknown(_ name: String, visible: some Sequence<String>) -> RuntimeError {
    let meant = Suggestion.nearest(to: name, among: visible)
    return RuntimeError(
      .name, "`\(name)` is not defined",
      hint: meant.map { "did you mean `\($0)`?" } ?? "write `let \(name) = …` or `var \(name) = …`")
  }

  static func usedBefore(_ name: String) -> RuntimeError {
    RuntimeError(.name, "`\(name)` has no value yet: its definition stands further down")
  }

  static func cannotAssign(_ name: String, _ noun: String) -> RuntimeError {
    let hint: String =
      switch noun {
      case "let": "a `let` binds for good; write `var \(name) = …` where it is made"
      case "parameter": "write `var \(name) = \(name)` first, for a variable of that name"
      case "loop variable": "write `var \(name) = \(name)` in the loop, for a variable of that name"
      default: "write `var \(name) = …` for a variable of that name"
      }
    let what = noun == "let" ? "`\(name)` is a `let`" : "`\(name)` is a \(noun)"
    return RuntimeError(.name, "\(what) and cannot be assigned", hint: hint)
  }

  static func unknownMember(_ name: String, of value: Value, among names: [String]) -> RuntimeError {
    let meant = Suggestion.nearest(to: name, among: names)
    let what: String
    if case .record = value {
      what = "the record has no field `\(name)`"
    } else {
      what = "\(value.kindText) has no member `\(name)`"
    }
    var hint = meant.map { "did you mean `\($0)`?" } ?? Suggestion.foreignMembers[name]
    if hint == nil, !names.isEmpty, names.count <= 12 {
      hint = "it has " + names.map { "`\($0)`" }.joined(separator: ", ")
    }
    return RuntimeError(.name, what, hint: hint)
  }

  // MARK: Types

  static func operands(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> RuntimeError {
    var hint: String?
    switch (operation, left, right) {
    case (.add, .string, .number), (.add, .number, .string):
      hint = "`str(x)` makes a string of a number, or write \"…{x}\""
    case (.add, .string, _), (.add, _, .string): hint = "`str(x)` makes a string of any value"
    case (.add, .list, _): hint = "`xs + (x,)` adds one element to a list"
    case (.multiply, .list, _), (.multiply, _, .list), (.subtract, .list, _), (.divide, .list, _):
      hint = "lists hold any values; arithmetic is for tensors: `tensor(xs)`"
    case (.modulo, .string, _): hint = "write the value into the string: \"…{x}\", or \"…{x:.3f}\" with a format"
    case (.power, _, _), (.matrixMultiply, _, _): hint = nil
    default: hint = nil
    }
    let verb = operation == .compose ? "compose" : "be used on"
    return RuntimeError(
      .type, "`\(operation.rawValue)` cannot \(verb) \(left.kindText) and \(right.kindText)", hint: hint)
  }

  static func unordered(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> RuntimeError {
    RuntimeError(
      .type, "`\(operation.rawValue)` cannot order \(left.kindText) and \(right.kindText)",
      hint: "numbers and strings have an order")
  }

  static func unary(_ operation: String, _ value: Value) -> RuntimeError {
    RuntimeError(.type, "`\(operation)` cannot be used on \(value.kindText)")
  }

  static func condition(_ value: Value) -> RuntimeError {
    if case .tensor(let tensor) = value {
      if tensor.isAbstract {
        return RuntimeError(
          .type, "a condition cannot depend on a symbolic tensor", hint: "`where(c, a, b)` chooses by element")
      }
      if tensor.rank > 0 || tensor.dtype == .bool {
        return RuntimeError(
          .type, "a condition must be one bool, and this is \(value.kindText)",
          hint: "`all(…)` or `any(…)` makes one bool of a tensor")
      }
    }
    let hint: String? =
      switch value {
      case .number, .tensor: "compare it: `x != 0`"
      case .string, .list, .record: "`len(x) > 0` tells whether it has elements"
      case .none: "compare it: `x != none`"
      default: nil
      }
    return RuntimeError(.type, "a condition must be a bool, and this is \(value.kindText)", hint: hint)
  }

  static func logicOperand(_ operation: String, _ value: Value) -> RuntimeError {
    RuntimeError(.type, "`\(operation)` is for bools, and this is \(value.kindText)", hint: condition(value).hint)
  }

  static func notCallable(_ value: Value) -> RuntimeError {
    var hint: String?
    if case .number = value { hint = "a product is written with `*`" }
    if case .list = value { hint = "elements are written `xs[0]`" }
    if case .tensor = value { hint = "elements are written `x[0]`" }
    return RuntimeError(.type, "\(value.kindText) cannot be called", hint: hint)
  }

  static func notIterable(_ value: Value) -> RuntimeError {
    var hint: String?
    if case .number = value { hint = "`range(n)` gives the numbers below n" }
    return RuntimeError(
      .type, "`for` walks lists, ranges, strings, tensors, records and tables, and this is \(value.kindText)",
      hint: hint)
  }

  static func unpack(_ count: Int, from value: Value, has: Int) -> RuntimeError {
    RuntimeError(
      .value,
      "the pattern has \(Wording.counted(count, "name")), and \(value.kindText) of \(Wording.counted(has, "element")) came"
    )
  }

  static func cannotUnpack(_ value: Value) -> RuntimeError {
    RuntimeError(.type, "\(value.kindText) cannot be unpacked", hint: "lists, tensors and ranges can")
  }

  // MARK: Indices

  static func outside(_ index: Int, count: Int, _ noun: String) -> RuntimeError {
    let hint = count == 0 ? "it is empty" : "positions go from 0 to \(count - 1), or from -\(count) to -1"
    return RuntimeError(.index, "index \(index) is outside \(noun) of size \(count)", hint: hint)
  }

  static func notIndexable(_ value: Value) -> RuntimeError {
    RuntimeError(.type, "\(value.kindText) cannot be indexed")
  }

  static func badIndex(_ index: Value, into noun: String) -> RuntimeError {
    if let number = index.asNumber, number != number.rounded() {
      return RuntimeError(.type, "an index into \(noun) is a whole number, and this is \(NumberText.short(number))")
    }
    return RuntimeError(.type, "an index into \(noun) is a whole number, and this is \(index.kindText)")
  }

  static func unknownField(_ name: String, among names: [String]) -> RuntimeError {
    let meant = Suggestion.nearest(to: name, among: names)
    return RuntimeError(
      .index, "the record has no field \"\(name)\"", hint: meant.map { "did you mean \"\($0)\"?" })
  }

  static func cannotAssignInside(_ value: Value) -> RuntimeError {
    RuntimeError(.type, "\(value.kindText) cannot be changed at a place inside")
  }

  // MARK: Limits

  static let tooDeep = RuntimeError(
    .value, "too deep recursion: more than \(LanguageLimits.maximumCallDepth) calls inside each other",
    hint: "does every path of the function end?")
  static let tooDeepNative = RuntimeError(
    .value,
    "too deep recursion: more than \(LanguageLimits.maximumNativeDepth) calls through built-ins inside each other",
    hint: "does every path of the function end?")

  static func stringTooLong(_ bytes: Int) -> RuntimeError {
    RuntimeError(.value, "a string of \(bytes) bytes is too long: at most \(LanguageLimits.maximumStringLength) fit")
  }

  static func listTooLong(_ count: Int) -> RuntimeError {
    RuntimeError(.value, "a list of \(count) elements is too long: at most \(LanguageLimits.maximumListLength) fit")
  }
}
