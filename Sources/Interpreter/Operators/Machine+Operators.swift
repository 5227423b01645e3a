import Diagnostics
import Syntax
import Tensors

// Operators on values of any kind. Plain numbers have been served by the machine's loop.

extension Machine {
  /// Any binary operator but `and`, `or` and `|>`, which evaluate their right side themselves.
  func binary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    switch operation {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: return try comparison(operation, left, right)
    case .contains: return .bool(try contains(right, left))
    case .compose: return try compose(left, right)
    case .and, .or: return try combine(operation, left, right)
    case .pipe: return try call(right, CallArguments(positional: [left]))
    default: break
    }
    switch (left, right) {
    case (.number(let a), .number(let b)) where operation != .matrixMultiply:
      return .number(NumberOperators.apply(operation, a, b))
    case (.string(let a), .string(let b)) where operation == .add:
      let bytes = a.text.utf8.count + b.text.utf8.count
      guard bytes <= LanguageLimits.maximumStringLength else { throw RuntimeError.stringTooLong(bytes) }
      return .text(a.text + b.text)
    case (.list(let a), .list(let b)) where operation == .add:
      let count = a.items.count + b.items.count
      guard count <= LanguageLimits.maximumListLength else { throw RuntimeError.listTooLong(count) }
      return .list(ListValue(a.items + b.items))
    default: break
    }
    if let answer = try objects(operation, left, right) { return answer }
    guard let (a, b) = try tensors(left, right) else { throw RuntimeError.operands(operation, left, right) }
    return .result(try arithmetic(operation, a, b))
  }

  private func arithmetic(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    switch operation {
    case .add: try a + b
    case .subtract: try a - b
    case .multiply: try a * b
    case .divide: try a / b
    case .floorDivide: try a.floorDivide(b)
    case .modulo: try a.modulo(b)
    case .power: try a.power(b)
    default: try a.matmul(b)
    }
  }

  /// Both sides as tensors, where at least one is a tensor and the other a number, a bool or a tensor.
  private func tensors(_ left: Value, _ right: Value) throws -> (Tensor, Tensor)? {
    switch (left, right) {
    case (.tensor(let a), .tensor(let b)): (a, b)
    case (.tensor(let a), .number(let b)): (a, try .number(b))
    case (.number(let a), .tensor(let b)): (try .number(a), b)
    case (.tensor(let a), .bool(let b)): (a, try .single(b))
    case (.bool(let a), .tensor(let b)): (try .single(a), b)
    default: nil
    }
  }

  /// What an object on either side makes of the operator.
  private func objects(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    guard let operation = ObjectOperator(rawValue: operation.rawValue) else { return nil }
    if case .object(let object) = left, let answer = try object.binary(operation, left: left, right: right, self) {
      return answer
    }
    if case .object(let object) = right, let answer = try object.binary(operation, left: left, right: right, self) {
      return answer
    }
    return nil
  }

  private func compose(_ left: Value, _ right: Value) throws -> Value {
    if let answer = try objects(.compose, left, right) { return answer }
    guard left.isCallable, right.isCallable else {
      let wrong = left.isCallable ? right : left
      throw RuntimeError(
        .type, "`>>` composes functions and layers, and this is \(wrong.kindText)",
        hint: left.isCallable ? nil : "`x |> f` is the call f(x)")
    }
    return .function(Composition(left, right))
  }

  // MARK: Comparison

  private func comparison(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right {
      return .bool(NumberOperators.compare(operation, a, b))
    }
    if case .object = left, let answer = try objects(operation, left, right) { return answer }
    if case .object = right, let answer = try objects(operation, left, right) { return answer }
    if let (a, b) = try tensors(left, right) {
      // Numbers that are being differentiated compare by their values.
      if a.spec.isWeak, b.spec.isWeak, let x = a.singleNumber, let y = b.singleNumber {
        return .bool(NumberOperators.compare(operation, x, y))
      }
      return .tensor(try elementwise(operation, a, b))
    }
    switch operation {
    case .equal: return .bool(left.isEqual(to: right))
    case .notEqual: return .bool(!left.isEqual(to: right))
    default: break
    }
    guard case .string(let a) = left, case .string(let b) = right else {
      throw RuntimeError.unordered(operation, left, right)
    }
    return .bool(NumberOperators.compare(operation, Double(a.order(b)), 0))
  }

  private func elementwise(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    switch operation {
    case .equal: try a.equalElements(b)
    case .notEqual: try a.notEqual(b)
    case .less: try a.less(b)
    case .lessEqual: try a.lessEqual(b)
    case .greater: try a.greater(b)
    default: try a.greaterEqual(b)
    }
  }

  func compare(_ i: Instruction, _ registers: ValuePointer) throws {
    let operation = BinaryOperator(operand: i.d)
    let left = registers + Int(i.b)
    let right = registers + Int(i.c)
    if left.isNumber, right.isNumber {
      (registers + Int(i.a)).set(NumberOperators.compare(operation, left.number, right.number))
    } else {
      registers[Int(i.a)] = try comparison(operation, left.pointee, right.pointee)
    }
  }

  /// A comparison where a condition stands.
  func holds(_ operation: BinaryOperator, _ left: ValuePointer, _ right: ValuePointer) throws -> Bool {
    try condition(comparison(operation, left.pointee, right.pointee))
  }

  func holds(_ operation: BinaryOperator, _ left: ValuePointer, _ right: Double) throws -> Bool {
    try condition(comparison(operation, left.pointee, .number(right)))
  }

  /// True where `element in container` is.
  func contains(_ container: Value, _ element: Value) throws -> Bool {
    switch container {
    case .list(let list): return list.items.contains { $0.isEqual(to: element) }
    case .range(let range): return element.asNumber.map(range.contains) ?? false
    case .string(let string):
      guard case .string(let part) = element else {
        throw RuntimeError(.type, "`in` looks for a string in a string, and this is \(element.kindText)")
      }
      return string.contains(part)
    case .record(let record):
      guard case .string(let name) = element else {
        throw RuntimeError(.type, "`in` looks for a field's name in a record, and this is \(element.kindText)")
      }
      return record.position(of: name) != nil
    case .tensor(let tensor):
      guard let number = element.asNumber ?? element.asBool.map({ $0 ? 1 : 0 }) else { return false }
      return try tensor.numbers().contains(number.rounded(to: tensor.dtype))
    case .object(let object):
      if object.count != nil {
        let next = try makeIterator(container)
        while let candidate = try next() {
          if candidate.isEqual(to: element) { return true }
        }
        return false
      }
      if case .string(let name) = element { return object.memberNames.contains(name.text) }
      fallthrough
    default:
      throw RuntimeError(
        .type, "`in` looks into lists, ranges, strings, records and tensors, and this is \(container.kindText)")
    }
  }

  // MARK: Logic

  /// A condition must be one bool.
  func condition(_ value: Value) throws -> Bool {
    switch value {
    case .bool(let bool): return bool
    case .tensor(let tensor) where tensor.rank == 0 && tensor.dtype == .bool:
      // The data of an abstract tensor is asked for, which tells a tracer to run eagerly.
      return try tensor.data().load(as: UInt8.self) != 0
    default: throw RuntimeError.condition(value)
    }
  }

  /// True where `and`, `or` must look at their right side.
  func goesOn(_ operation: BinaryOperator, _ place: ValuePointer) throws -> Bool {
    if place.tag == ValueTag.bool { return place.bool == (operation == .and) }
    if case .tensor(let tensor) = place.pointee, tensor.dtype == .bool {
      return try tensor.rank > 0 || tensor.isAbstract || condition(place.pointee) == (operation == .and)
    }
    throw RuntimeError.logicOperand(operation.rawValue, place.pointee)
  }

  /// The two sides of `and`, `or`, where the left one did not decide.
  func combine(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    switch right {
    case .bool: break
    case .tensor(let tensor) where tensor.dtype == .bool: break
    default: throw RuntimeError.logicOperand(operation.rawValue, right)
    }
    if case .bool = left { return right }
    guard let (a, b) = try tensors(left, right) else { throw RuntimeError.logicOperand(operation.rawValue, left) }
    return .tensor(operation == .and ? try a.logicalAnd(b) : try a.logicalOr(b))
  }

  func not(_ value: Value) throws -> Value {
    switch value {
    case .bool(let bool): .bool(!bool)
    case .tensor(let tensor) where tensor.dtype == .bool: .tensor(try tensor.logicalNot())
    default: throw RuntimeError.logicOperand("not", value)
    }
  }

  func negate(_ value: Value) throws -> Value {
    switch value {
    case .number(let number): return .number(-number)
    case .tensor(let tensor): return .result(try -tensor)
    case .object:
      if let answer = try objects(.multiply, .number(-1), value) { return answer }
      fallthrough
    default: throw RuntimeError.unary("-", value)
    }
  }

  // MARK: Instructions

  /// `+` where the operands are not both numbers. A sum that replaces its left side is made in place where it can be.
  func add(_ i: Instruction, _ registers: ValuePointer) throws {
    if i.a == i.b {
      try update(registers + Int(i.a), .add, registers[Int(i.c)], deadFrom: registers + Int(i.d))
    } else {
      registers[Int(i.a)] = try binary(.add, registers[Int(i.b)], registers[Int(i.c)])
    }
  }

  func general(_ operation: BinaryOperator, _ i: Instruction, _ registers: ValuePointer) throws {
    registers[Int(i.a)] = try binary(operation, registers[Int(i.b)], registers[Int(i.c)])
  }

  /// An operator with a constant. The operands may be swapped: that is in the wide operand.
  func withConstant(
    _ operation: BinaryOperator, _ i: Instruction, _ registers: ValuePointer, _ numbers: UnsafePointer<Double>
  ) throws {
    let constant = Value.number(numbers[Int(i.c)])
    let operand = registers[Int(i.b)]
    registers[Int(i.a)] = i.d == 0 ? try binary(operation, operand, constant) : try binary(operation, constant, operand)
  }
}

extension StringValue {
  /// True where the other text occurs in this one.
  func contains(_ part: StringValue) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { text in
      part.text.utf8.withContiguousStorageIfAvailable { ByteSearch.first(of: $0, in: text, from: 0) != nil } ?? false
    } ?? false
  }
}
