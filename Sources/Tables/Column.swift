/// The values of one column, all of one type.
public enum Column: Equatable, Sendable {
  /// Numbers; a missing one is not-a-number.
  case numbers([Double])
  /// Texts; a missing one is nil.
  case texts([String?])
  /// Truth values.
  case bools([Bool])

  /// The number of values.
  public var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .texts(let values): values.count
    case .bools(let values): values.count
    }
  }

  /// What the column holds, for messages.
  public var typeName: String {
    switch self {
    case .numbers: "numbers"
    case .texts: "texts"
    case .bools: "bools"
    }
  }

  /// One value. The index must be within the column.
  public subscript(row: Int) -> Cell {
    switch self {
    case .numbers(let values): .number(values[row])
    case .texts(let values): values[row].map(Cell.text) ?? .missing
    case .bools(let values): .bool(values[row])
    }
  }

  /// All values, one by one.
  public var cells: [Cell] { (0..<count).map { self[$0] } }

  /// The values as numbers, where they are numbers or truth values (1 and 0); nil for texts.
  public var numbers: [Double]? {
    switch self {
    case .numbers(let values): values
    case .bools(let values): values.map { $0 ? 1 : 0 }
    case .texts: nil
    }
  }

  /// The values at these positions, which must be within the column; nil gives a missing value, which turns truth
  /// values into numbers.
  func taking(_ rows: [Int?]) -> Column {
    switch self {
    case .numbers(let values): return .numbers(rows.map { $0.map { values[$0] } ?? .nan })
    case .texts(let values): return .texts(rows.map { $0.flatMap { values[$0] } })
    case .bools(let values):
      if rows.contains(nil) { return .numbers(rows.map { $0.map { values[$0] ? 1 : 0 } ?? .nan }) }
      return .bools(rows.compactMap { $0.map { values[$0] } })
    }
  }

  /// The values at these positions, which must be within the column.
  func taking(_ rows: [Int]) -> Column {
    switch self {
    case .numbers(let values): .numbers(rows.map { values[$0] })
    case .texts(let values): .texts(rows.map { values[$0] })
    case .bools(let values): .bools(rows.map { values[$0] })
    }
  }

  /// The values of a range, which must be within the column.
  func taking(_ rows: Range<Int>) -> Column {
    switch self {
    case .numbers(let values): .numbers(Array(values[rows]))
    case .texts(let values): .texts(Array(values[rows]))
    case .bools(let values): .bools(Array(values[rows]))
    }
  }

  /// Whether the value of a row is missing.
  func isMissing(_ row: Int) -> Bool {
    switch self {
    case .numbers(let values): values[row].isNaN
    case .texts(let values): values[row] == nil
    case .bools: false
    }
  }

  /// Equality of values, where a missing value equals a missing value.
  public static func == (left: Column, right: Column) -> Bool {
    switch (left, right) {
    case (.numbers(let left), .numbers(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    case (.texts(let left), .texts(let right)): left == right
    case (.bools(let left), .bools(let right)): left == right
    default: false
    }
  }
}

/// One value of a table.
public enum Cell: Sendable {
  case number(Double)
  case text(String)
  case bool(Bool)
  /// A missing text.
  case missing
}

extension Cell: Hashable {
  /// Not-a-number equals itself here: missing values form one group.
  public static func == (left: Cell, right: Cell) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left == right || (left.isNaN && right.isNaN)
    case (.text(let left), .text(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.missing, .missing): true
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .number(let value): hasher.combine(value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern)
    case .text(let text): hasher.combine(text)
    case .bool(let value): hasher.combine(value)
    case .missing: hasher.combine(0)
    }
  }
}
