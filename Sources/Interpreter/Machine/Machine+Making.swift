import Diagnostics
import Syntax
import Tensors

// Values from their parts: lists, tensors, records, strings; and values into their parts.

extension Machine {
  func appendToList(_ a: ValuePointer, _ first: ValuePointer, _ count: Int) throws {
    guard case .list(let list) = a.pointee else { return }
    guard list.items.count + count <= LanguageLimits.maximumListLength else {
      throw RuntimeError.listTooLong(list.items.count + count)
    }
    list.items.append(contentsOf: UnsafeBufferPointer(start: first, count: count))
  }

  func makeTensor(_ site: TensorSite, _ first: ValuePointer, _ count: Int) throws -> Value {
    var items = ContiguousArray(UnsafeBufferPointer(start: first, count: count))
    if site.isList, case .list(let list) = first.pointee { items = list.items }
    for item in items where !TensorLiteral.canHold(item) {
      throw RuntimeError(
        .type, "a tensor holds numbers, bools and tensors, and this has \(item.kindText) in it",
        hint: "a list of any values is written `(a, b)`")
    }
    guard let rows = site.rows else { return .tensor(try TensorLiteral.stack(items, dtype: site.numbers)) }
    return .tensor(try TensorLiteral.rows(items, counts: rows, dtype: site.numbers))
  }

  func makeRecord(_ site: RecordSite, _ first: ValuePointer, _ count: Int) -> Value {
    guard site.shape.keys.count != count else {
      return .record(
        RecordValue(shape: site.shape, values: ContiguousArray(UnsafeBufferPointer(start: first, count: count))))
    }
    var values = ContiguousArray<Value>(repeating: .none, count: site.shape.keys.count)
    for index in 0..<count { values[site.positions[index]] = first[index] }
    return .record(RecordValue(shape: site.shape, values: values))
  }

  func format(_ site: FormatSite, _ first: ValuePointer) throws -> Value {
    var text = ""
    var hole = 0
    for part in site.parts {
      switch part {
      case .text(let piece): text += piece
      case .hole(let specification):
        let value = first + hole
        hole += 1
        if let specification {
          text += try specification.text(value.pointee)
        } else if value.isNumber {
          NumberText.append(value.number, to: &text)
        } else {
          text += value.pointee.text(.printed)
        }
      }
    }
    guard text.utf8.count <= LanguageLimits.maximumStringLength else {
      throw RuntimeError.stringTooLong(text.utf8.count)
    }
    return .text(text)
  }

  func unpack(_ value: Value, _ target: ValuePointer, _ count: Int) throws {
    switch value {
    case .list(let list):
      guard list.items.count == count else { throw RuntimeError.unpack(count, from: value, has: list.items.count) }
      for index in 0..<count { target[index] = list.items[index] }
    case .tensor(let tensor) where tensor.rank > 0:
      guard tensor.shape[0] == count else { throw RuntimeError.unpack(count, from: value, has: tensor.shape[0]) }
      for index in 0..<count { target[index] = try row(index, of: tensor) }
    case .range(let range):
      guard range.count == count else { throw RuntimeError.unpack(count, from: value, has: range.count) }
      for index in 0..<count { target[index] = .number(range.element(at: index)) }
    case .object(let object):
      guard let has = object.count else { throw RuntimeError.cannotUnpack(value) }
      guard has == count else { throw RuntimeError.unpack(count, from: value, has: has) }
      for index in 0..<count { target[index] = try object.element(at: index, self) ?? .none }
    default: throw RuntimeError.cannotUnpack(value)
    }
  }

  /// `assert(condition, "text")`.
  func assertHolds(_ site: AssertSite, _ i: Instruction, _ registers: ValuePointer) throws {
    let condition = registers[Int(i.a)]
    let holds: Bool
    switch condition {
    case .bool(let bool): holds = bool
    case .tensor(let tensor) where tensor.dtype == .bool: holds = try !tensor.numbers().contains(0)
    default:
      throw RuntimeError(
        .type, "`assert` wants a condition, and got \(condition.kindText)", hint: RuntimeError.condition(condition).hint
      )
    }
    if holds { return }
    var message = "the assertion does not hold"
    if site.hasMessage { message = registers[Int(i.b)].text(.printed) }
    guard let comparison = site.comparison else { throw RuntimeError(.assertion, message) }
    let left = registers[Int(i.a) + 1].shortText
    let right = registers[Int(i.a) + 2].shortText
    throw RuntimeError(
      .assertion, site.hasMessage ? message : "the assertion does not hold: \(left) \(comparison.rawValue) \(right)",
      hint: site.hasMessage ? "\(left) \(comparison.rawValue) \(right) does not hold" : nil)
  }
}
