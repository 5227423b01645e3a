import Diagnostics
import Interpreter

/// Records: fields by name, in order.
func registerRecords(_ catalogue: inout Catalogue) {
  catalogue.add(
    "keys", "(r)", .records, "The names of a record's fields, as a list.",
    example: #"keys({lr: 0.1, epochs: 20})  # ("lr", "epochs")"#
  ) { a, _ in .items(try a.record(0).names.map { .text($0) }) }

  catalogue.add(
    "values", "(r)", .records, "The values of a record's fields, as a list.", example: "values({a: 1, b: 2})  # (1, 2)"
  ) { a, _ in .list(ListValue(try a.record(0).values)) }

  catalogue.add(
    "items", "(r)", .records, "A record's fields as a list of pairs (name, value).",
    example: #"items({a: 1, b: 2})  # (("a", 1), ("b", 2))"#
  ) { a, _ in
    let record = try a.record(0)
    return .items(zip(record.names, record.values).map { .items([.text($0), $1]) })
  }

  catalogue.add(
    "merge", "(r, ...others)", .records, "One record with the fields of all; a later one wins.",
    example: "merge({a: 1, b: 2}, {b: 3})  # {a: 1, b: 3}"
  ) { a, _ in
    let merged = RecordValue(copying: try a.record(0))
    for (position, other) in try a.items(1).enumerated() {
      guard case .record(let record) = other else {
        throw RuntimeError(.type, "`merge` wants records, and argument \(position + 2) is \(other.kindText)")
      }
      for (name, value) in zip(record.names, record.values) { merged.set(name, value) }
    }
    return .record(merged)
  }

  catalogue.add(
    "without", "(r, ...names)", .records, "The record without these fields; they must be there.",
    example: #"without({a: 1, b: 2}, "a")  # {b: 2}"#
  ) { a, _ in try recordWithout(&a) }

  catalogue.add(
    "has", "(r, name)", .records, "True where the record has a field of this name.",
    example: #"has({a: 1}, "a")  # true"#
  ) { a, _ in .bool(try a.record(0).position(of: a.string(1)) != nil) }
}

/// `without(r, "a", "b")`, `without(r, ("a", "b"))` and `remove(r, "a")`.
func recordWithout(_ a: inout BoundArguments) throws -> Value {
  let record = RecordValue(copying: try a.record(0))
  let name = a.signature.function
  var names: [Value] = []
  switch a[1] {
  case .list(let list):
    for item in list.items { if case .list(let inner) = item { names += inner.items } else { names.append(item) } }
  default: names = [a[1]]
  }
  for item in names {
    guard case .string(let field) = item else {
      throw RuntimeError(.type, "`\(name)` wants names of fields, and got \(item.kindText)")
    }
    guard record.position(of: field.text) != nil else {
      throw RuntimeError(
        .name, "the record has no field `\(field.text)`",
        hint: Suggestion.nearest(to: field.text, among: record.names).map { "did you mean `\($0)`?" })
    }
    record.remove(field.text)
  }
  return .record(record)
}
