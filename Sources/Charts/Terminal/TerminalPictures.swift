import FileFormats

/// Draws pictures and coloured cells with half blocks, or with shades where there are no colours.
struct TerminalPictures {
  let style: TerminalStyle

  private static let shades = Array(" ░▒▓█")

  /// A field of cells over the whole plot; cells with labels show them.
  func lines(_ mark: CellMark, _ resolved: ResolvedPanel, _ columns: Int, _ height: Int) -> [String] {
    guard mark.rows > 0, mark.columns > 0, mark.values.count >= mark.rows * mark.columns else { return [] }
    let isUpwards = !resolved.y.isReversed
    func value(_ line: Int, of lines: Int, _ column: Int, of columns: Int) -> Double {
      let row = min(mark.rows - 1, line * mark.rows / lines)
      let across = min(mark.columns - 1, column * mark.columns / columns)
      return mark.values[(isUpwards ? mark.rows - 1 - row : row) * mark.columns + across]
    }
    let range = mark.resolvedRange
    let span = range.upperBound / 2 - range.lowerBound / 2
    let hasLabels = mark.labels.count >= mark.rows * mark.columns && columns / mark.columns >= 3
    return (0..<height).map { line in
      if hasLabels { return labelledLine(mark, line, of: height, columns, isUpwards: isUpwards) }
      return (0..<columns).map { column in
        if style.colours == .none {
          let share = span > 0 ? (value(line, of: height, column, of: columns) / 2 - range.lowerBound / 2) / span : 0
          guard share.isFinite else { return "?" }
          return String(TerminalPictures.shades[min(4, max(0, Int(bounded: min(max(share, 0), 1) * 5)))])
        }
        let upper = mark.color(value(2 * line, of: 2 * height, column, of: columns))
        let lower = mark.color(value(2 * line + 1, of: 2 * height, column, of: columns))
        return style.painted("▀", upper, background: lower)
      }.joined()
    }
  }

  /// A line of cells with their labels in the middle of each.
  private func labelledLine(
    _ mark: CellMark, _ line: Int, of height: Int, _ columns: Int, isUpwards: Bool
  ) -> String {
    let shown = min(mark.rows - 1, line * mark.rows / height)
    let first = (shown * height + mark.rows - 1) / mark.rows
    let next = ((shown + 1) * height + mark.rows - 1) / mark.rows
    let isMiddle = line == (first + next - 1) / 2
    let row = isUpwards ? mark.rows - 1 - shown : shown
    return (0..<mark.columns).map { column in
      let width = (column + 1) * columns / mark.columns - column * columns / mark.columns
      let index = row * mark.columns + column
      let color = mark.color(mark.values[index])
      let text = TerminalText.centered(isMiddle ? mark.labels[index] : "", width)
      let ink = color.luminance > 0.32 ? Color(0x1F2328) : Color(0xFFFFFF)
      return style.painted(text, ink, background: color)
    }.joined()
  }

  /// A picture in at most so many columns and lines, its sides in proportion.
  func lines(_ image: Image, columns: Int, height: Int) -> [String] {
    let unit = min(Double(columns) / Double(image.width), Double(2 * height) / Double(image.height))
    let wide = max(1, Int(bounded: (Double(image.width) * unit).rounded(.down)))
    let high = max(1, Int(bounded: (Double(image.height) * unit / 2).rounded(.up)))
    return (0..<high).map { line in
      (0..<wide).map { column in
        let x = min(image.width - 1, column * image.width / wide)
        let upper = color(image, x, min(image.height - 1, 2 * line * image.height / (2 * high)))
        let lower = color(image, x, min(image.height - 1, (2 * line + 1) * image.height / (2 * high)))
        if style.colours == .none {
          let level = (upper.luminance + lower.luminance) / 2
          return String(TerminalPictures.shades[min(4, Int(bounded: level * 5))])
        }
        return style.painted("▀", upper, background: lower)
      }.joined()
    }
  }

  /// Small pictures beside each other, each with its caption.
  func lines(_ gallery: GalleryMark) -> [String] {
    let columns = max(1, min(gallery.columns, style.width / 8))
    let cell = max(4, min(24, style.width / columns - 1))
    var result: [String] = []
    for start in stride(from: 0, to: gallery.items.count, by: columns) {
      let row = gallery.items[start..<min(start + columns, gallery.items.count)]
      let pictures = row.map { lines($0.image, columns: cell, height: max(2, cell / 2)) }
      for line in 0..<(pictures.map(\.count).max() ?? 0) {
        result.append(
          pictures.map { picture in
            let text = line < picture.count ? picture[line] : ""
            return text + String(repeating: " ", count: max(0, cell - TerminalText.width(text)))
          }.joined(separator: " "))
      }
      if row.contains(where: { !$0.caption.isEmpty }) {
        result.append(
          row.map { item in
            style.painted(TerminalText.centered(item.caption, cell), item.isWrong ? style.color(.series(1)) : nil)
          }.joined(separator: " "))
      }
    }
    return result
  }

  private func color(_ image: Image, _ x: Int, _ y: Int) -> Color {
    let at = (y * image.width + x) * image.channels
    let pixel = image.pixels[at..<at + image.channels]
    let first = pixel[pixel.startIndex]
    guard image.channels >= 3 else { return Color(red: first, green: first, blue: first) }
    return Color(red: first, green: pixel[pixel.startIndex + 1], blue: pixel[pixel.startIndex + 2])
  }
}
