/// Axes as users write them: negative ones count from the end.
enum Axes {
  /// An axis in 0..<rank.
  /// - Throws: an index error that names the axis and the rank.
  static func checked(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank && axis < rank else {
      let axes = rank == 1 ? "1 axis" : "\(rank) axes"
      throw TensorError(.index, "axis \(axis) does not exist: the tensor has \(axes)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// A place for a new axis: 0...rank, or negative from the end of the result.
  static func insertion(_ axis: Int, rank: Int) throws -> Int { try checked(axis, rank: rank + 1) }

  /// Sorted, distinct axes; all of them for nil.
  static func normalized(_ axes: [Int]?, rank: Int) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let sorted = try axes.map { try checked($0, rank: rank) }.sorted()
    for (a, b) in zip(sorted, sorted.dropFirst()) where a == b {
      throw TensorError(.value, "axis \(a) is given twice")
    }
    return sorted
  }
}

extension Collection where Element == Int {
  /// The number of elements of a shape, or of a part of it, that has been checked.
  var product: Int { reduce(1, &*) }
}
