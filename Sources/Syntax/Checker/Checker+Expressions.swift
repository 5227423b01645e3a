import Diagnostics

extension Checker {
  mutating func expression(_ expression: Expression) {
    switch expression.kind {
    case .number, .bool, .none, .invalid: break
    case .name(let name): self.name(name, at: expression.span)
    case .string(let parts):
      for case .interpolation(let value, _, _) in parts { self.expression(value) }
    case .tensor(let rows, _):
      for row in rows { row.forEach { self.expression($0) } }
      tensor(rows)
    case .list(let elements): elements.forEach { self.expression($0) }
    case .record(let fields): fields.forEach { self.expression($0.value) }
    case .unary(_, let operand), .parenthesized(let operand): self.expression(operand)
    case .binary(let operation, let left, let right, _):
      self.expression(left)
      self.expression(right)
      if operation == .pipe { call(right, [Argument(form: .positional, value: left)], at: right.span) }
    case .call(let callee, let arguments):
      self.expression(callee)
      for argument in arguments { self.expression(argument.value) }
      call(callee, arguments, at: expression.span)
    case .index(let base, let parts):
      self.expression(base)
      indexParts(parts)
    case .member(let base, let member):
      self.expression(base)
      self.member(base, member)
    case .lambda(let function): self.function(function)
    case .conditional(let condition, let then, let otherwise):
      self.expression(condition)
      block(then)
      switch otherwise {
      case .block(let other): block(other)
      case .conditional(let other): self.expression(other)
      case nil: break
      }
    case .attempt(let body, let error, let handler):
      block(body)
      scopes.append(Scope())
      declare(error, Symbol(kind: .constant, function: nil))
      block(handler)
      scopes.removeLast()
    }
  }

  mutating func indexParts(_ parts: [IndexPart]) {
    for part in parts {
      switch part {
      case .position(let value): expression(value)
      case .slice(let start, let stop, let step, _):
        for value in [start, stop, step] {
          if let value { expression(value) }
        }
      case .ellipsis, .newAxis: break
      }
    }
  }

  /// A tensor's rows are of one length, and what stands in them is no text.
  private mutating func tensor(_ rows: [[Expression]]) {
    for element in rows.joined() {
      switch element.kind {
      case .string, .record, .none, .lambda:
        report(.type, "a tensor holds numbers", at: element.span, hint: "a list of any values is written `(a, b)`")
        return
      default: break
      }
    }
    guard let first = rows.first else { return }
    for (number, row) in rows.enumerated() where row.count != first.count {
      let span = row.dropFirst().reduce(row[0].span) { $0.union($1.span) }
      report(.shape, "row \(number + 1) has \(row.count) of \(first.count) elements", at: span)
      return
    }
    let lengths = first.map(Checker.plainLength)
    for (number, length) in lengths.enumerated() where rows.count == 1 && length != lengths[0] {
      guard let length, let wanted = lengths[0] else { continue }
      report(.shape, "row \(number + 1) has \(length) of \(wanted) elements", at: first[number].span)
      return
    }
  }

  /// How many numbers a literal such as `[1, 2]` holds; nil for anything else.
  private static func plainLength(_ expression: Expression) -> Int? {
    guard case .tensor(let rows, false) = expression.kind, rows.count <= 1 else { return nil }
    let elements = rows.first ?? []
    let isPlain = elements.allSatisfy { element in
      switch element.kind {
      case .number, .bool: true
      case .unary(.negate, let operand): if case .number = operand.kind { true } else { false }
      default: false
      }
    }
    return isPlain ? elements.count : nil
  }

  private mutating func name(_ name: String, at span: Span) {
    switch meaning(of: name) {
    case .symbol, .builtin: break
    case .later(let line):
      if functionDepth == 0 {
        report(.name, "`\(name)` is not defined yet", at: span, hint: "it is declared on line \(line)")
      }
    case .unknown:
      if name == "_" { return }
      report(.name, "`\(name)` is not defined", at: span, hint: Suggestion.hint(forUnknown: name, among: visibleNames))
    }
  }

  /// `stats.entropyy`: the members of a module are known.
  private mutating func member(_ base: Expression, _ member: Identifier) {
    guard case .name(let name) = base.kind, case .symbol(let symbol) = meaning(of: name),
      case .module(let module?) = symbol.kind, let members = known.modules[module], members[member.name] == nil
    else { return }
    report(
      .name, "the module `\(module)` has no `\(member.name)`", at: member.span,
      hint: Suggestion.nearest(to: member.name, among: members.keys.sorted()).map { "did you mean `\($0)`?" })
  }

  // MARK: Arguments

  /// The function that a callee certainly is, where that is known.
  private func function(called callee: Expression) -> KnownFunction? {
    switch callee.kind {
    case .name(let name):
      switch meaning(of: name) {
      case .symbol(let symbol): return symbol.function
      case .builtin(let function): return function
      case .later, .unknown: return nil
      }
    case .member(let base, let member):
      guard case .name(let name) = base.kind, case .symbol(let symbol) = meaning(of: name),
        case .module(let module?) = symbol.kind
      else { return nil }
      return known.modules[module]?[member.name] ?? nil
    case .lambda(let function): return KnownFunction(function, name: "the function")
    case .parenthesized(let inner): return function(called: inner)
    default: return nil
    }
  }

  private mutating func call(_ callee: Expression, _ arguments: [Argument], at span: Span) {
    guard let function = function(called: callee) else { return }
    let help = "the signature is \(function.signature)"
    var given: Set<String> = []
    var positional = 0
    var hasSpread = false
    var hasUnknown = false
    let hasRest = function.parameters.contains(where: \.isRest)
    let named = function.parameters.filter { !$0.isRest }
    let places = function.parameters.prefix { !$0.isRest }
    for argument in arguments {
      switch argument.form {
      case .spread: hasSpread = true
      case .positional:
        if positional < places.count { given.insert(places[positional].name) }
        positional += 1
      case .named(let name):
        guard named.contains(where: { $0.name == name.name }) else {
          let near = Suggestion.nearest(to: name.name, among: named.map(\.name)).map { "; did you mean `\($0)`?" } ?? ""
          report(.type, "`\(function.name)` has no parameter `\(name.name)`\(near)", at: name.span, hint: help)
          hasUnknown = true
          continue
        }
        if !given.insert(name.name).inserted {
          report(.type, "`\(function.name)` gets `\(name.name)` twice", at: name.span, hint: help)
        }
      }
    }
    guard !hasSpread else { return }
    if positional > places.count, !hasRest {
      let limit = places.isEmpty ? "no arguments" : "at most \(places.count) argument\(places.count == 1 ? "" : "s")"
      report(.type, "`\(function.name)` takes \(limit), and gets \(positional)", at: span, hint: help)
    }
    let missing = named.filter { $0.isRequired && !given.contains($0.name) }.map { "`\($0.name)`" }
    // An unknown name is most often a required one, misspelt.
    if !missing.isEmpty, !hasUnknown {
      report(.type, "`\(function.name)` needs \(missing.joined(separator: ", "))", at: span, hint: help)
    }
  }
}
