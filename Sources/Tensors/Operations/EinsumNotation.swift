/// The text of an einsum: a name for each axis of each operand, and for those of the result.
///
/// The axes under an ellipsis get names of their own, counted from the last, so that those of several operands meet as
/// in broadcasting.
struct EinsumNotation {
  let inputs: [[Character]]
  let output: [Character]

  init(_ text: String, _ operands: [Tensor]) throws {
    let plain = text.filter { $0 != " " }
    func wrong(_ what: String) -> TensorError {
      TensorError(.value, "einsum \"\(text)\": \(what)", hint: "write it as in \"ij,jk->ik\"")
    }
    let dash = plain.firstIndex(of: "-")
    let result = dash.map { plain[$0...] }
    if let result, !result.hasPrefix("->") { throw wrong("`-` without `>`") }
    let terms = plain[..<(dash ?? plain.endIndex)].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == operands.count else {
      throw wrong("it names \(terms.count) operands, and \(operands.count) are given")
    }
    var inputs: [[Character]] = []
    var widest = 0
    for (index, term) in terms.enumerated() {
      let (before, after) = try Self.halves(term, wrong)
      let letters = before.count + (after?.count ?? 0)
      let rank = operands[index].rank
      guard after == nil ? letters == rank : letters <= rank else {
        throw TensorError(
          .shape,
          "einsum \"\(text)\": operand \(index + 1) has \(rank) axes (\(operands[index].shape.shapeText)), and \"\(term)\" names \(letters)"
        )
      }
      widest = max(widest, after == nil ? 0 : rank - letters)
      inputs.append(before + Self.ellipsis(after == nil ? 0 : rank - letters) + (after ?? []))
    }
    let all = inputs.flatMap { $0 }
    var output: [Character]
    if let result {
      let (before, after) = try Self.halves(result.dropFirst(2), wrong)
      if after != nil && !plain[..<(dash ?? plain.endIndex)].contains(".") {
        throw wrong("the result's `...` is on no operand")
      }
      output = before + (after.map { Self.ellipsis(widest) + $0 } ?? [])
    } else {
      let once = Set(all).filter { name in !Self.isEllipsis(name) && all.count { $0 == name } == 1 }
      output = Self.ellipsis(widest) + once.sorted()
    }
    for (place, name) in output.enumerated() {
      guard all.contains(name) else { throw wrong("the result's `\(name)` is on no operand") }
      guard output.firstIndex(of: name) == place else { throw wrong("the result names `\(name)` twice") }
    }
    self.inputs = inputs
    self.output = output
  }

  /// The letters before and after the ellipsis; none after where there is no ellipsis.
  private static func halves(
    _ term: Substring, _ wrong: (String) -> TensorError
  ) throws -> (before: [Character], after: [Character]?) {
    let start = term.firstIndex(of: ".")
    let before = Array(term[..<(start ?? term.endIndex)])
    let rest = start.map { term[$0...] }
    if let rest, !rest.hasPrefix("...") { throw wrong("`...` has three points") }
    let after = rest.map { Array($0.dropFirst(3)) }
    if after?.contains(".") == true { throw wrong("`...` stands once for an operand") }
    guard (before + (after ?? [])).allSatisfy(\.isLetter) else { throw wrong("axes are named by letters") }
    return (before, after)
  }

  /// Where the names of ellipses start: a private area of Unicode, which no letter is in.
  private static let firstName: UInt32 = 0xE000

  private static func ellipsis(_ count: Int) -> [Character] {
    (0..<UInt32(count)).reversed().compactMap { Unicode.Scalar(firstName + $0).map(Character.init) }
  }

  static func isEllipsis(_ name: Character) -> Bool {
    (firstName..<firstName + 0x1000).contains(name.unicodeScalars.first?.value ?? 0)
  }

  /// A name as messages show it.
  static func text(_ name: Character) -> String { isEllipsis(name) ? "..." : String(name) }
}
