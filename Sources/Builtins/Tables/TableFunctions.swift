import Interpreter
import Tables
import Tensors

/// Making tables, and what is done with them.
func registerTables(_ catalogue: inout Catalogue) {
  catalogue.add(
    "table", "(columns)", .tables,
    """
    A table from a record of columns, or from a list of records, its rows.

    A column is a tensor of rank 1 or a list of numbers, bools or strings; all have one length. `t.loss` is a column (a
    tensor, or a list of texts), `t[0:5]` rows, `t[3]` a row as a record, `t[("a", "b")]` columns, `t.columns` the names,
    `t.rows` the rows as records, `len(t)` their number. Missing numbers are `nan`, missing texts `none`.
    """, example: "table({epoch: [1, 2], loss: [0.5, 0.3]}).loss  # [0.5, 0.3]  # 2"
  ) { a, _ in
    switch a[0] {
    case .object(let object) where object is TableObject: return a[0]
    case .list(let list): return try table(ofRows: list.items)
    default:
      let record = try a.record(0)
      return try makeTable(Array(zip(record.names, record.values)))
    }
  }

  catalogue.add(
    "group", "(t, ...columns)", .tables,
    """
    The rows of a table in groups of equal values in some columns.

    `.mean() .sum() .min() .max() .median() .std() .count()` give a table with a row for each group, `.tables` the groups.
    """, example: "table({x: [1, 1, 2], y: [2, 4, 6]}).group(\"x\").mean().y  # [3, 6]  # 2"
  ) { a, _ in
    let table = try a.table(0)
    let keys = try a.names(1)
    guard !keys.isEmpty else { throw RuntimeError(.type, "`group` wants the column to group by: t.group(\"x\")") }
    return try tabular { .object(GroupingObject(try table.grouped(by: keys))) }
  }

  catalogue.add(
    "with", "(t, name, values)", .tables,
    "The table with a column added, or replaced where the name exists; also for records.",
    example: "table({a: [1, 2]}).with(\"b\", [3, 4]).columns  # (\"a\", \"b\")"
  ) { a, _ in
    let name = try a.string(1)
    if case .record(let record) = a[0] {
      let copy = RecordValue(copying: record)
      copy.set(name, a[2])
      return .record(copy)
    }
    let table = try a.table(0)
    let column = try Column(a[2], name: name)
    return try tabular { .object(TableObject(try table.with(name, column))) }
  }

  catalogue.add(
    "rename", "(t, old, new)", .tables, "The table with a column under another name.",
    example: "table({a: [1]}).rename(\"a\", \"b\").columns  # (\"b\",)"
  ) { a, _ in
    let (table, old, new) = (try a.table(0), try a.string(1), try a.string(2))
    return try tabular { .object(TableObject(try table.renaming(old, to: new))) }
  }

  catalogue.add(
    "describe", "(t)", .tables,
    "A table with count, mean, standard deviation, least, quartiles and largest of each column.",
    example: "type(describe(table({a: [1, 2, 3]})))  # table"
  ) { a, _ in .object(TableObject(try a.table(0).described())) }
}

/// `where(t, row -> …)` for tables; nil for other objects.
func whereObject(_ object: ObjectValue, _ a: inout BoundArguments, _ context: CallContext) throws -> Value? {
  guard let object = object as? TableObject else { return nil }
  let table = object.table
  if case .tensor(let mask) = a[1], mask.dtype == .bool {
    let bools = try mask.bools()
    return try tabular { .object(TableObject(try table.rows(where: bools))) }
  }
  let function = try a.callable(1)
  let kept = try (0..<table.rowCount).filter { position in
    try condition(context.call(function, object.row(position)), of: "where")
  }
  return try tabular { .object(TableObject(try table.rows(at: kept))) }
}

/// `sort(t, "loss")`: `t.sort("loss", descending: true)`, by one column or a list of them, or by a function of the row.
func sortObject(_ object: ObjectValue, _ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  guard let object = object as? TableObject else { throw a.mismatch(0, wanted: "a list, a tensor or a table") }
  let descending = try a.boolean(2)
  switch (a[1], a[3]) {
  case (.string, _), (.list, _):
    let keys = try a.names(1)
    return try tabular { .object(TableObject(try object.table.sorted(by: keys, descending: descending))) }
  case (_, .none):
    throw RuntimeError(.type, "`sort` wants the column to order a table by: t.sort(\"loss\")")
  default:
    let rows = ContiguousArray((0..<object.table.rowCount).map { Value.number(Double($0)) })
    let function = try a.callable(3)
    let order = try sorted(rows, descending: descending) { position in
      try context.call(function, object.row(Int(position.asNumber ?? 0)))
    }
    return try tabular { .object(TableObject(try object.table.rows(at: order.map { Int($0.asNumber ?? 0) }))) }
  }
}

/// `join(t, other, on)`: rows with equal keys side by side.
func joinObject(_ object: ObjectValue, _ a: inout BoundArguments, _ context: CallContext) throws -> Value {
  guard let left = object as? TableObject else { throw a.mismatch(0, wanted: "a list of strings or a table") }
  let right = try a.table(1)
  let shared = left.table.names.filter { right.names.contains($0) }
  let keys = a.isNone(2) ? shared : try a.names(2)
  guard !keys.isEmpty else {
    throw RuntimeError(
      .value, "`join` finds no column that both tables have", hint: "name it: t.join(other, on: \"id\")")
  }
  let kind = Table.JoinKind(rawValue: try a.choice(3, Table.JoinKind.allCases.map(\.rawValue))) ?? .inner
  return try tabular { .object(TableObject(try left.table.joined(with: right, on: keys, kind: kind))) }
}

/// A table from its rows, which all have the same fields.
func table(ofRows rows: ContiguousArray<Value>) throws -> Value {
  var columns: [(String, ContiguousArray<Value>)] = []
  for (position, row) in rows.enumerated() {
    guard case .record(let record) = row else {
      throw RuntimeError(.type, "`table` wants records as rows, and row \(position) is \(row.kindText)")
    }
    if position == 0 { columns = record.names.map { ($0, []) } }
    guard record.count == columns.count else {
      throw RuntimeError(
        .shape,
        "`table` wants the same fields in every row, and row \(position) has \(record.count) instead of \(columns.count)"
      )
    }
    for index in columns.indices {
      guard let value = record[columns[index].0] else {
        throw RuntimeError(.name, "`table`: row \(position) has no field `\(columns[index].0)`")
      }
      columns[index].1.append(value)
    }
  }
  return try makeTable(columns.map { ($0.0, .list(ListValue($0.1))) })
}

extension BoundArguments {
  /// A table, or a record of columns as one.
  func table(_ position: Int) throws -> Table {
    if case .record(let record) = values[position] {
      let made = try makeTable(Array(zip(record.names, record.values)))
      if case .object(let object) = made, let table = object as? TableObject { return table.table }
    }
    return try object(position, TableObject.self, wanted: "a table").table
  }

  /// Names from a rest parameter, a list, or one string.
  func names(_ position: Int) throws -> [String] {
    let items: [Value]
    switch values[position] {
    case .list(let list):
      items = list.items.flatMap { item -> [Value] in
        if case .list(let inner) = item { return Array(inner.items) }
        return [item]
      }
    default: items = [values[position]]
    }
    return try items.map { item in
      guard case .string(let text) = item else {
        throw RuntimeError(.type, "`\(function)` wants names of columns, and got \(item.kindText)")
      }
      return text.text
    }
  }
}

/// Groups of a table's rows.
final class GroupingObject: ObjectValue {
  private let grouping: Grouping
  init(_ grouping: Grouping) { self.grouping = grouping }

  override var typeName: String { "groups" }
  override var count: Int? { grouping.groups.count }
  override var memberNames: [String] { Grouping.Reduction.allCases.map(\.rawValue) + ["count", "tables"] }
  override func text(_ style: DisplayStyle) -> String {
    "<\(Wording.counted(grouping.groups.count, "group")) by \(grouping.keys.joined(separator: ", "))>"
  }

  override func element(at position: Int, _ context: CallContext) throws -> Value? {
    try tabular { .object(TableObject(try grouping.table.rows(at: grouping.groups[position]))) }
  }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    let grouping = grouping
    if let reduction = Grouping.Reduction(rawValue: name) {
      let signature = Signature(function: name, text: "(...columns)")
      return .function(
        HostFunction(name, signature: signature) { arguments, _ in
          let names = try BoundArguments(signature: signature, values: signature.bind(arguments)).names(0)
          return try tabular {
            .object(TableObject(try grouping.reduced(reduction, only: names.isEmpty ? nil : names)))
          }
        })
    }
    switch name {
    case "count":
      return .function(
        HostFunction(name, signature: Signature(function: name, text: "()")) { _, _ in
          try tabular { .object(TableObject(try grouping.counts())) }
        })
    case "tables": return try tabular { .items(try grouping.tables().map { .object(TableObject($0)) }) }
    default: return nil
    }
  }
}
