extension GalleryMark {
  private static let gap = 10.0
  private static let captionHeight = 18.0

  private var rows: Int { (items.count + columns - 1) / columns }
  private var hasCaptions: Bool { items.contains { !$0.caption.isEmpty } }

  /// The width of a picture: as many as there are columns fill 616 pixels, but not too large or small.
  private var side: Double {
    min(112, max(24, 616 / Double(min(columns, max(1, items.count))) - GalleryMark.gap))
  }

  /// The height of the row, by the tallest picture relative to its width.
  private var pictureHeight: Double {
    side * min(2, items.map { Double($0.image.height) / Double($0.image.width) }.max() ?? 1)
  }

  func size(titled: Bool) -> Size {
    let row = pictureHeight + GalleryMark.gap + (hasCaptions ? GalleryMark.captionHeight : 0)
    let used = Double(min(columns, max(1, items.count)))
    return Size(
      width: 24 + used * (side + GalleryMark.gap) - GalleryMark.gap,
      height: 24 + Double(max(1, rows)) * row - GalleryMark.gap + (titled ? 26 : 0))
  }

  /// Draws the pictures row by row, each fitted into its place.
  func draw(in frame: Rectangle, on canvas: inout SVGCanvas) {
    guard !items.isEmpty else { return }
    let natural = size(titled: false)
    let scale = min(frame.width / (natural.width - 24), frame.height / (natural.height - 24))
    let caption = hasCaptions ? GalleryMark.captionHeight : 0
    let cellWidth = side * scale
    let cellHeight = max(4, (pictureHeight + caption) * scale - caption)
    for (index, item) in items.enumerated() {
      let x = frame.x + Double(index % columns) * (cellWidth + GalleryMark.gap * scale)
      let y = frame.y + Double(index / columns) * (cellHeight + caption + GalleryMark.gap * scale)
      let unit = min(cellWidth / Double(item.image.width), cellHeight / Double(item.image.height))
      let width = unit * Double(item.image.width)
      let height = unit * Double(item.image.height)
      canvas.image(
        item.image, x + (cellWidth - width) / 2, y + (cellHeight - height) / 2, width, height,
        isSmooth: item.image.width > 96)
      if item.isWrong {
        let stroke = canvas.paint(.series(1), .stroke)
        canvas.rectangle(
          x + (cellWidth - width) / 2 - 1.5, y + (cellHeight - height) / 2 - 1.5, width + 3, height + 3,
          "\(stroke) stroke-width=\"2\"", rounding: 2)
      }
      let text = TextMetrics.fitted(item.caption, size: 11, width: cellWidth + GalleryMark.gap * scale - 2)
      let wrong = item.isWrong ? canvas.paint(.series(1), .fill).replacingClass : ""
      canvas.text(
        text, x + cellWidth / 2, y + cellHeight + 13, item.isWrong ? wrong : "u", anchor: .middle,
        extra: item.isWrong ? "style=\"font-size:11px;font-weight:600\"" : "")
    }
  }
}

extension String {
  /// The name inside `class="…"`.
  fileprivate var replacingClass: String {
    split(separator: "\"").dropFirst().first.map(String.init) ?? "u"
  }
}
