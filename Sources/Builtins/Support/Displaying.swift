/// A value that is shown as a picture.
public protocol Pictured {
  var svg: String? { get }
  /// The picture in characters; nil where the value's text is better.
  func terminalText(width: Int, usesColor: Bool) -> String?
}

/// A value that is shown as a table: a header, then rows of text.
public protocol Tabulated {
  var displayedRows: [[String]] { get }
}
