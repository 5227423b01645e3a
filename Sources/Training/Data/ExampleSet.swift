import Tensors

/// Data to learn from, with what one needs to know about them.
public struct ExampleSet {
  /// One row an example.
  public var x: Tensor
  /// One target a row: class numbers (int32), or numbers to predict (float32).
  public var y: Tensor
  /// What the columns of `x` mean; for a text the pieces that the numbers of `x` stand for.
  public var names: [String]
  /// What the class numbers mean; empty where the target is no class.
  public var classes: [String]
  /// What the data are, their units and their source.
  public var about: String
  /// The text itself, where the data are one.
  public var text: String?

  public init(x: Tensor, y: Tensor, names: [String], classes: [String] = [], about: String, text: String? = nil) {
    self.x = x
    self.y = y
    self.names = names
    self.classes = classes
    self.about = about
    self.text = text
  }
}
