/// Einstein's summation: `"bij,bjk->bik"` names the axes of each operand; names that the result lacks are summed over.
///
/// It is done by transpositions and matrix products, from left to right, so its gradient is theirs.
enum Einsum {
  /// An operand and the names of its axes.
  private struct Part {
    var tensor: Tensor
    var names: [Character]
  }

  static func evaluate(_ text: String, _ operands: [Tensor]) throws -> Tensor {
    let notation = try EinsumNotation(text, operands)
    let output = notation.output
    var parts: [Part] = []
    for (names, tensor) in zip(notation.inputs, operands) {
      parts.append(try diagonals(Part(tensor: tensor, names: names)))
    }
    parts = try withoutStretched(parts)
    try checkSizes(parts)
    var result = parts.removeFirst()
    func needed(_ rest: ArraySlice<Part>) -> Set<Character> { Set(output).union(rest.flatMap(\.names)) }
    result = try summed(result, keeping: needed(parts[...]))
    for index in parts.indices {
      let later = needed(parts[(index + 1)...])
      let next = try summed(parts[index], keeping: later.union(result.names))
      result = try contract(result, next, keeping: later)
    }
    return try result.tensor.transpose(output.map { name in result.names.firstIndex(of: name) ?? 0 })
  }

  private static func checkSizes(_ parts: [Part]) throws {
    var sizes: [Character: Int] = [:]
    for part in parts {
      for (name, size) in zip(part.names, part.tensor.shape) {
        if let other = sizes[name], other != size {
          throw TensorError(
            .shape, "einsum needs one size for each name: `\(EinsumNotation.text(name))` is \(other) and \(size)")
        }
        sizes[name] = size
      }
    }
  }

  /// Axes of an ellipsis with size 1 stretch to the size of the others': the operand does without them.
  private static func withoutStretched(_ parts: [Part]) throws -> [Part] {
    let stretched = Set(
      parts.flatMap { part in zip(part.names, part.tensor.shape).filter { $1 != 1 }.map(\.0) }
        .filter(EinsumNotation.isEllipsis))
    return try parts.map { part in
      let kept = part.names.indices.filter { part.tensor.shape[$0] != 1 || !stretched.contains(part.names[$0]) }
      guard kept.count < part.names.count else { return part }
      return Part(
        tensor: try part.tensor.reshape(kept.map { part.tensor.shape[$0] }), names: kept.map { part.names[$0] })
    }
  }

  /// A name that stands twice on one operand means its diagonal.
  private static func diagonals(_ part: Part) throws -> Part {
    var part = part
    while let (first, second) = twice(part.names) {
      let name = part.names[first]
      guard part.tensor.shape[first] == part.tensor.shape[second] else {
        throw TensorError(
          .shape,
          "einsum needs one size for each name: `\(name)` is \(part.tensor.shape[first]) and \(part.tensor.shape[second])"
        )
      }
      let others = part.names.indices.filter { $0 != first && $0 != second }
      part.tensor = try part.tensor.transpose(others + [first, second]).diagonal()
      part.names = others.map { part.names[$0] } + [name]
    }
    return part
  }

  private static func twice(_ names: [Character]) -> (Int, Int)? {
    for (second, name) in names.enumerated() {
      if let first = names.firstIndex(of: name), first < second { return (first, second) }
    }
    return nil
  }

  private static func summed(_ part: Part, keeping kept: Set<Character>) throws -> Part {
    let axes = part.names.indices.filter { !kept.contains(part.names[$0]) }
    guard !axes.isEmpty else { return part }
    return Part(tensor: try part.tensor.sum(axes: axes), names: part.names.filter(kept.contains))
  }

  /// One product: names on both sides are batches where kept, else summed over.
  private static func contract(_ a: Part, _ b: Part, keeping kept: Set<Character>) throws -> Part {
    let shared = a.names.filter(b.names.contains)
    let batch = shared.filter(kept.contains)
    let inner = shared.filter { !kept.contains($0) }
    let left = a.names.filter { !shared.contains($0) }
    let right = b.names.filter { !shared.contains($0) }
    func arranged(_ part: Part, _ groups: [[Character]]) throws -> Tensor {
      func place(_ name: Character) -> Int { part.names.firstIndex(of: name) ?? 0 }
      let order = groups.flatMap { $0 }.map(place)
      let sizes = groups[0].map { part.tensor.shape[place($0)] }
      return try part.tensor.transpose(order).reshape(
        sizes + groups.dropFirst().map { group in group.map { part.tensor.shape[place($0)] }.product })
    }
    func sizes(_ part: Part, _ names: [Character]) -> Shape {
      names.map { part.tensor.shape[part.names.firstIndex(of: $0) ?? 0] }
    }
    let product = try arranged(a, [batch, left, inner]).matmul(arranged(b, [batch, inner, right]))
    let shape = sizes(a, batch) + sizes(a, left) + sizes(b, right)
    return Part(tensor: try product.reshape(shape), names: batch + left + right)
  }
}

extension Tensor {
  /// Einstein's summation over named axes: `einsum("ij,jk->ik", [a, b])` is the matrix product; `...` stands for
  /// any further axes, aligned at their last.
  /// - Throws: value errors for a text that makes no sense, shape errors for sizes that differ.
  public static func einsum(_ text: String, _ operands: [Tensor]) throws -> Tensor {
    guard !operands.isEmpty else { throw TensorError(.value, "einsum needs at least one tensor") }
    return try Einsum.evaluate(text, operands)
  }
}
