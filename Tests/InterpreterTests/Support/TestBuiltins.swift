import Tensors

@testable import Interpreter

/// The few built-ins that the tests' programs use.
nonisolated(unsafe) let testBuiltins: [Builtin] = [
  builtin("print", "(...values)") { a, c in
    c.write(try a.list(0).items.map { $0.text(.printed) }.joined(separator: " ") + "\n")
    return .none
  },
  builtin("len", "(x)") { a, _ in
    switch a[0] {
    case .list(let list): .number(Double(list.items.count))
    case .string(let string): .number(Double(string.count))
    case .record(let record): .number(Double(record.count))
    case .range(let range): .number(Double(range.count))
    case .tensor(let tensor): .number(Double(tensor.shape.first ?? 0))
    default: throw a.mismatch(0, wanted: "a list")
    }
  },
  builtin("range", "(start, stop = none, step = 1)") { a, _ in
    let first = try a.number(0)
    let second = try a.optionalNumber(1)
    let step = try a.number(2)
    guard step != 0, first.isFinite else { throw RuntimeError(.value, "`range` wants a step that is not 0") }
    return .range(RangeValue(start: second == nil ? 0 : first, stop: second ?? first, step: step))
  },
  builtin("map", "(xs, f)") { a, c in
    let f = try a.callable(1)
    return .items(try a.items(0).map { try c.call(f, $0) })
  },
  builtin("push", "(xs, item)") { a, _ in
    var items = try a.takeItems(0)
    items.append(a[1])
    return .list(ListValue(items))
  },
  builtin("pop", "(xs)") { a, _ in
    var items = try a.takeItems(0)
    guard items.popLast() != nil else { throw RuntimeError(.index, "`pop` of an empty list") }
    return .list(ListValue(items))
  },
  builtin("here", "(x = none)") { _, c in
    .number(Double(c.callSite.map { $0.source.position(of: $0.span.start).line } ?? 0))
  },
  builtin("error", "(message)") { a, _ in throw RuntimeError(.user, try a.string(0)) },
  builtin("assert", "(condition, message = none)") { _, _ in .none },
  builtin("str", "(x)") { a, _ in .text(try a[0].fullText()) },
  builtin("type", "(x)") { a, _ in .text(a[0].typeName) },
  builtin("zeros", "(...shape)") { a, _ in .tensor(try Tensor.zeros(a.shape(0))) },
  builtin("float64", "(x)") { a, _ in .tensor(try a.tensor(0).cast(to: .float64)) },
  builtin("int32", "(x)") { a, _ in .tensor(try a.tensor(0).cast(to: .int32)) },
  builtin("sum", "(x)") { a, _ in .tensor(try a.tensor(0).sum()) },
  Builtin("sqrt", "(x)", family: "test", documentation: "", example: "", onNumber: { $0.squareRoot() }) { a, _ in
    .tensor(try a.tensor(0).sqrt())
  },
]

private func builtin(
  _ name: String, _ signature: String, body: @escaping (inout BoundArguments, CallContext) throws -> Value
) -> Builtin {
  Builtin(name, signature, family: "test", documentation: "", example: "", body: body)
}
