import Interpreter

extension Catalogue {
  /// The constants of the language.
  static let constants: [String: Double] = ["pi": .pi, "inf": .infinity, "nan": .nan]

  /// The names that every program knows. A built-in's value is made when its name is first used.
  public var prelude: Prelude {
    var made: [String: Value] = [:]
    return Prelude(
      find: { name in
        if let value = made[name] { return value }
        let value: Value
        if let builtin = self[name] {
          value = .function(BuiltinFunction(builtin))
        } else if let number = Catalogue.constants[name] {
          value = .number(number)
        } else {
          return nil
        }
        made[name] = value
        return value
      },
      list: { builtins.map(\.name) + Catalogue.constants.keys.sorted() })
  }
}
