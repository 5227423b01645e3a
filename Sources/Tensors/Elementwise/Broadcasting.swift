/// The rule of broadcasting: NumPy's, but where the ranks differ the shorter shape must equal the trailing sizes of the
/// longer one. So `(32,) - (32, 1)`, which would silently become 32×32, is refused.
enum Broadcasting {
  /// The common shape of two operands.
  /// - Throws: a shape error that names both shapes and offers the axis to add.
  static func shape(_ a: Shape, _ b: Shape, symbol: String) throws -> Shape {
    if a == b { return a }
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    if a.count == b.count { return try sameRank(a, b, symbol: symbol) }
    let (short, long) = a.count < b.count ? (a, b) : (b, a)
    guard long.suffix(short.count).elementsEqual(short) else {
      throw rankError(a, b, short: short, long: long, symbol: symbol)
    }
    return long
  }

  private static func sameRank(_ a: Shape, _ b: Shape, symbol: String) throws -> Shape {
    var result = a
    for axis in a.indices where a[axis] != b[axis] {
      if a[axis] == 1 {
        result[axis] = b[axis]
      } else if b[axis] != 1 {
        let transposed = a.count == 2 && a[0] == b[1] && a[1] == b[0]
        throw TensorError(
          .shape,
          "\(symbol) needs shapes that fit: \(a.shapeText) and \(b.shapeText) differ in axis \(axis), \(a[axis]) against \(b[axis])",
          hint: transposed ? "`.T` of one of them has the shape of the other" : nil)
      }
    }
    return result
  }

  private static func rankError(_ a: Shape, _ b: Shape, short: Shape, long: Shape, symbol: String) -> TensorError {
    var hint = "reshape one of them so that the sizes line up"
    let added = short + [1]
    if added.count == long.count, zip(added, long).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) {
      let indices = Array(repeating: ":", count: short.count).joined(separator: ", ")
      hint = "`x[\(indices), none]` makes the \(short.shapeText) one \(added.shapeText)"
      if long == added { hint += "; or `flatten` the \(long.shapeText) one" }
    } else if short.allSatisfy({ $0 == 1 }) {
      hint = "`x[none]` adds an axis in front, or use a plain number"
    }
    return TensorError(
      .shape,
      "\(symbol) needs shapes that fit: of \(a.shapeText) and \(b.shapeText), the shorter must be the end of the longer",
      hint: hint)
  }
}

/// How the operands of one elementwise computation lie: an inner rectangle of rows × columns, in which each operand is
/// full, one value, one row or one column, and loops around it.
struct BroadcastPlan {
  var rows = 1
  var columns = 1
  /// For each operand, whether it stays put along rows and along columns.
  var fixedAlongRows: [Bool]
  var fixedAlongColumns: [Bool]
  /// Loops around the rectangle, outermost first: their sizes, and each operand's step in elements.
  var loopSizes: [Int] = []
  var loopSteps: [[Int]] = []

  /// - Parameters:
  ///   - shape: the result's.
  ///   - operands: the operands' shapes, each of which broadcasts to `shape`.
  init(shape: Shape, operands: [Shape]) {
    // Neighbouring axes along which every operand does the same are one axis.
    var sizes: [Int] = []
    var fixed: [[Bool]] = []
    for axis in shape.indices where shape[axis] != 1 {
      let pattern = operands.map { operand -> Bool in
        let own = axis - (shape.count - operand.count)
        return own < 0 || operand[own] == 1
      }
      if let last = fixed.last, last == pattern {
        sizes[sizes.count - 1] *= shape[axis]
      } else {
        sizes.append(shape[axis])
        fixed.append(pattern)
      }
    }
    let none = operands.map { _ in false }
    columns = sizes.popLast() ?? 1
    fixedAlongColumns = fixed.popLast() ?? none
    if let size = sizes.popLast(), let pattern = fixed.popLast() {
      rows = size
      fixedAlongRows = pattern
    } else {
      fixedAlongRows = operands.map { _ in true }
    }
    loopSizes = sizes
    // Steps: the elements of an operand inside each loop.
    var inside = operands.indices.map { (fixedAlongRows[$0] ? 1 : rows) * (fixedAlongColumns[$0] ? 1 : columns) }
    loopSteps = Array(repeating: [], count: sizes.count)
    for axis in sizes.indices.reversed() {
      loopSteps[axis] = operands.indices.map { fixed[axis][$0] ? 0 : inside[$0] }
      for operand in operands.indices where !fixed[axis][operand] { inside[operand] *= sizes[axis] }
    }
  }

  /// Calls `body` with each operand's offset in elements and the result's, for every turn of the loops.
  func forEachRectangle(_ body: (_ offsets: [Int], _ resultOffset: Int) throws -> Void) rethrows {
    var offsets = Array(repeating: 0, count: fixedAlongColumns.count)
    if loopSizes.isEmpty { return try body(offsets, 0) }
    guard !loopSizes.contains(0) else { return }
    var counters = Array(repeating: 0, count: loopSizes.count)
    var result = 0
    while true {
      try body(offsets, result)
      result += rows * columns
      var axis = loopSizes.count - 1
      while axis >= 0 {
        counters[axis] += 1
        for operand in offsets.indices { offsets[operand] += loopSteps[axis][operand] }
        if counters[axis] < loopSizes[axis] { break }
        for operand in offsets.indices { offsets[operand] -= loopSteps[axis][operand] * loopSizes[axis] }
        counters[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
