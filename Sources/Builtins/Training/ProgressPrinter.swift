import Interpreter
import Training

/// Tells how a training goes: a line that is redrawn where a person watches, else one line an epoch.
final class ProgressPrinter {
  private let host: HostServices
  private var lastWidth = 0

  init(_ host: HostServices) { self.host = host }

  /// Shows one event.
  func show(_ event: ProgressEvent) {
    switch event {
    case .started: break
    case .batch(let batch):
      guard host.isInteractive else { return }
      let count = batch.batches.map { "/\($0)" } ?? ""
      var line =
        "epoch \(batch.epoch)/\(batch.epochs)  batch \(batch.batch)\(count)  rate \(NumberText.short(batch.rate))"
      line += ProgressPrinter.values(batch.values)
      if let seconds = batch.secondsLeft { line += "  \(ProgressPrinter.duration(seconds)) left" }
      redraw(line)
    case .epoch(let epoch):
      var line = "epoch \(epoch.epoch)/\(epoch.epochs)" + ProgressPrinter.values(epoch.values)
      guard host.isInteractive else {
        host.report(line + "\n", isProgress: true)
        return
      }
      if let seconds = epoch.secondsLeft, seconds > 0 { line += "  \(ProgressPrinter.duration(seconds)) left" }
      redraw(line)
    case .ended(let stopped):
      if host.isInteractive {
        host.report("\n", isProgress: true)
        lastWidth = 0
      }
      if let stopped { host.report("stopped: \(stopped)\n", isProgress: true) }
    }
  }

  /// Writes a line over the last one.
  private func redraw(_ line: String) {
    let padding = String(repeating: " ", count: max(0, lastWidth - line.count))
    lastWidth = line.count
    host.report("\r" + line + padding, isProgress: true)
  }

  private static func values(_ values: [(name: String, value: Double)]) -> String {
    values.filter { $0.name != "epoch" && $0.name != "rate" }.map {
      "  \($0.name) \(NumberText.significant($0.value, digits: 4))"
    }.joined()
  }

  /// `45 s`, `3:20`, `1:02:45`.
  private static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e8)).rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}
