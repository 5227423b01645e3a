/// Finds what was probably meant by a misspelt name.
public enum Suggestion {
  /// The nearest of the candidates, nil where none is near: at most a third of the letters may differ.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard abs(letters.count - wanted.count) <= limit, !(letters.count <= 1 && letters != wanted) else { continue }
      let found = distance(wanted, letters, limit: limit)
      guard found <= limit else { continue }
      if best.map({ found < $0.distance || found == $0.distance && candidate < $0.name }) ?? true {
        best = (found, candidate)
      }
    }
    return best?.name
  }

  /// The number of letters to insert, delete, replace or swap with their neighbour; anything beyond `limit` may be
  /// given as `limit + 1`.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      if let least = row.min(), least > limit { return limit + 1 }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
