import FileFormats

extension Table {
  /// The table as a JSON object from column names to arrays; missing values are null.
  public var json: JSON {
    var fields = JSON.Fields()
    for (name, column) in zip(names, columns) {
      switch column {
      case .numbers(let values): fields[name] = .array(values.map(JSON.number))
      case .texts(let values): fields[name] = .array(values.map { $0.map(JSON.string) ?? .null })
      case .bools(let values): fields[name] = .array(values.map(JSON.bool))
      }
    }
    return .object(fields)
  }
}
