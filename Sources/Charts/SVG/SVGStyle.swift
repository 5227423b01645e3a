/// The style sheet inside each SVG.
///
/// Colours are custom properties, so that a page that holds the picture can set its own; each rule first names the light
/// colour itself, for viewers that do not know custom properties.
enum SVGStyle {
  static let fonts = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','DejaVu Sans',Arial,sans-serif"

  private static let colours: [(name: String, light: UInt32, dark: UInt32)] = [
    ("paper", 0xFFFFFF, 0x0D1117), ("ink", 0x1F2328, 0xE6EDF3), ("soft", 0x59636E, 0x9DA7B1),
    ("grid", 0xE4E8EC, 0x262C34), ("axis", 0x9AA4AE, 0x56606B),
  ]

  /// The sheet, with rules for the palette colours that occur only.
  static func sheet(usedSeries: Set<Int>) -> String {
    let series = usedSeries.sorted()
    var light = colours.map { "--\($0.name):\(Color($0.light).hex)" }
    var dark = colours.map { "--\($0.name):\(Color($0.dark).hex)" }
    for index in series {
      light.append("--c\(index):\(Palette.light(index).hex)")
      dark.append("--c\(index):\(Palette.dark(index).hex)")
    }
    var rules = [
      ".glia{\(light.joined(separator: ";"))}",
      "@media(prefers-color-scheme:dark){.glia{\(dark.joined(separator: ";"))}}",
      ".glia text{font-family:\(fonts)}",
      rule("t", "fill", "soft", "font-size:12px"), rule("h", "fill", "ink", "font-size:14px;font-weight:600"),
      rule("l", "fill", "ink", "font-size:12px"), rule("u", "fill", "ink", "font-size:11px"),
      rule("d", "fill", "soft", "font-size:10px"),
      rule("p", "fill", "paper"), rule("g", "stroke", "grid", "fill:none"),
      rule("a", "stroke", "axis", "fill:none"),
      rule("o", "stroke", "paper"), rule("fm", "fill", "soft"), rule("sm", "stroke", "soft", "fill:none"),
    ]
    for index in series {
      let colour = Palette.light(index).hex
      rules.append(".glia .f\(index){fill:\(colour);fill:var(--c\(index))}")
      rules.append(".glia .s\(index){fill:none;stroke:\(colour);stroke:var(--c\(index))}")
    }
    return "<style>\n\(rules.joined(separator: "\n"))\n</style>"
  }

  private static func rule(_ name: String, _ property: String, _ colour: String, _ more: String = "") -> String {
    let light = colours.first { $0.name == colour }.map { Color($0.light).hex } ?? "#000"
    return ".glia .\(name){\(property):\(light);\(property):var(--\(colour))\(more.isEmpty ? "" : ";" + more)}"
  }
}
