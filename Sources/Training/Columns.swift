/// Named columns of equal length: a training history, a curve, a report. The language shows it as a table.
public struct Columns: Sendable, Equatable {
  /// The values of one column.
  public enum Values: Sendable, Equatable {
    case numbers([Double])
    case texts([String])

    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .texts(let values): values.count
      }
    }
  }

  /// The names, in order.
  public private(set) var names: [String] = []
  private var values: [String: Values] = [:]

  public init() {}

  /// Adds a column, or replaces the one of that name.
  public mutating func append(_ name: String, _ column: Values) {
    if values.updateValue(column, forKey: name) == nil { names.append(name) }
  }

  /// Adds one row of numbers; the first row makes the columns, and a later one has the same names.
  public mutating func appendRow(_ row: [(name: String, value: Double)]) {
    for (name, value) in row {
      switch values[name] {
      case .numbers(var column)?:
        values[name] = nil
        column.append(value)
        values[name] = .numbers(column)
      case .texts(var column)?:
        column.append("\(value)")
        values[name] = .texts(column)
      case nil:
        names.append(name)
        values[name] = .numbers([value])
      }
    }
  }

  public subscript(_ name: String) -> Values? { values[name] }

  /// A column of numbers; empty where there is none of that name.
  public func numbers(_ name: String) -> [Double] {
    if case .numbers(let column)? = values[name] { return column }
    return []
  }

  /// The number of rows.
  public var rowCount: Int { names.first.flatMap { values[$0]?.count } ?? 0 }

  /// One row as names and numbers; columns of text are left out.
  public func row(_ index: Int) -> [(name: String, value: Double)] {
    names.compactMap { name in
      guard case .numbers(let column)? = values[name], column.indices.contains(index) else { return nil }
      return (name, column[index])
    }
  }
}
