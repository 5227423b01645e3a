import Diagnostics

extension Signature {
  /// Puts arguments where their parameters are: one value per parameter, defaults filled in, a rest parameter as a list.
  /// Where a default is computed by the function itself, the value is `Value.missing`.
  /// - Throws: a type error that prints the signature where the arguments do not fit.
  public func bind(_ arguments: CallArguments) throws -> ContiguousArray<Value> {
    let parameters = self.parameters
    var values = ContiguousArray<Value>()
    values.reserveCapacity(parameters.count)
    let restPosition = parameters.firstIndex(where: \.isRest)
    let places = restPosition ?? parameters.count
    let given = arguments.positional.count
    for position in 0..<min(places, given) { values.append(arguments.positional[position]) }
    if given > places, restPosition == nil { throw tooMany(given: given) }
    while values.count < places { values.append(.missing) }
    if restPosition != nil {
      values.append(.list(ListValue(given > places ? ContiguousArray(arguments.positional[places...]) : [])))
      // Parameters after the rest can only be named.
      while values.count < parameters.count { values.append(.missing) }
    }
    for (name, value) in arguments.named {
      guard let position = position(of: name), !parameters[position].isRest else { throw unknown(name) }
      guard values[position].isMissing else {
        throw RuntimeError(.type, "\(title) got `\(name)` twice", hint: signatureHint)
      }
      values[position] = value
    }
    for position in 0..<values.count where values[position].isMissing {
      let parameter = parameters[position]
      if parameter.isRequired { throw lacking(values) }
      if let value = parameter.defaultValue { values[position] = value }
    }
    return values
  }

  /// The function as messages name it.
  private var title: String { function.isEmpty ? "the function" : "`\(function)`" }

  private var signatureHint: String { "the signature is \(fullText)" }

  private func tooMany(given: Int) -> RuntimeError {
    let takes = parameters.isEmpty ? "no arguments" : "at most \(Wording.counted(parameters.count, "argument"))"
    return RuntimeError(.type, "\(title) takes \(takes), and got \(given)", hint: signatureHint)
  }

  private func lacking(_ values: ContiguousArray<Value>) -> RuntimeError {
    let names = parameters.indices.filter { parameters[$0].isRequired && values[$0].isMissing }.map {
      "`\(parameters[$0].name)`"
    }
    let list = names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    return RuntimeError(.type, "\(title) needs \(list)", hint: signatureHint)
  }

  private func unknown(_ name: String) -> RuntimeError {
    let names = parameters.filter { !$0.isRest }.map(\.name)
    let meant = Suggestion.nearest(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
    return RuntimeError(
      .type, "\(title) has no parameter `\(name)`\(meant)",
      hint: meant.isEmpty ? Suggestion.foreignParameters[name] ?? signatureHint : signatureHint)
  }
}
