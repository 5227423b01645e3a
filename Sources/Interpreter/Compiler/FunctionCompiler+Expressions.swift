import Diagnostics
import Syntax
import Tensors

extension FunctionCompiler {
  /// The register that holds an expression's value: a local's own, or a new temporary.
  func operand(_ expression: Expression) throws -> Int {
    if case .name(let name) = expression.bare.kind, case .local(let local) = resolve(name), !local.isBoxed,
      !local.isSelf
    {
      return local.register
    }
    let register = try allocate()
    try self.expression(expression, into: register)
    return register
  }

  /// The register of what a part is taken of: a local's own, or the target itself where that is a temporary. So the
  /// whole is let go of when the part takes its place, and can be changed in place afterwards.
  private func container(_ expression: Expression, of target: Int) throws -> Int {
    if case .name = expression.bare.kind { return try operand(expression) }
    guard isTop(target) else { return try operand(expression) }
    try self.expression(expression, into: target)
    return target
  }

  /// The registers of two operands, evaluated left to right. The left one is copied where evaluating the right one
  /// could change it.
  func operands(_ left: Expression, _ right: Expression) throws -> (Int, Int) {
    let first: Int
    if right.holdsBlock {
      first = try allocate()
      try expression(left, into: first)
    } else {
      first = try operand(left)
    }
    return (first, try operand(right))
  }

  /// Evaluates into a register. The register must not be one that the expression reads, unless the
  /// expression `writesLast`.
  func expression(_ expression: Expression, into target: Int) throws {
    let mark = nextRegister
    defer { nextRegister = mark }
    let span = expression.span
    switch expression.kind {
    case .number(let value): emit(.loadNumber, target, 0, 0, number(value), at: span)
    case .string(let parts): try string(parts, into: target, at: span)
    case .bool(let value): emit(.loadBool, target, value ? 1 : 0, at: span)
    case .none: emit(.loadNone, target, at: span)
    case .name(let name): load(name, into: target, at: span)
    case .tensor(let rows, let hasSemicolons):
      let elements = rows.flatMap { $0 }
      let isLong = elements.count > FunctionCompiler.elementsInRegisters
      let site = TensorSite(rows: hasSemicolons ? rows.map(\.count) : nil, numbers: literalType, isList: isLong)
      let first = isLong ? try listOfElements(elements, at: span) : try literalElements(elements)
      emit(.makeTensor, target, first, isLong ? 1 : elements.count, self.site(site), at: span)
    case .list(let items): try list(items, into: target, at: span)
    case .record(let fields):
      try record(fields, into: target, at: span)
    case .unary(let operation, let inner):
      if let value = expression.literalNumber {
        emit(.loadNumber, target, 0, 0, number(value), at: span)
      } else {
        emit(operation == .negate ? .negate : .not, target, try operand(inner), at: span)
      }
    case .binary(let operation, let left, let right, _):
      try binary(operation, left, right, into: target, at: span)
    case .call(let callee, let arguments): try call(callee, arguments, into: target, at: span)
    case .index(let base, let parts): try index(base, parts, into: target, at: span)
    case .member(let base, let name):
      emit(.getMember, target, try container(base, of: target), 0, site(memberSite(name.name)), at: span)
    case .lambda(let node): try closure(node, into: target)
    case .conditional, .attempt: try branches(expression, into: target)
    case .parenthesized(let inner): try self.expression(inner, into: target)
    case .invalid: emit(.loadNone, target, at: span)
    }
  }

  /// The elements of a tensor literal. Only literals directly inside keep the type that the outer one was given.
  private func literalElements(_ elements: [Expression]) throws -> Int {
    let type = literalType
    let first = nextRegister
    for element in elements {
      if case .tensor = element.bare.kind { literalType = type } else { literalType = .float32 }
      try expression(element, into: try allocate())
    }
    literalType = type
    return first
  }

  func memberSite(_ name: String) -> MemberSite { MemberSite(FieldNames.value(for: name)) }

  /// Evaluates expressions into new consecutive registers; gives the first.
  func consecutive(_ expressions: [Expression]) throws -> Int {
    let first = nextRegister
    for expression in expressions { try self.expression(expression, into: try allocate()) }
    return first
  }

  /// The elements of a long tensor literal, as a list in a register.
  private func listOfElements(_ elements: [Expression], at span: Span) throws -> Int {
    let register = try allocate()
    let type = literalType
    emit(.makeList, register, register, 0, at: span)
    for start in stride(from: 0, to: elements.count, by: FunctionCompiler.elementsInRegisters) {
      let mark = nextRegister
      let part = Array(elements[start..<min(start + FunctionCompiler.elementsInRegisters, elements.count)])
      emit(.appendToList, register, try literalElements(part), part.count, at: span)
      nextRegister = mark
      literalType = type
    }
    return register
  }

  /// A record; of a long one the first fields are made together, and the others added one after another.
  private func record(_ fields: [RecordField], into target: Int, at span: Span) throws {
    let together = fields.prefix(FunctionCompiler.elementsInRegisters)
    let record = fields.count > together.count ? try allocate() : target
    let first = try consecutive(together.map(\.value))
    let site = RecordSite(names: together.map { FieldNames.value(for: $0.name.name) })
    emit(.makeRecord, record, first, together.count, self.site(site), at: span)
    guard fields.count > together.count else { return }
    nextRegister = record + 1
    for field in fields[together.count...] {
      let mark = nextRegister
      let key = try allocate()
      let value = try allocate()
      emit(.loadConstant, key, 0, 0, constant(.string(StringValue(field.name.name))), at: field.name.span)
      try expression(field.value, into: value)
      emit(.setIndex, record, key, value, nextRegister, at: field.name.span)
      nextRegister = mark
    }
    emit(.move, target, record, at: span)
  }

  /// Long lists are made in portions, so that they need few registers.
  private func list(_ items: [Expression], into target: Int, at span: Span) throws {
    let portion = 64
    guard items.count > portion else {
      let first = try consecutive(items)
      emit(.makeList, target, first, items.count, at: span)
      return
    }
    let list = try allocate()
    emit(.makeList, list, list, 0, at: span)
    for start in stride(from: 0, to: items.count, by: portion) {
      let mark = nextRegister
      let part = Array(items[start..<min(start + portion, items.count)])
      let first = try consecutive(part)
      emit(.appendToList, list, first, part.count, at: span)
      nextRegister = mark
    }
    emit(.move, target, list, at: span)
  }

  func load(_ name: String, into target: Int, at span: Span) {
    switch resolve(name) {
    case .local(let local):
      if local.isSelf {
        emit(.loadSelf, target, at: span)
      } else if local.isBoxed {
        emit(.getBox, target, local.register, at: span)
      } else if local.register != target {
        emit(.move, target, local.register, at: span)
      }
    case .capture(let position, let local):
      emit(local.isBoxed ? .getCaptureBox : .getCapture, target, 0, 0, position, at: span)
    case .global(let variable): emit(.getGlobal, target, 0, 0, variable.slot, at: span)
    case .builtin(let value): emit(.loadConstant, target, 0, 0, constant(value), at: span)
    case .unknown:
      emit(.lookUp, target, 0, 0, site(NameSite(name, visible: visibleNames)), at: span)
    }
  }

  // MARK: Operators

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int, at span: Span
  ) throws {
    switch operation {
    case .and, .or: try logical(operation, left, right, into: target, at: span)
    case .pipe: try pipe(left, into: right, target: target, at: span)
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual:
      let (a, b) = try operands(left, right)
      emit(.compare, target, a, b, operation.position, at: span)
    case .contains:
      let (a, b) = try operands(left, right)
      emit(.contains, target, a, b, at: span)
    case .matrixMultiply, .compose:
      let (a, b) = try operands(left, right)
      emit(.binary, target, a, b, operation.position, at: span)
    case .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power:
      try arithmetic(operation, left, right, into: target, at: span)
    }
  }

  private func arithmetic(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int, at span: Span
  ) throws {
    if let constant = smallNumber(right) {
      emit(operation.withConstant, target, try operand(left), constant, at: span)
      return
    }
    if let constant = smallNumber(left) {
      let register = try operand(right)
      switch operation {
      case .subtract: return _ = emit(.subtractKR, target, constant, register, at: span)
      case .divide: return _ = emit(.divideKR, target, constant, register, at: span)
      // Commutative on numbers; the last operand says that they are swapped, for all else.
      case .add: return _ = emit(.addRK, target, register, constant, 1, at: span)
      case .multiply: return _ = emit(.multiplyRK, target, register, constant, 1, at: span)
      default:
        let number = try allocate()
        try expression(left, into: number)
        emit(operation.withRegisters, target, number, register, nextRegister, at: span)
        return
      }
    }
    let (a, b) = try operands(left, right)
    emit(operation.withRegisters, target, a, b, nextRegister, at: span)
  }

  /// `and`, `or`: the right side runs only where it matters; on tensors they work element by element.
  private func logical(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int, at span: Span
  ) throws {
    try expression(left, into: target)
    let skip = emit(operation == .and ? .jumpUnlessAnd : .jumpUnlessOr, target, at: left.span)
    let other = try operand(right)
    emit(operation == .and ? .combineAnd : .combineOr, target, target, other, at: right.span)
    patch(skip)
  }

  // MARK: Strings

  private func string(_ parts: [StringPart], into target: Int, at span: Span) throws {
    if let text = parts.plainText {
      emit(.loadConstant, target, 0, 0, constant(.string(FieldNames.value(for: text))), at: span)
      return
    }
    var pieces: [FormatSite.Part] = []
    var holes: [Expression] = []
    var holeSpans: [Span] = []
    for part in parts {
      switch part {
      case .text(let text): pieces.append(.text(text))
      case .interpolation(let expression, let format, let formatSpan):
        do {
          pieces.append(.hole(try format.map(FormatSpecification.init)))
        } catch let error as RuntimeError {
          // A format that is no format is an error where it is reached.
          emit(.raise, 0, 0, 0, site(RaiseSite(error)), at: formatSpan)
          pieces.append(.hole(nil))
        }
        holes.append(expression)
        holeSpans.append(expression.span)
      }
    }
    let first = try consecutive(holes)
    emit(.format, target, first, holes.count, site(FormatSite(parts: pieces, spans: holeSpans)), at: span)
  }

  // MARK: Indexing

  private func index(_ base: Expression, _ parts: [IndexPart], into target: Int, at span: Span) throws {
    let container: Int
    if parts.contains(where: { $0.expressions.contains(where: \.holdsBlock) }) {
      container = try allocate()
      try expression(base, into: container)
    } else {
      container = try self.container(base, of: target)
    }
    if parts.count == 1, case .position(let position) = parts[0] {
      if let value = position.literalNumber {
        emit(.getIndexConstant, target, container, 0, number(value), at: span)
      } else {
        emit(.getIndex, target, container, try operand(position), at: span)
      }
      return
    }
    let (site, first) = try indexParts(parts)
    emit(.getParts, target, container, first, self.site(site), at: span)
  }

  /// Evaluates the parts of an index into consecutive registers; gives what they are and the first register.
  func indexParts(_ parts: [IndexPart]) throws -> (PartsSite, Int) {
    let first = nextRegister
    var kinds: [PartsSite.Part] = []
    for part in parts {
      switch part {
      case .position(let expression):
        try self.expression(expression, into: try allocate())
        kinds.append(.position)
      case .slice(let start, let stop, let step, _):
        for bound in [start, stop, step] {
          if let bound { try expression(bound, into: try allocate()) }
        }
        kinds.append(.slice(hasStart: start != nil, hasStop: stop != nil, hasStep: step != nil))
      case .ellipsis: kinds.append(.ellipsis)
      case .newAxis: kinds.append(.newAxis)
      }
    }
    // An operand must name a register even where no part needs one.
    if nextRegister == first { _ = try allocate() }
    return (PartsSite(kinds), first)
  }
}

extension [StringPart] {
  /// The text, where there are no holes.
  fileprivate var plainText: String? {
    var text = ""
    for part in self {
      guard case .text(let piece) = part else { return nil }
      text += piece
    }
    return text
  }
}

extension BinaryOperator {
  /// The operator as an operand of an instruction.
  var position: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

  /// The operator of an operand. The cases have no payload, so that each is its number.
  @inline(__always) init<Operand: FixedWidthInteger>(operand: Operand) {
    self = unsafeBitCast(UInt8(truncatingIfNeeded: operand), to: BinaryOperator.self)
  }

  fileprivate var withRegisters: Opcode {
    switch self {
    case .subtract: .subtractRR
    case .multiply: .multiplyRR
    case .divide: .divideRR
    case .modulo: .moduloRR
    case .floorDivide: .floorDivideRR
    case .power: .powerRR
    default: .addRR
    }
  }

  fileprivate var withConstant: Opcode {
    switch self {
    case .subtract: .subtractRK
    case .multiply: .multiplyRK
    case .divide: .divideRK
    case .modulo: .moduloRK
    case .floorDivide: .floorDivideRK
    case .power: .powerRK
    default: .addRK
    }
  }
}

/// One string per name of a field or member, so that most look-ups compare addresses.
enum FieldNames {
  nonisolated(unsafe) private static var known: [String: StringValue] = [:]
  private static let maximumLength = 40

  static func value(for name: String) -> StringValue {
    guard name.utf8.count <= maximumLength else { return StringValue(name) }
    if let value = known[name] {
      // Texts that Swift takes for equal may have other code points: é is one of them, or two.
      return value.text.utf8.elementsEqual(name.utf8) ? value : StringValue(name)
    }
    let value = StringValue(name)
    known[name] = value
    return value
  }
}
