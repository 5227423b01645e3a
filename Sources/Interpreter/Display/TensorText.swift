import Tensors

/// Tensors as literals that can be pasted back, columns aligned.
enum TensorText {
  /// More elements than this are cut to the edges.
  static let maximumElements = 1000
  /// How many rows or columns stay at each edge.
  private static let edge = 3

  static func text(_ tensor: Tensor, style: DisplayStyle, isFull: Bool) -> String {
    guard !tensor.isAbstract else {
      AbstractRun.noteLook()
      return "<symbolic tensor \(tensor.shape.shapeText) \(tensor.dtype.name)>"
    }
    var layout = Layout(tensor: tensor, isFull: isFull)
    let literal = tensor.rank == 0 ? layout.single() : layout.literal()
    guard style == .automatic, tensor.rank > 0 else { return literal }
    let dtype = tensor.dtype == .float32 ? "" : " \(tensor.dtype.name)"
    let shape = tensor.rank == 1 ? "\(tensor.shape[0])" : tensor.shape.shapeText
    return "\(literal)  # \(shape)\(dtype)"
  }

  private struct Layout {
    let shape: Shape
    let dtype: DType
    let tensor: Tensor
    let isFull: Bool
    let isCut: Bool
    let strides: [Int]
    var texts: [Int: String] = [:]
    var width = 0

    init(tensor: Tensor, isFull: Bool) {
      shape = tensor.shape
      dtype = tensor.dtype
      self.tensor = tensor
      self.isFull = isFull
      isCut = !isFull && tensor.count > maximumElements
      var strides = Array(repeating: 1, count: shape.count)
      for axis in stride(from: shape.count - 2, through: 0, by: -1) {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
      }
      self.strides = strides
    }

    /// The element at an offset; a concrete tensor has one at each.
    private func number(_ offset: Int) -> Double { (try? tensor.element(at: offset)) ?? .nan }

    func single() -> String {
      let number = number(0)
      if dtype == .bool { return number != 0 ? "true" : "false" }
      if dtype == .int32 { return String(Int(number)) }
      if !isFull { return NumberText.short(number) }
      return dtype == .float32 ? NumberText.full(Float(number)) : NumberText.full(number)
    }

    mutating func literal() -> String {
      guard tensor.count > 0 else { return empty() }
      let shown = shownOffsets(axis: 0, from: 0)
      let format = isFull ? nil : Format(shown.map(number), dtype)
      for offset in shown {
        let number = number(offset)
        let text =
          dtype == .bool
          ? (number != 0 ? "true" : "false")
          : format?.text(number) ?? (dtype == .float32 ? NumberText.full(Float(number)) : NumberText.full(number))
        texts[offset] = text
        if shape.count > 1 { width = max(width, text.count) }
      }
      var out = ""
      write(axis: 0, from: 0, indent: 0, &out)
      return out
    }

    /// `[]` for no elements; the shape shows in the comment.
    private func empty() -> String {
      shape.count == 1 ? "[]" : "zeros(\(shape.map(String.init).joined(separator: ", ")))"
    }

    /// The positions along an axis that are shown; nil stands for the gap.
    private func positions(_ axis: Int) -> [Int?] {
      let size = shape[axis]
      guard isCut, size > 2 * edge + 1 else { return (0..<size).map { $0 } }
      return (0..<edge).map { $0 } + [nil] + ((size - edge)..<size).map { $0 }
    }

    private func shownOffsets(axis: Int, from offset: Int) -> [Int] {
      let here = positions(axis).compactMap { $0 }.map { offset + $0 * strides[axis] }
      return axis == shape.count - 1 ? here : here.flatMap { shownOffsets(axis: axis + 1, from: $0) }
    }

    private func write(axis: Int, from offset: Int, indent: Int, _ out: inout String) {
      out += "["
      let isLast = axis == shape.count - 1
      for (index, position) in positions(axis).enumerated() {
        if index > 0 {
          out += isLast ? ", " : ",\n" + String(repeating: " ", count: indent + 1)
        }
        guard let position else {
          out += "…"
          continue
        }
        let place = offset + position * strides[axis]
        if isLast {
          let text = texts[place] ?? ""
          out += String(repeating: " ", count: max(0, width - text.count)) + text
        } else {
          write(axis: axis + 1, from: place, indent: indent + 1, &out)
        }
      }
      out += "]"
    }
  }

  /// How the elements of one tensor are written: all whole, with the same few decimals, or in e-notation.
  struct Format {
    private enum Kind {
      case whole
      case decimals(Int)
      case scientific(Int)
    }
    private let kind: Kind

    init(_ numbers: [Double], _ dtype: DType) {
      var isWhole = true
      var largest = 0.0
      var smallest = Double.infinity
      var decimals = 0
      for number in numbers where number.isFinite {
        let size = number.magnitude
        if number != number.rounded() { isWhole = false }
        if size > largest { largest = size }
        if size > 0, size < smallest { smallest = size }
      }
      if isWhole, largest < 1e9 || dtype == .int32 {
        kind = .whole
        return
      }
      if largest >= 1e8 || largest > 0 && (smallest < 1e-3 && largest / smallest > 1e3 || largest < 1e-3) {
        kind = .scientific(4)
        return
      }
      for number in numbers where number.isFinite {
        decimals = max(decimals, Format.decimals(number, dtype))
      }
      kind = .decimals(decimals)
    }

    /// How many decimals a number needs: at most 4, and no more than tell it from its neighbours.
    private static func decimals(_ number: Double, _ dtype: DType) -> Int {
      var text = CFormat.fixed(number, precision: 4)
      if dtype == .float32 {
        let shortest = "\(Float(number))"
        if !shortest.contains("e"), shortest.utf8.count < text.utf8.count { text = shortest }
      }
      guard let point = text.firstIndex(of: ".") else { return 0 }
      let digits = text[text.index(after: point)...]
      return digits.count - digits.reversed().prefix { $0 == "0" }.count
    }

    func text(_ number: Double) -> String {
      guard number.isFinite else { return NumberText.nonFinite(number) }
      switch kind {
      case .whole: return NumberText.wholeText(number) ?? NumberText.short(number)
      case .decimals(let count):
        let text = Format.trimmed(CFormat.fixed(number, precision: count))
        return text == "-0" ? "0" : text
      case .scientific(let digits): return Format.scientific(number, digits)
      }
    }

    /// Without trailing zeros after the point: `0.5`, not `0.5000`.
    private static func trimmed(_ text: String) -> String {
      guard text.contains(".") else { return text }
      var text = Substring(text)
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return String(text)
    }

    private static func scientific(_ number: Double, _ digits: Int) -> String {
      if number == 0 { return "0" }
      let text = CFormat.scientific(number, precision: digits)
      guard let mark = text.firstIndex(of: "e") else { return text }
      return trimmed(String(text[..<mark])) + text[mark...]
    }
  }
}
