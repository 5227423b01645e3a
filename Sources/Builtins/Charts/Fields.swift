import Charts
import FileFormats
import Interpreter
import Tensors

/// Matrices, pictures, functions of the plane.
func registerFields(_ catalogue: inout Catalogue) {
  catalogue.chart(
    "heatmap", "x, rows = (), columns = (), values = false",
    "A matrix as coloured cells, its first row on top; `values: true` writes the numbers, `rows` and `columns` are names.",
    example: "type(heatmap([1, 2; 3, 4]))  # chart"
  ) { a, _ in
    let (values, rows, columns) = try a.matrix(0)
    return .heatmap(
      values, rows: rows, columns: columns, rowNames: try a.names(1), columnNames: try a.names(2),
      isLabelled: try a.boolean(3))
  }

  catalogue.chart(
    "image", "x",
    "A tensor (height, width) or (height, width, channels) as a picture. Grey values are stretched from the smallest to the largest.",
    example: "type(image(rand(8, 8)))  # chart"
  ) { a, _ in .image(try picture(a.tensor(0), of: "image")) }

  catalogue.chart(
    "images", "x, labels = (), columns = 8",
    """
    Pictures in rows, each with a label: a tensor (n, height, width) or (n, height, width, channels), or a list of pictures.

    Rows of 64, 784 or another square number are taken as square grey pictures.
    """, example: "type(images(rand(4, 8, 8), labels: (1, 2, 3, 4)))  # chart"
  ) { a, _ in
    let pictures = try pictures(a)
    let labels = try labelTexts(a, 1)
    guard labels.isEmpty || labels.count == pictures.count else {
      throw RuntimeError(
        .shape, "`images` wants a label for each picture, and got \(labels.count) for \(pictures.count)")
    }
    let items = pictures.enumerated().map { GalleryMark.Item(image: $1, caption: labels.isEmpty ? "" : labels[$0]) }
    return .gallery(items, columns: try a.integer(2, in: 1...100))
  }

  for name in ["contour", "surface"] {
    let what = name == "contour" ? "Lines of equal value of" : "The surface of"
    catalogue.chart(
      name, "f, x = (-1, 1), y = (-1, 1), n = 60",
      """
      \(what) a function of two numbers over a rectangle, or of a matrix of values (its first row at the lower end of y).

      `f` is called with a matrix (points, 2) where that works, else with two numbers at a time.
      """, example: "type(\(name)((x, y) -> x ^ 2 + y ^ 2, n: 5))  # chart"
    ) { a, c in
      let field = try field(&a, c)
      if name == "surface" {
        return .surface(field.values, rows: field.rows, columns: field.columns, x: field.x, y: field.y)
      }
      return .contour(field.values, rows: field.rows, columns: field.columns, x: field.x, y: field.y)
    }
  }
}

/// Values on a grid over a rectangle.
struct Field {
  var values: [Double]
  var rows: Int
  var columns: Int
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>

  /// The points of a grid, row after row from the lower end of y, as a matrix (points, 2).
  static func points(x: ClosedRange<Double>, y: ClosedRange<Double>, n: Int) throws -> Tensor {
    var points: [Double] = []
    points.reserveCapacity(2 * n * n)
    for row in 0..<n {
      for column in 0..<n {
        points.append(x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(max(1, n - 1)))
        points.append(y.lowerBound + (y.upperBound - y.lowerBound) * Double(row) / Double(max(1, n - 1)))
      }
    }
    return try Tensor(points, shape: [n * n, 2], dtype: .float32)
  }
}

private func field(_ a: inout BoundArguments, _ context: CallContext) throws -> Field {
  let (x, y) = (try a.range(1), try a.range(2))
  guard a[0].isCallable else {
    let (values, rows, columns) = try a.matrix(0)
    return Field(values: values, rows: rows, columns: columns, x: x, y: y)
  }
  let n = try a.integer(3, in: 2...1000)
  let function = a[0]
  let points = try Field.points(x: x, y: y, n: n)
  if case .object = function {
    let values = try tensorFromValue(context.call(function, .tensor(points)), of: a.function).doubles()
    guard values.count == n * n else {
      throw RuntimeError(.shape, "`\(a.function)` wants one value for each point, and got \(values.count) for \(n * n)")
    }
    return Field(values: values, rows: n, columns: n, x: x, y: y)
  }
  let coordinates = try points.doubles()
  let values = try (0..<(n * n)).map { index -> Double in
    let result = try context.call(function, .number(coordinates[2 * index]), .number(coordinates[2 * index + 1]))
    guard let number = result.asNumber else {
      throw RuntimeError(
        .type, "`\(a.function)` wants a function of two numbers that gives a number, and it gave \(result.kindText)")
    }
    return number
  }
  return Field(values: values, rows: n, columns: n, x: x, y: y)
}

/// A tensor as a picture.
private func picture(_ tensor: Tensor, of function: String) throws -> Image {
  guard tensor.rank == 2 || tensor.rank == 3 && (1...4).contains(tensor.shape[2]), tensor.count > 0 else {
    throw RuntimeError(
      .shape,
      "`\(function)` wants pictures (height, width) or (height, width, channels), and got shape \(tensor.shape.shapeText)"
    )
  }
  let values = try tensor.doubles()
  return try filing(function) {
    try Image.from(
      values, width: tensor.shape[1], height: tensor.shape[0], channels: tensor.rank == 2 ? 1 : tensor.shape[2])
  }
}

private func pictures(_ a: BoundArguments) throws -> [Image] {
  if case .list(let list) = a[0] {
    return try list.items.map { try picture(tensorFromValue($0, of: "images"), of: "images") }
  }
  var tensor = try a.tensor(0)
  if tensor.rank == 2 {
    let side = Int(Double(tensor.shape[1]).squareRoot())
    guard side * side == tensor.shape[1] else {
      throw RuntimeError(
        .shape, "`images` takes rows of a square number of values as pictures, and these have \(tensor.shape[1])",
        hint: "reshape them: reshape(x, -1, height, width)")
    }
    tensor = try tensor.reshape([tensor.shape[0], side, side])
  }
  guard tensor.rank >= 3 else { return [try picture(tensor, of: "images")] }
  return try tensor.split(parts: max(1, tensor.shape[0]), axis: 0).map { try picture($0.squeeze(0), of: "images") }
}

/// Labels as texts: a list of anything, or a tensor of numbers.
func labelTexts(_ a: BoundArguments, _ position: Int) throws -> [String] {
  if case .tensor(let tensor) = a[position] { return try tensor.doubles().map { NumberText.short($0) } }
  return try a.items(position).map { $0.text(.printed) }
}
