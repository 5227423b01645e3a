/// What a tensor remembers of its making, beside its values.
///
/// A loss asks for the logits behind a probability, so that a saturated prediction keeps its gradient; a recurrent layer
/// asks which steps are padding. Operations do not carry it on: whoever makes a tensor that deserves one attaches it.
public final class Provenance {
  /// The function that made probabilities of logits.
  public enum Link: Sendable, Equatable {
    case sigmoid
    /// The axis counts from the end: -1 is the last.
    case softmax(axis: Int)
  }

  /// The logits that the tensor is the sigmoid or softmax of.
  public var logits: (tensor: Tensor, link: Link)?
  /// One bool per step (batch × steps): false where the step is padding.
  public var mask: Tensor?

  public init(logits: (tensor: Tensor, link: Link)? = nil, mask: Tensor? = nil) {
    self.logits = logits
    self.mask = mask
  }
}
