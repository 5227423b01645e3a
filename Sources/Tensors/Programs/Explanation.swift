extension Program {
  /// What was compiled, what was fused, and how much memory the plan takes; a few lines for people.
  public var explanation: String {
    let done = steps.reduce(0) { $0 + $1.operationCount } - recomputedCount
    let chains = steps.filter { $0.operationCount > 1 }
    let fused = chains.reduce(0) { $0 + $1.operationCount }
    var lines = ["\(tracedCount) operations traced, \(done) left, \(steps.count) steps"]
    if !chains.isEmpty {
      lines.append("\(fused) operations fused into \(chains.count) passes over memory")
      for chain in chains.sorted(by: { $0.operationCount > $1.operationCount }).prefix(3) {
        lines.append("  \(chain.operationCount): \(chain.name)")
      }
    }
    if recomputedCount > 0 {
      lines.append("\(recomputedCount) cheap results computed again where they are read, instead of kept")
    }
    let (planned, plain) = (layout.plan.byteCount, layout.plan.unsharedByteCount)
    lines.append(
      "memory between steps: \(Limits.bytesText(planned))"
        + (plain > planned ? ", shared by values that would take \(Limits.bytesText(plain))" : ""))
    let replaced = layout.inPlace.filter { $0 != nil }.count
    if !stateSpecs.isEmpty { lines.append("\(replaced) of \(stateSpecs.count) state tensors changed in place") }
    return lines.joined(separator: "\n")
  }
}
