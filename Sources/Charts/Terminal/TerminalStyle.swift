/// What a terminal can show.
public struct TerminalStyle: Equatable, Sendable {
  /// How colours are written.
  public enum Colours: Sendable {
    case none
    /// The 256 colours of most terminals.
    case indexed
    /// 24 bits.
    case full
  }

  /// Columns.
  public var width: Int
  /// Lines of one panel; nil fits the width.
  public var height: Int?
  public var colours: Colours

  /// The width is kept between 20 and 400 columns.
  public init(width: Int = 80, height: Int? = nil, colours: Colours = .none) {
    self.width = min(max(width, 20), 400)
    self.height = height.map { min(max($0, 4), 200) }
    self.colours = colours
  }

  /// A piece of text in a colour; without colours just the text.
  func painted(_ text: String, _ color: Color?, background: Color? = nil, isBold: Bool = false) -> String {
    guard colours != .none, !text.isEmpty, color != nil || background != nil || isBold else { return text }
    var codes: [String] = []
    if isBold { codes.append("1") }
    if let color { codes.append(code(color, base: 38)) }
    if let background { codes.append(code(background, base: 48)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  private func code(_ color: Color, base: Int) -> String {
    if colours == .full { return "\(base);2;\(color.red);\(color.green);\(color.blue)" }
    return "\(base);5;\(TerminalStyle.index(color))"
  }

  /// The nearest of the 256 colours: the 6×6×6 cube, or the greys.
  static func index(_ color: Color) -> Int {
    let channels = [color.red, color.green, color.blue].map(Int.init)
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: Int) -> Int { levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0 }
    let cube = channels.map(nearest)
    let cubeDistance = zip(cube, channels).reduce(0) { $0 + (levels[$1.0] - $1.1) * (levels[$1.0] - $1.1) }
    let mean = channels.reduce(0, +) / 3
    let grey = min(max((mean - 8 + 5) / 10, 0), 23)
    let greyDistance = channels.reduce(0) { $0 + (8 + 10 * grey - $1) * (8 + 10 * grey - $1) }
    return greyDistance < cubeDistance ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }

  /// The colour of an ink on a terminal, whose background is not known: the middle between its light and dark form.
  func color(_ ink: Ink) -> Color? {
    switch ink {
    case .automatic: color(.series(0))
    case .series(let index): Palette.light(index).mixed(with: Palette.dark(index), 0.5)
    case .muted: Color(0x808890)
    case .fixed(let color): color
    }
  }
}
