import Builtins
import Interpreter

extension DisplayedValue {
  /// A value as it is shown: tables with their rows, charts with their picture.
  init(_ value: Value, width: Int, usesColor: Bool) {
    self.init(text: value.text(.automatic))
    guard case .object(let object) = value else { return }
    if let picture = object as? Pictured {
      svg = picture.svg
      if let drawn = picture.terminalText(width: width, usesColor: usesColor) { text = drawn }
    }
    if let tabular = object as? Tabulated { table = tabular.displayedRows }
  }
}
