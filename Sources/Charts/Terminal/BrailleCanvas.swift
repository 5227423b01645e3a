/// Dots drawn with braille signs: each character holds two columns of four dots, and has one colour.
struct BrailleCanvas {
  let columns: Int
  let lines: Int
  private var dots: [UInt8]
  private var inks: [Ink?]

  init(columns: Int, lines: Int) {
    self.columns = max(1, columns)
    self.lines = max(1, lines)
    dots = [UInt8](repeating: 0, count: self.columns * self.lines)
    inks = [Ink?](repeating: nil, count: self.columns * self.lines)
  }

  /// Dots across.
  var width: Int { columns * 2 }
  /// Dots down.
  var height: Int { lines * 4 }

  /// Sets a dot; outside the canvas nothing happens.
  mutating func set(_ x: Int, _ y: Int, _ ink: Ink) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let cell = y / 4 * columns + x / 2
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    dots[cell] |= bits[y % 4][x % 2]
    inks[cell] = ink
  }

  /// A straight line of dots; with a pattern, dots whose step in it is false are left out.
  mutating func line(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ ink: Ink, pattern: [Bool] = [true],
    step: inout Int
  ) {
    let count = Int(bounded: min(max(abs(to.x - from.x), abs(to.y - from.y)), 20_000).rounded(.up))
    for index in 0...max(1, count) {
      let share = Double(index) / Double(max(1, count))
      let x = from.x + (to.x - from.x) * share
      let y = from.y + (to.y - from.y) * share
      if pattern[step % pattern.count], abs(x) < 1e6, abs(y) < 1e6 {
        set(Int(bounded: x.rounded(.down)), Int(bounded: y.rounded(.down)), ink)
      }
      step += 1
    }
  }

  /// One line of the canvas as text.
  func text(line: Int, _ style: TerminalStyle) -> String {
    var result = ""
    var run = ""
    var runInk: Ink?
    for column in 0..<columns {
      let cell = line * columns + column
      let sign = dots[cell] == 0 ? " " : String(Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " "))
      let ink = dots[cell] == 0 ? runInk : inks[cell]
      if ink != runInk {
        result += style.painted(run, runInk.flatMap { style.color($0) })
        run = ""
        runInk = ink
      }
      run += sign
    }
    return result + style.painted(run, runInk.flatMap { style.color($0) })
  }
}
