import Diagnostics
import Interpreter

/// What `help(x)` writes: of nothing, the families; of a function, its signature, meaning and an example.
public func helpText(for value: Value?) -> String {
  guard let value else { return helpOverview() }
  switch value {
  case .function(let function as BuiltinFunction): return helpText(for: function.builtin)
  case .function(let function):
    let title = (function.name ?? "a function") + (function.signature?.text ?? "(…)")
    guard let documentation = function.documentation else { return title + "\n" }
    return "\(title)\n\n\(documentation)\n"
  case .object(let object):
    let members = object.memberNames
    let title = value.typeName + (object.isCallable ? " (can be called)" : "")
    return members.isEmpty ? title + "\n" : "\(title)\n\nMembers: \(members.joined(separator: ", "))\n"
  case .string(let name):
    if let text = helpText(named: name.text) { return text }
    let near = didYouMean(name.text, among: Catalogue.standard.builtins.map(\.name)).map { "; \($0)" } ?? ""
    return "no built-in is called `\(name.text)`\(near)\n"
  default: return "\(value.typeName): \(value.shortText)\n"
  }
}

/// The documentation of a built-in or of a family by name; nil where there is none.
public func helpText(named name: String) -> String? {
  if let builtin = Catalogue.standard[Suggestion.otherNames[name] ?? name] { return helpText(for: builtin) }
  guard let family = Family.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else { return nil }
  var text = "\(family.rawValue)\n\n"
  for builtin in Catalogue.standard.builtins where builtin.family == family.rawValue {
    text += "  \(builtin.signature.fullText)\n      \(summary(of: builtin))\n"
  }
  return text
}

private func helpText(for builtin: Builtin) -> String {
  var text = "\(builtin.signature.fullText)\n\n\(builtin.documentation)\n"
  if !builtin.example.isEmpty {
    text += "\nExample:\n"
    for line in builtin.example.split(separator: "\n", omittingEmptySubsequences: false) { text += "    \(line)\n" }
  }
  return text
}

private func summary(of builtin: Builtin) -> String {
  String(builtin.documentation.prefix { $0 != "\n" })
}

private func helpOverview() -> String {
  var text = "help(name) shows one function, help(\"Layers\") a family:\n"
  for family in Family.allCases {
    let names = Catalogue.standard.builtins.filter { $0.family == family.rawValue }.map(\.name)
    if names.isEmpty { continue }
    text += "\n\(family.rawValue)\n"
    var line = " "
    for name in names {
      if line.count + name.count > 98 {
        text += line + "\n"
        line = " "
      }
      line += " " + name
    }
    text += line + "\n"
  }
  return text
}
