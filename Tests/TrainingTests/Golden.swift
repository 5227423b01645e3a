import FileFormats
import Tensors
import Testing

/// The reference numbers of one family.
enum Golden {
  static func cases(_ family: String) throws -> [JSON] {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    let file = try JSON.parse(FileReader.bytes(of: "\(folder)/Golden/\(family).json"))
    return try #require(file["cases"]?.array)
  }

  static func numbers(_ value: JSON) throws -> [Double] {
    try #require(value["data"]?.array).map { element in
      switch element {
      case .string("inf"): .infinity
      case .string("-inf"): -.infinity
      case .string("nan"): .nan
      case .bool(let flag): flag ? 1 : 0
      default: try #require(element.number)
      }
    }
  }

  static func shape(_ value: JSON) throws -> Shape { try #require(value["shape"]?.array).compactMap(\.integer) }

  static func tensor(_ value: JSON, dtype: DType = .float32) throws -> Tensor {
    let numbers = try numbers(value)
    if value["dtype"]?.string == "int32" {
      return try Tensor(int32: numbers.map { Int32($0) }, shape: shape(value))
    }
    return try Tensor(numbers, shape: shape(value), dtype: dtype)
  }

  /// Compares as the golden README says.
  static func expectClose(
    _ got: [Double], _ want: [Double], _ name: String, relative: Double, absolute: Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(got.count == want.count, "\(name)", sourceLocation: location)
    for (g, w) in zip(got, want) {
      let same = g == w || (g.isNaN && w.isNaN) || abs(g - w) <= absolute + relative * abs(w)
      #expect(same, "\(name): \(g) instead of \(w)", sourceLocation: location)
      if !same { return }
    }
  }
}

/// One case's call taken apart.
struct GoldenCall {
  let operation: String
  let settings: [String: JSON]

  init(_ golden: JSON) throws {
    let call = try #require(golden["call"])
    operation = try #require(call["op"]?.string)
    settings = Dictionary(uniqueKeysWithValues: (call["kwargs"]?.object?.pairs ?? []).map { ($0.name, $0.value) })
  }
}
